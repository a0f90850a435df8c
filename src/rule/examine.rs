//! What a command line means: its outputs, what keeps it from being cached, and what the linker is told.
//!
//! A driver's line is read twice: once as the driver's, and what it hands on once more as that of the linker it selects,
//! whose rule then holds for `-Wl,` arguments too. Knows no option by name; the rules do.

mod driver;
mod grammar;
mod key;
mod output;
mod response;

pub use response::{gnu_words, windows_words};

use super::schema::*;
use super::{RuleId, Rules};
use crate::digest::Digest;
use grammar::{Grammar, Read};
use output::{first_input, output, side_outputs};

/// A command line, and the world as far as it is asked for.
pub struct Line<'a> {
    /// Without the program.
    pub args: &'a [String],
    pub variable: &'a dyn Fn(&str) -> Option<String>,
    /// The bytes of a response file, whose path is as spelled; `None` where there is none.
    pub response: &'a mut dyn FnMut(&str) -> Option<Vec<u8>>,
}

/// What came of it. Paths are as spelled.
#[derive(Clone, Debug, Default)]
pub struct Examined {
    /// Why this is no link: the argument that asks for something else, or `no input`. `None`: it is one.
    pub instead: Option<String>,
    /// Whether some input is compiled first.
    pub compiles: bool,
    pub output: String,
    /// What may be written besides.
    pub side_outputs: Vec<SideOutput>,
    /// Each in the order in which it was asked for.
    pub responses: Vec<ResponseFile>,
    /// What forbids caching.
    pub declines: Vec<Decline>,
    /// Arguments that remove the cause of some of `declines`, where Kiln writes the command line.
    pub fixes: Vec<String>,
    /// The arguments for the key: random parts replaced, so that they are the same for the same link.
    pub key: Vec<String>,
    /// What was replaced.
    pub volatile: Vec<Volatile>,
    /// What the linker is told, in order, response files expanded: the modelled way works from it.
    pub words: Vec<Word>,
    /// Options for the linker that its rule does not know: the modelled way declines these.
    pub unknown: Vec<String>,
    /// The linker's rule; the rule itself if it is a linker's.
    pub linker: String,
    /// How the line selects a linker, as spelled: `-fuse-ld=lld`.
    pub selected_by: Option<String>,
    /// What the output depends on besides arguments, files and variables.
    pub depends: Vec<Dependence>,
    /// The rules that this rests on.
    pub consulted: Vec<Consulted>,
}

/// Another file that the tool may write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SideOutput {
    pub kind: String,
    pub path: String,
    pub holds: Holds,
    /// What makes the tool write it; empty if it does so unasked.
    pub argument: String,
}

/// A response file among the arguments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResponseFile {
    pub path: String,
    /// An absent one is an input whose name begins with `@`, or an error; either way its absence counts.
    pub found: bool,
}

/// Why a link is not cached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decline {
    /// The argument, or `NAME=value` for a variable; empty if something is lacking.
    pub argument: String,
    /// A clause: `it asks for a random number in the output`.
    pub why: String,
    /// An instruction: `use --build-id=sha1`.
    pub remedy: String,
    pub place: Place,
}

/// An argument with a random part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Volatile {
    /// As spelled.
    pub argument: String,
    /// As in the key.
    pub normal: String,
    /// The path in it, as spelled.
    pub path: String,
    /// The path, as in the key: what is recorded of the path is recorded under this name.
    pub normal_path: String,
    pub holds: Holds,
    pub place: Place,
}

/// One thing that the linker is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    pub does: Does,
    /// The value; the argument itself for an input, empty for an option without value.
    pub value: String,
    /// What follows the first value of an option that takes several.
    pub rest: Vec<String>,
    /// See [`OptionRule::set`].
    pub set: Option<String>,
    /// The option as spelled, without a value that is an argument of its own.
    pub argument: String,
}

/// A rule, where it is written, and what it said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Consulted {
    pub id: RuleId,
    pub place: Place,
    pub digest: Digest,
}

impl Rules {
    /// What the command line means to the tool; nothing but an empty answer where there is no such rule.
    pub fn examine(&self, id: &RuleId, line: &mut Line<'_>) -> Examined {
        let mut examined = Examined::default();
        let Some(tool) = self.tool(id) else {
            return examined;
        };
        let (args, first) = with_more_arguments(tool, line);
        let expanded = response::expand(&args, &tool.response, line.response);
        examined.responses.extend(expanded.files.iter().cloned());
        let grammar = Grammar::new(tool);
        let read = grammar.read(expanded.words.iter().map(String::as_str));
        key::fill(&mut examined, tool, &expanded, line.args, first);
        self.decline_variables(tool, line, &mut examined);
        self.consult(id, &mut examined);
        examined.declines.extend(declines(&read));
        examined.depends = tool.depends.clone();

        match id {
            RuleId::Linker(name) => {
                examined.linker.clone_from(name);
                examined.output = output(tool, &read, None);
                examined.instead = instead(&read);
                self.read_as_linker(tool, read, line, &mut examined, None);
            }
            RuleId::Driver(name) => {
                if let Some(driver) = self.drivers.get(name) {
                    self.read_as_driver(driver, read, line, &mut examined);
                }
            }
        }
        examined
    }

