//! What is said of sources that a compiler of their own compiles: folders of headers, macros, flags.

use super::{paths, values};
use crate::document::{Problems, Section, Spanned};
use crate::rule::{Definition, Definitions};
use camino::Utf8PathBuf;
use indexmap::IndexMap;
use std::ops::Range;

/// `[compile]`, and the same keys of one product.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Compile {
    /// Folders of headers, relative to the project or absolute.
    pub include: Vec<Utf8PathBuf>,
    pub defines: Definitions,
    pub flags: Vec<String>,
    /// Programs, by the name of the compiler's rule: `c`.
    pub tools: IndexMap<String, String>,
    /// Where these names stand.
    pub tool_places: Vec<Range<usize>>,
}

impl Compile {
    /// These for all, then `own` for some: what is said there comes later or instead.
    #[must_use]
    pub fn with(&self, own: &Self) -> Self {
        let mut joined = self.clone();
        joined.include.extend(own.include.iter().cloned());
        let defines = own.defines.iter();
        joined
            .defines
            .extend(defines.map(|(name, value)| (name.clone(), value.clone())));
        joined.flags.extend(own.flags.iter().cloned());
        joined
    }
}

/// The keys `include`, `defines` and `flags` of a table.
pub fn keys(section: &mut Section<'_>, problems: &mut Problems) -> Compile {
    let include = section.strings("include", problems);
    let flags = section.strings("flags", problems);
    let defines = match section.table("defines", problems) {
        Some(table) => Definition::read(table, problems),
        None => Vec::new(),
    };
    for (name, _) in &defines {
        if !is_macro(&name.value) {
            problems.add_with_help(
                "config-value",
                name.span.clone(),
                "this is no name of a macro",
                "use letters, digits and `_`; what needs more belongs to `flags`",
            );
        }
    }
    refuse_empty(&flags, problems);
    Compile {
        include: paths(include, problems),
        defines: defines
            .into_iter()
            .map(|(name, value)| (name.value, value.value))
            .collect(),
        flags: values(flags),
        tools: IndexMap::new(),
        tool_places: Vec::new(),
    }
}

/// `[compile]`.
pub fn table(mut section: Section<'_>, problems: &mut Problems) -> Compile {
    let mut compile = keys(&mut section, problems);
    if let Some(tools) = section.table("tools", problems) {
        for (name, tool) in tools.pairs(problems) {
            if tool.value.is_empty() {
                let message = "this names no program";
                problems.add("config-value", tool.span, message);
            }
            compile.tool_places.push(name.span);
            compile.tools.insert(name.value, tool.value);
        }
    }
    section.finish(problems);
    compile
}

/// An empty argument is a file without a name to every compiler.
pub fn refuse_empty(flags: &[Spanned<String>], problems: &mut Problems) {
    for flag in flags.iter().filter(|flag| flag.value.is_empty()) {
        problems.add("config-value", flag.span.clone(), "a flag may not be empty");
    }
}

fn is_macro(name: &str) -> bool {
    let mut letters = name.chars();
    let first = letters.next();
    first.is_some_and(|first| first.is_ascii_alphabetic() || first == '_')
        && letters.all(|letter| letter.is_ascii_alphanumeric() || letter == '_')
}
