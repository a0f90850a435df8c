//! What the shipped rules of libraries say of machines, and what is made of alternatives, orders and conditions.

use super::{Libraries, shipped_libraries};
use crate::rule::{Named, Place, Rules};

#[test]
fn the_samples_of_the_shipped_libraries_hold() {
    let mut problems = Vec::new();
    for (name, file, text) in shipped_libraries() {
        let (rules, count, failures) = Rules::default()
            .check(file, text)
            .unwrap_or_else(|error| panic!("{error}: {:#?}", error.places));
        let rule = rules.libraries.get(*name);
        let rule = rule.unwrap_or_else(|| panic!("{file} has no {name}"));
        assert_eq!(rules.libraries.len(), 1, "{file} has one library");
        if count < 3 {
            problems.push(format!("{file} has {count} tests only"));
        }
        if rule.why.is_none() || rule.install.is_empty() {
            problems.push(format!("{file} does not say why, or what to install"));
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
fn shipped_libraries_need_and_follow_only_each_other() {
    let libraries = Libraries::default();
    let names: Vec<Named> = shipped_libraries()
        .iter()
        .map(|(name, ..)| Named {
            name: (*name).to_owned(),
            place: Place::default(),
        })
        .collect();
    for name in &names {
        let rule = libraries.get(&name.name).expect("it is right");
        let rule = rule.expect("it is there");
        for other in rule.needs.iter().chain(&rule.link_after) {
            assert!(names.contains(other), "{}: {}", name.name, other.name);
        }
    }
    // All of them together can be put in an order.
    let closure = libraries.closure(&names).expect("there is no cycle");
    assert_eq!(closure.members.len(), names.len());
}

fn closure(text: &str, names: &[&str]) -> Result<Vec<String>, String> {
    let rules = Rules::default().with("my.toml", text);
    let rules = rules.map_err(|error| error.places[0].message.clone())?;
    let libraries = Libraries::new(rules.libraries);
    let names: Vec<Named> = names
        .iter()
        .map(|name| Named {
            name: (*name).to_owned(),
            place: Place::default(),
        })
        .collect();
    let closure = libraries.closure(&names);
    let closure = closure.map_err(|error| error.to_string())?;
    let names = closure.members.into_iter().map(|member| member.named.name);
    Ok(names.collect())
}

#[test]
fn dependents_come_first_and_names_keep_their_order_otherwise() {
    let text = r#"
[library.a]
system = "a"
needs = ["b", "own"]
[library.b]
system = "b"
link-after = ["x", "absent"]
[library.both]
needs = ["b", "a"]
"#;
    let order = |names: &[&str]| closure(text, names).expect("an order").join(" ");
    assert_eq!(order(&["x", "y"]), "x y");
    assert_eq!(order(&["b", "a"]), "a b own");
    assert_eq!(order(&["a", "x"]), "a own x b");
    assert_eq!(order(&["both"]), "both a b own");
}

#[test]
fn what_would_come_before_itself_is_an_error() {
    let cycle = |text: &str| closure(text, &[]).expect_err("there is a cycle");
    assert_eq!(
        cycle(
            "[library.a]\nsystem = \"a\"\nneeds = [\"b\"]\n[library.b]\nsystem = \"b\"\nneeds = [\"a\"]\n"
        ),
        "libraries would have to come before each other: a → b → a"
    );
    assert_eq!(
        cycle(
            "[library.a]\nsystem = \"a\"\nneeds = [\"b\"]\nlink-after = [\"b\"]\n[library.b]\nsystem = \"b\"\n"
        ),
        "libraries would have to come before each other: a → b → a"
    );
    assert_eq!(
        cycle("[library.a]\nsystem = \"a\"\nneeds = [\"a\"]\n"),
        "the library \"a\" cannot come after itself"
    );
    // A shipped rule is part of it: libssl needs libcrypto.
    let text = "[library.crypto]\nsystem = \"crypto\"\nneeds = [\"ssl\"]\n";
    let error = closure(text, &["ssl"]).expect_err("there is a cycle");
    assert!(error.contains("ssl → crypto → ssl"), "{error}");
}
