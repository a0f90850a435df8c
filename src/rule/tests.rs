//! What the shipped rules say of command lines, and what is said of rule files that are wrong.

use super::{RuleId, Rules};

#[test]
fn the_samples_of_the_shipped_rules_hold() {
    let mut rules = Rules::shipped().unwrap_or_else(|error| panic!("{error}: {:#?}", error.places));
    let mut problems = Vec::new();
    for (file, text) in Rules::shipped_files() {
        let (same, count, failures) = rules
            .check(file, text)
            .unwrap_or_else(|error| panic!("{error}: {:#?}", error.places));
        rules = same;
        if count < 5 && *file != "rules/environments.toml" {
            problems.push(format!("{file} has {count} tests only"));
        }
        problems.extend(failures.iter().map(|failure| {
            format!(
                "{}: {}\n  {} is {:?}\n  expected {:?}",
                failure.place, failure.command, failure.what, failure.found, failure.expected
            )
        }));
    }
    assert!(problems.is_empty(), "\n{}\n", problems.join("\n"));
}

#[test]
fn a_rule_knows_where_it_is_written() {
    let rules = Rules::shipped().expect("the shipped rules are right");
    for id in rules.ids() {
        let place = rules.place(&id).expect("a rule has a place");
        let (_, text) = Rules::shipped_files()
            .iter()
            .find(|(file, _)| *file == &*place.file)
            .expect("it is a shipped file");
        let line = text.lines().nth(place.line - 1);
        assert_eq!(line, Some(format!("[{id}]").as_str()), "{place}");
        assert!(matches!(&id, RuleId::Linker(_) | RuleId::Driver(_)));
    }
}
