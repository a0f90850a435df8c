//! What is found on a machine in memory, and how it is told.

use super::survey::survey;
use super::{json, text};
use crate::host::{Host, MemoryHost};
use crate::rule::Rules;

fn machine() -> MemoryHost {
    let host = MemoryHost::new();
    for (path, mode) in [
        ("/a/gcc", 0o755),
        ("/a/readme", 0o755),
        ("/b/gcc", 0o755),
        ("/b/ld.lld", 0o755),
        ("/b/ld.mold", 0o644),
        ("/c/ld.bfd", 0o755),
        ("/c/gcc", 0o755),
    ] {
        host.replace(path.into(), path.as_bytes(), mode)
            .expect("writes to memory");
    }
    host.set_variable("PATH", Some("/a:/none:/b:/a"));
    host.set_variable("COMPILER_PATH", Some("/c"));
    host
}

#[test]
fn tools_are_found_by_the_variables_that_lead_to_them() {
    let rules = Rules::shipped().expect("the shipped rules are right");
    let host = machine();
    host.set_variable("LLD_REPRODUCE", Some("x.tar"));
    let survey = survey(&host, &rules);
    let found: Vec<String> = survey
        .tools
        .iter()
        .flat_map(|tool| {
            tool.names.iter().map(|name| {
                let shadowed = if name.shadowed { " shadowed" } else { "" };
                format!("{} {} {}{shadowed}", tool.rule, name.path, name.variable)
            })
        })
        .collect();
    assert_eq!(
        found,
        [
            "driver.gcc /a/gcc PATH",
            "driver.gcc /b/gcc PATH shadowed",
            "linker.bfd /c/ld.bfd COMPILER_PATH",
            "linker.lld /b/ld.lld PATH",
        ]
    );
    assert_eq!(survey.forbidding.len(), 1);
    assert_eq!(survey.forbidding[0].name, "LLD_REPRODUCE");
}

#[test]
fn people_read_eighty_columns_and_machines_lines() {
    let rules = Rules::shipped().expect("the shipped rules are right");
    let survey = survey(&machine(), &rules);
    let told = text::text(&survey, &rules);
    for line in told.lines() {
        assert!(line.chars().count() <= 80, "{line}");
    }
    assert!(told.starts_with("Observation does not work here"), "{told}");
    assert!(told.contains("--build-id=uuid"), "{told}");
    let lines = json(&survey);
    let last = lines.lines().last().expect("there is a last line");
    let last: serde_json::Value = serde_json::from_str(last).expect("it is JSON");
    assert_eq!(last["reason"], "doctor-finished");
    assert_eq!(last["observation"], false);
}