    /// What holds for a linker's arguments, whoever gives them. `argument` is how a driver is told one.
    fn read_as_linker(
        &self,
        tool: &ToolRule,
        read: Vec<Read<'_>>,
        line: &Line<'_>,
        examined: &mut Examined,
        argument: Option<&str>,
    ) {
        let first = first_input(&read).to_owned();
        let written = side_outputs(tool, &read, &examined.output, &first);
        for side in written {
            if !examined.side_outputs.contains(&side) {
                examined.side_outputs.push(side);
            }
        }
        for requirement in &tool.requires {
            let given = read.iter().any(|read| {
                let mut forms = requirement.arguments.iter();
                forms.any(|form| grammar::spells(tool.style, form, read.argument))
            });
            let mut variables = requirement.variables.iter();
            if given || variables.any(|name| (line.variable)(name).is_some()) {
                continue;
            }
            examined.declines.push(Decline {
                argument: String::new(),
                why: requirement.why.clone(),
                remedy: requirement.remedy.clone(),
                place: requirement.place.clone(),
            });
            let fix = requirement.fix.iter().map(|fix| match argument {
                Some(argument) => argument.replace("{}", fix),
                None => fix.clone(),
            });
            examined.fixes.extend(fix);
        }
        for read in read {
            if read.option.is_none() && read.does == Does::Flag {
                examined.unknown.push(read.argument.to_owned());
                continue;
            }
            examined.words.push(Word {
                does: read.does,
                value: read.value.to_owned(),
                rest: read.rest.iter().map(|value| (*value).to_owned()).collect(),
                set: read.option.and_then(|option| option.set.clone()),
                argument: read.argument.to_owned(),
            });
        }
    }

    /// Of the linkers that may stand behind a driver, only those that the line may mean can be disturbed.
    fn decline_variables(&self, tool: &ToolRule, line: &Line<'_>, examined: &mut Examined) {
        for (name, variable) in self.own_environment(tool).forbidding() {
            let Some(value) = (line.variable)(name) else {
                continue;
            };
            examined.declines.push(Decline {
                argument: format!("{name}={value}"),
                why: variable.why.clone(),
                remedy: match &variable.remedy {
                    Some(remedy) => remedy.clone(),
                    None => format!("unset {name}"),
                },
                place: variable.place.clone(),
            });
        }
    }

    fn consult(&self, id: &RuleId, examined: &mut Examined) {
        if let Some(place) = self.place(id) {
            examined.consulted.push(Consulted {
                id: id.clone(),
                place: place.clone(),
                digest: self.digest(id),
            });
        }
    }
}

/// The arguments, with those that variables hold, and how many of these come first.
fn with_more_arguments(tool: &ToolRule, line: &Line<'_>) -> (Vec<String>, usize) {
    let more = &tool.more_arguments;
    let mut forms = more.unless.iter();
    let ignored = forms.any(|form| {
        let mut args = line.args.iter();
        args.any(|arg| grammar::spells(tool.style, form, arg))
    });
    let words = |name: &Option<String>| {
        let text = name.as_ref().filter(|_| !ignored);
        let text = text.and_then(|name| (line.variable)(name));
        text.map(|text| response::words(&text, tool.response.quoting))
            .unwrap_or_default()
    };
    let mut args = words(&more.before);
    let first = args.len();
    args.extend(line.args.iter().cloned());
    args.extend(words(&more.after));
    (args, first)
}

fn declines(read: &[Read<'_>]) -> Vec<Decline> {
    let mut declines = Vec::new();
    for read in read {
        let Some(option) = read.option else { continue };
        let Some(refusal) = &option.declines else {
            continue;
        };
        let mut when = refusal.when.iter();
        if refusal.when.is_empty() || when.any(|pattern| pattern.matches(read.value)) {
            declines.push(Decline {
                argument: read.spelled(),
                why: refusal.why.clone(),
                remedy: refusal.remedy.clone(),
                place: option.place.clone(),
            });
        }
    }
    declines
}

/// Why the line is no link.
fn instead(read: &[Read<'_>]) -> Option<String> {
    if let Some(read) = read.iter().find(|read| read.does == Does::NoLink) {
        return Some(read.spelled());
    }
    let some = read.iter().any(|read| {
        use Does::{ExactLibrary, FileList, Framework, Input, Library, Script};
        matches!(
            read.does,
            Input | Library | ExactLibrary | FileList | Script | Framework
        ) || read.does == Does::ForLinker
            || read.does == Does::ForLinkerList
    });
    (!some).then(|| "no input".to_owned())
}
