//! Random command lines and layouts for the linker of Mach-O.

use crate::pool::{Pool, VARIANTS, stub};
use crate::random::Random;
use crate::scenario::{ROOT, Scenario};
use crate::tree::Node;

/// The words that a family begins with, and a program that it needs.
pub const FAMILIES: &[(&str, &str)] = &[("ld64.lld-19", "ld64.lld-19")];

const FOLDERS: &[&str] = &["d0", "d1", "d2"];
const FRAMEWORKS: &[&str] = &["f0", "f1"];

pub fn scenario(random: &mut Random, pool: &Pool, family: &'static str) -> Scenario {
    let mut scenario = Scenario::new(family);
    let fixed = "-arch x86_64 -platform_version macos 11.0 11.0 -dylib main.o -o app.dylib";
    scenario.word(family);
    fixed.split(' ').for_each(|word| scenario.word(word));
    scenario.outputs.push("app.dylib".into());
    scenario.put("main.o", Node::file(pool.get("main.o")));
    let path = format!("{ROOT}/tools:/usr/bin:/bin");
    scenario.variables.insert("PATH".into(), path);
    searches(random, &mut scenario);
    for name in ["foo", "bar"] {
        let mut folders: Vec<String> = FOLDERS.iter().map(|&folder| folder.to_owned()).collect();
        folders.extend(["sr/usr/lib".to_owned(), "sr/opt".to_owned()]);
        for folder in &folders {
            libraries(random, pool, &mut scenario, folder, name);
        }
        for folder in FRAMEWORKS
            .iter()
            .copied()
            .chain(["sr/System/Library/Frameworks"])
        {
            framework(random, pool, &mut scenario, folder, name);
        }
        match random.below(4) {
            0 => {
                scenario.word("-framework");
                scenario.word(name);
            }
            1 => {
                scenario.word("-weak_framework");
                scenario.word(name);
            }
            _ => scenario.word(format!(
                "{}{name}",
                random.pick(&["-l", "-weak-l", "-needed-l"])
            )),
        }
        // Something to find, mostly.
        if !random.once_in(6) {
            let archive = Node::file(pool.variant(name, random.below(VARIANTS), "a"));
            scenario.put(format!("last/lib{name}.a"), archive.clone());
            scenario.put(format!("last/{name}.framework/{name}"), archive);
            scenario.word("-Llast");
            scenario.word("-Flast");
        }
    }
    automatic(random, pool, &mut scenario);
    options(random, &mut scenario);
    for (name, value) in [
        ("ZERO_AR_DATE", "1"),
        ("RC_TRACE_DYLIB_SEARCHING", "1"),
        ("SOURCE_DATE_EPOCH", "7"),
    ] {
        scenario.settings.push((name.into(), Some(value.into())));
        scenario.settings.push((name.into(), None));
    }
    scenario.respond(random, true);
    scenario
}

fn searches(random: &mut Random, scenario: &mut Scenario) {
    for (folders, option) in [(FOLDERS, "-L"), (FRAMEWORKS, "-F")] {
        for folder in folders {
            match random.below(4) {
                0 => {}
                1 => {
                    scenario.put(format!("real_{folder}"), Node::Directory);
                    scenario.put(*folder, Node::link(format!("real_{folder}")));
                }
                _ => scenario.put(*folder, Node::Directory),
            }
            if !random.once_in(5) {
                scenario.word(format!("{option}{folder}"));
            }
        }
    }
    if random.once_in(3) {
        scenario.word("-syslibroot");
        scenario.word(format!("{ROOT}/sr"));
        if random.once_in(2) {
            scenario.word("-L/opt");
        }
    }
    if random.once_in(4) {
        scenario.word("-search_dylibs_first");
    }
}

/// Where the layout is not a link that leads elsewhere.
fn is_free(scenario: &Scenario, folder: &str) -> bool {
    !matches!(scenario.tree.get(folder), Some(Node::Link { .. }))
}

