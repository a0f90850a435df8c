//! Random command lines and layouts for the linker of COFF.

use crate::pool::{Pool, VARIANTS};
use crate::random::Random;
use crate::scenario::{ROOT, Scenario};
use crate::tree::Node;

/// The words that a family begins with, and a program that it needs.
pub const FAMILIES: &[(&str, &str)] = &[("lld-link-19", "lld-link-19")];

const FOLDERS: &[&str] = &["", "d0", "d1", "d2", "e0", "e1"];

pub fn scenario(random: &mut Random, pool: &Pool, family: &'static str) -> Scenario {
    let mut scenario = Scenario::new(family);
    scenario.word(family);
    let fixed = "/subsystem:console /entry:start /out:app.exe";
    fixed.split(' ').for_each(|word| scenario.word(word));
    scenario.outputs.push("app.exe".into());
    if random.once_in(12) {
        scenario.may_decline.push("argument");
    } else {
        scenario.word(*random.pick(&["/Brepro", "-brepro"]));
    }
    let main = *random.pick(&["main.obj", "asks.obj", "asksbare.obj"]);
    scenario.put(main, Node::file(pool.get(main)));
    scenario.word(main);
    let path = format!("{ROOT}/tools:/usr/bin:/bin");
    scenario.variables.insert("PATH".into(), path);
    for folder in &FOLDERS[1..] {
        if !random.once_in(4) {
            scenario.put(*folder, Node::Directory);
        }
    }
    for folder in ["d0", "d1", "d2"] {
        match random.below(6) {
            0 => {}
            1 => scenario.word(format!("-libpath:{folder}")),
            _ => scenario.word(format!("/libpath:{folder}")),
        }
    }
    for name in ["foo", "bar"] {
        libraries(random, pool, &mut scenario, name);
    }
    match random.below(4) {
        0 => scenario.word("/defaultlib:foo"),
        1 => scenario.word("/defaultlib:foo.lib"),
        _ if main == "main.obj" => scenario.word("foo.lib"),
        _ => {}
    }
    scenario.word(*random.pick(&[
        "bar.lib",
        "bar.lib",
        "/defaultlib:bar",
        "/wholearchive:bar.lib",
    ]));
    options(random, &mut scenario);
    variables(random, &mut scenario);
    scenario.respond(random, true);
    scenario
}

fn libraries(random: &mut Random, pool: &Pool, scenario: &mut Scenario, name: &str) {
    const KINDS: &[&str] = &["lib", "import", "thin"];
    let in_folder = |folder: &str, file: &str| {
        if folder.is_empty() {
            file.to_owned()
        } else {
            format!("{folder}/{file}")
        }
    };
    for folder in FOLDERS {
        let path = in_folder(folder, &format!("{name}.lib"));
        let there = folder.is_empty() || scenario.tree.contains_key(*folder);
        if there && random.once_in(4) {
            let kind = random.pick(KINDS);
            let variant = random.below(VARIANTS);
            scenario.put(&path, Node::file(pool.variant(name, variant, kind)));
            if *kind == "thin" {
                let member = Node::file(pool.variant(name, variant, "obj"));
                scenario.put(in_folder(folder, &format!("t_{name}.obj")), member);
            }
        }
        for variant in 0..VARIANTS {
            for kind in KINDS {
                let node = Node::file(pool.variant(name, variant, kind));
                scenario.candidate(&path, node);
            }
            let member = Node::file(pool.variant(name, variant, "obj"));
            scenario.candidate(in_folder(folder, &format!("t_{name}.obj")), member.clone());
            scenario.candidate(in_folder(folder, &format!("{name}.obj")), member);
        }
    }
    // Something to find, mostly.
    if !random.once_in(6) {
        let variant = random.below(VARIANTS);
        let node = Node::file(pool.variant(name, variant, "lib"));
        scenario.put(format!("last/{name}.lib"), node);
        if name == "bar" {
            scenario.word("/libpath:last");
        }
    }
}

fn options(random: &mut Random, scenario: &mut Scenario) {
    if random.once_in(6) {
        scenario.word("/nodefaultlib:foo.lib");
    }
    if random.once_in(5) {
        scenario.put("app.def", Node::text("EXPORTS\nstart\n"));
        scenario.candidate("app.def", Node::text("EXPORTS\nstart\nfoo\n"));
        scenario.word("/def:app.def");
        scenario.word("/implib:app.lib");
        scenario.outputs.push("app.lib".into());
    }
    if random.once_in(5) {
        scenario.put("order", Node::text("start\n"));
        scenario.candidate("order", Node::text("foo\nstart\n"));
        scenario.word("/order:@order");
    }
    if random.once_in(5) {
        scenario.word("/map:app.map");
        scenario.outputs.push("app.map".into());
    }
    if random.once_in(4) {
        scenario.word(*random.pick(&["/dll", "/lldignoreenv", "/force:unresolved", "/opt:noref"]));
    }
}

fn variables(random: &mut Random, scenario: &mut Scenario) {
    if random.once_in(2) {
        let value = *random.pick(&["e0;e1", "e1;e0", "e1"]);
        scenario.variables.insert("LIB".into(), value.into());
    }
    for (name, values) in [
        ("LIB", &["e0;e1", "e1", "", "d2;e0"][..]),
        ("LINK", &["/libpath:e0", "", "bar.lib"][..]),
        ("_LINK_", &["/libpath:e1", "/opt:noref"][..]),
        ("SOURCE_DATE_EPOCH", &["7", ""][..]),
        ("VCToolsInstallDir", &["e0", ""][..]),
    ] {
        for value in values {
            scenario.settings.push((name.into(), Some((*value).into())));
        }
        scenario.settings.push((name.into(), None));
    }
    for name in ["cl.exe", "link.exe"] {
        scenario.candidate(
            format!("tools/{name}"),
            Node::program(&std::sync::Arc::new(Vec::new())),
        );
    }
}
