//! Programs that are not what they are called, and such as stand before the one that is: a linker under the name of another,
//! a script, a program that runs another one. And what else reads variables of its own: plugins, and files of specs.

use crate::desk::has;
use crate::pool::Pool;
use crate::random::Random;
use crate::scenario::Scenario;
use crate::tree::Node;
use std::sync::Arc;

/// Holds words that come before those of the command. No rule knows it.
const WORDS: &str = "ORACLE_WORDS";

/// What a program of the pool does that stands before the one in `/usr/bin` that has its name. It says of itself what
/// that one says: by running it or, where ORACLE_ANSWERS is set when it is made, by itself.
pub const AROUND: &str = r#"
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *const LINES[][2] = {
    {"ld.gold", "GNU gold (GNU Binutils) 1.16"},
    {"ld.lld", "LLD 19.1.7 (compatible with GNU linkers)"},
    {"ld", "GNU ld (GNU Binutils) 2.40"},
    {"mold", "mold 1.10.1 (compatible with GNU ld)"},
    {"gcc", "gcc (Oracle) 12.2.0"},
    {"clang", "clang version 19.1.7"},
};

int main(int count, char **words) {
    char *name = basename(strdup(words[0]));
    if (ORACLE_ANSWERS && count == 2 && !strcmp(words[1], "--version"))
        for (size_t at = 0; at < sizeof LINES / sizeof *LINES; at++)
            if (!strncmp(name, LINES[at][0], strlen(LINES[at][0])))
                return puts(LINES[at][1]) < 0;
    char **all = calloc(count + 64, sizeof *all);
    int at = 0;
    asprintf(&all[at++], "/usr/bin/%s", name);
    char *more = getenv("ORACLE_WORDS");
    for (char *word = strtok(strdup(more ? more : ""), " "); word; word = strtok(0, " "))
        all[at++] = word;
    for (int word = 1; word < count; word++)
        all[at++] = words[word];
    execv(all[0], all);
    return 127;
}
"#;

/// Names a file that the plugin adds to the link.
const INPUT: &str = "ORACLE_INPUT";

/// A plugin for linkers.
pub const PLUGIN: &str = r#"
#include <stdlib.h>

struct entry {
    int tag;
    union { int (*add_input_file)(const char *); int (*all_read)(int (*)(void)); } of;
};
static int (*add_input_file)(const char *);

static int all_read(void) {
    char *more = getenv("ORACLE_INPUT");
    return more && *more ? add_input_file(more) : 0;
}

int onload(struct entry *entry) {
    for (; entry->tag; entry++)
        if (entry->tag == 10)
            add_input_file = entry->of.add_input_file;
        else if (entry->tag == 6)
            entry->of.all_read(all_read);
    return 0;
}
"#;

/// Names the symbol that the specs define.
const SYMBOL: &str = "ORACLE_SYMBOL";

/// What may be in a file of specs.
const SPECS: &[&str] = &[
    "*link:\n+ %:getenv(ORACLE_SYMBOL =1)\n",
    "*link:\n+ --defsym=plain=1\n",
    "%include <more.specs>\n",
];

/// What may stand at a path in the place of a tool.
fn tools(pool: &Pool, path: &str) -> Vec<Node> {
    let name = path.rsplit('/').next().unwrap_or(path);
    let script = format!("#!/bin/sh\nexec /usr/bin/{name} ${WORDS} \"$@\"\n");
    let mut tools = vec![Node::program(&Arc::new(script.into_bytes()))];
    tools.extend(["around", "answers"].map(|kind| Node::program(pool.get(kind))));
    tools
}

/// Adds them to what could be put at a path; `linker`: so that other linkers could be too.
pub fn candidates(scenario: &mut Scenario, pool: &Pool, path: &str, linker: bool) {
    for node in tools(pool, path) {
        scenario.candidate(path, node);
    }
    for name in ["ld.bfd", "ld.gold"] {
        if linker && has(name) {
            scenario.candidate(path, Node::program(pool.get(name)));
        }
    }
}

/// Puts one in the place of the program that the command names, now and then, and says what variables that one reads.
pub fn place(random: &mut Random, scenario: &mut Scenario, pool: &Pool, program: &str) {
    let path = format!("tools/{program}");
    let is_linker = !program.starts_with("gcc") && !program.starts_with("clang");
    load_plugin(random, scenario, pool, is_linker);
    if program == "gcc" {
        name_variables(random, scenario);
    }
    candidates(scenario, pool, &path, is_linker);
    let words = ["-s", "-Ld3 -s", ""].map(str::to_owned);
    let values = words.into_iter().map(Some).chain([None]);
    let settings: Vec<_> = values.map(|value| (WORDS.to_owned(), value)).collect();
    scenario.settings.extend(settings.iter().cloned());
    if !random.once_in(3) {
        return;
    }
    let there = scenario.candidates.iter().filter(|(at, _)| *at == path);
    let there: Vec<Node> = there.map(|(_, node)| node.clone()).collect();
    scenario.put(&path, random.pick(&there).clone());
    // What it reads is what matters here.
    for _ in 0..3 {
        scenario.settings.extend(settings.iter().cloned());
    }
    for (name, value) in [
        (WORDS, "-s"),
        ("LD_RUN_PATH", "rl1"),
        ("LDEMULATION", "elf_i386"),
    ] {
        if random.once_in(3) {
            scenario.variables.insert(name.into(), value.into());
        }
    }
}

/// Has the linker load a plugin, now and then.
fn load_plugin(random: &mut Random, scenario: &mut Scenario, pool: &Pool, is_linker: bool) {
    if !random.once_in(5) {
        return;
    }
    let words: &[&str] = match is_linker {
        true => &["-plugin", "./plugin.so"],
        false => &["-Wl,-plugin,./plugin.so"],
    };
    for word in words {
        scenario.word(*word);
    }
    let plugin = Node::file(pool.get("plugin.so"));
    scenario.put("plugin.so", plugin.clone());
    scenario.candidate("plugin.so", plugin);
    let extra = Node::file(pool.variant("extra", 0, "o"));
    scenario.put("input.o", extra);
    for value in [Some("./input.o"), Some("none.o"), Some(""), None] {
        let value = value.map(str::to_owned);
        scenario.settings.push((INPUT.into(), value));
    }
}

/// Has gcc read specs that may name a variable, now and then.
fn name_variables(random: &mut Random, scenario: &mut Scenario) {
    if !random.once_in(4) {
        return;
    }
    scenario.word("-specs=own.specs");
    scenario.put("own.specs", Node::text(*random.pick(SPECS)));
    scenario.put("more.specs", Node::text(*random.pick(&SPECS[..2])));
    for specs in SPECS {
        scenario.candidate("own.specs", Node::text(*specs));
    }
    for specs in &SPECS[..2] {
        scenario.candidate("more.specs", Node::text(*specs));
    }
    let symbol = "--defsym=mark";
    scenario.variables.insert(SYMBOL.into(), symbol.into());
    for value in [Some(symbol), Some("--defsym=other"), None] {
        let value = value.map(str::to_owned);
        scenario.settings.push((SYMBOL.into(), value));
    }
}