fn libraries(random: &mut Random, pool: &Pool, scenario: &mut Scenario, folder: &str, name: &str) {
    let folder = if is_free(scenario, folder) {
        folder.to_owned()
    } else {
        format!("real_{folder}")
    };
    for extension in ["tbd", "dylib", "a"] {
        let path = format!("{folder}/lib{name}.{extension}");
        if scenario.tree.contains_key(&folder) && random.once_in(5) {
            let variant = random.below(VARIANTS);
            let node = Node::file(pool.variant(name, variant, extension));
            scenario.put(&path, node);
        }
        for variant in 0..VARIANTS {
            let node = Node::file(pool.variant(name, variant, extension));
            scenario.candidate(&path, node);
        }
    }
    let so = Node::file(pool.variant(name, 0, "dylib"));
    scenario.candidate(format!("{folder}/lib{name}.so"), so);
    let thin = Node::file(pool.variant(name, 0, "thin"));
    scenario.candidate(format!("{folder}/lib{name}.a"), thin);
    for variant in 0..VARIANTS {
        let member = Node::file(pool.variant(name, variant, "o"));
        scenario.candidate(format!("{folder}/t_{name}.o"), member);
    }
    // A stub that hands on another library.
    let more = "reexported-libraries:\n  - targets: [ x86_64-macos ]\n    libraries: [ '/usr/lib/libmore.dylib' ]\n";
    let handing_on = Node::text(stub("none", &format!("/r/lib{name}.dylib"), more));
    scenario.candidate(format!("{folder}/lib{name}.tbd"), handing_on);
    for (variant, symbol) in ["foo", "bar"].iter().enumerate() {
        let text = stub(symbol, &format!("/m{variant}/libmore.dylib"), "");
        scenario.candidate(format!("{folder}/libmore.tbd"), Node::text(text));
    }
}

fn framework(random: &mut Random, pool: &Pool, scenario: &mut Scenario, folder: &str, name: &str) {
    let folder = if is_free(scenario, folder) {
        folder.to_owned()
    } else {
        format!("real_{folder}")
    };
    let base = format!("{folder}/{name}.framework");
    if scenario.tree.contains_key(&folder) && random.once_in(2) {
        let variant = random.below(VARIANTS);
        match random.below(3) {
            0 => {
                let node = Node::file(pool.variant(name, variant, "tbd"));
                scenario.put(format!("{base}/{name}.tbd"), node);
            }
            1 => {
                for (at, version) in ["A", "B"].iter().enumerate() {
                    let node = Node::file(pool.variant(name, (variant + at) % VARIANTS, "dylib"));
                    scenario.put(format!("{base}/Versions/{version}/{name}"), node);
                }
                scenario.put(format!("{base}/Versions/Current"), Node::link("A"));
                let target = format!("Versions/Current/{name}");
                scenario.put(format!("{base}/{name}"), Node::link(target));
                scenario.candidate(format!("{base}/Versions/Current"), Node::link("B"));
            }
            _ => {
                let node = Node::file(pool.variant(name, variant, "a"));
                scenario.put(format!("{base}/{name}"), node);
            }
        }
    }
    for variant in 0..VARIANTS {
        for (at, extension) in [
            (format!("{base}/{name}.tbd"), "tbd"),
            (format!("{base}/{name}"), "dylib"),
        ] {
            let node = Node::file(pool.variant(name, variant, extension));
            scenario.candidate(at, node);
        }
    }
}

/// Objects that ask for libraries themselves.
fn automatic(random: &mut Random, pool: &Pool, scenario: &mut Scenario) {
    if random.once_in(3) {
        let object = *random.pick(&["auto.o", "autoframework.o"]);
        scenario.put(object, Node::file(pool.get(object)));
        scenario.word(object);
    }
}

fn options(random: &mut Random, scenario: &mut Scenario) {
    if random.once_in(4) {
        scenario.put("order", Node::text("_foo\n_start\n"));
        scenario.candidate("order", Node::text("_start\n_foo\n"));
        scenario.word("-order_file");
        scenario.word("order");
    }
    if random.once_in(4) {
        scenario.put("exported", Node::text("_start\n"));
        scenario.candidate("exported", Node::text("_s*\n_foo\n"));
        scenario.word("-exported_symbols_list");
        scenario.word("exported");
    }
    if random.once_in(4) {
        scenario.put("blob", Node::text("one\n"));
        scenario.candidate("blob", Node::text("two\n"));
        for word in ["-sectcreate", "__DATA", "__blob", "blob"] {
            scenario.word(word);
        }
    }
    if random.once_in(4) {
        scenario.put("list", Node::text("last/libfoo.a\n"));
        scenario.candidate("list", Node::text("\n"));
        scenario.word("-filelist");
        scenario.word("list");
    }
    if random.once_in(4) {
        scenario.word("-undefined");
        scenario.word("dynamic_lookup");
    }
    if random.once_in(5) {
        scenario.word("-map");
        scenario.word("app.map");
        scenario.outputs.push("app.map".into());
    }
    if random.once_in(5) {
        scenario.word("-dependency_info");
        scenario.word("app.info");
        scenario.outputs.push("app.info".into());
    }
}
