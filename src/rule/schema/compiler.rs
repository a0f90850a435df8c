//! `[compiler.NAME]`: a language whose files a program of its own compiles, one by one, such as C.
//!
//! Plain data: which files, which program, how it is told what, and what of a file's text a result can depend on.

use super::{Place, Variable};
use crate::rule::pattern::Pattern;
use crate::rule::text::has;
use indexmap::IndexMap;
use serde::Serialize;

/// `[compiler.NAME]`.
#[derive(Clone, Debug, Serialize)]
pub struct CompilerRule {
    #[serde(skip)]
    pub place: Place,
    /// For people: `C`.
    pub title: String,
    /// Names of the files it compiles, without their directory.
    pub patterns: Vec<Pattern>,
    /// Programs, searched in `PATH` in this order.
    pub tools: Vec<String>,
    /// Names of `[environment.NAME]` entries, whose variables this tool has too.
    pub environment: Vec<String>,
    pub variables: IndexMap<String, Variable>,
    /// Templates of the command that makes an object. A word that is one of [`CompilerRule::LISTS`] stands for several.
    pub compile: Vec<String>,
    /// Templates of the command that only reports what is wrong.
    pub check: Vec<String>,
    /// Template of one macro: `-D{name}={value}`.
    pub define: String,
    /// Template of one macro without a value.
    pub define_bare: String,
    /// Template of one directory of headers: `-I{directory}`.
    pub include: String,
    /// Words for objects that go into a shared library.
    pub position_independent: Vec<String>,
    pub optimise: Optimise,
    /// Words for the driver that links a program with such objects, after them.
    pub link: Vec<String>,
    /// Flags that are not for the user: the engine says what is made and where.
    pub refuses: Vec<RefusedFlag>,
    /// Names of files that count by their text and not by their bytes, sources included. Empty: all count by their bytes.
    pub texts: Vec<Pattern>,
    pub text: TextRule,
    /// Flags under which a result depends on more than texts.
    pub depends: Vec<DependsRule>,
    /// Words of a text that make a result differ each time.
    pub volatile: Vec<VolatileWord>,
}

impl CompilerRule {
    /// Words of [`CompilerRule::compile`] that stand for several, or for none.
    pub const LISTS: &[&str] = &[
        "{optimise}",
        "{position}",
        "{includes}",
        "{defines}",
        "{flags}",
    ];

    /// Whether it compiles a file of this name.
    pub fn compiles(&self, name: &str) -> bool {
        self.patterns.iter().any(|pattern| pattern.matches(name))
    }

    /// Whether a file of this name counts by its text.
    pub fn is_text(&self, name: &str) -> bool {
        self.texts.iter().any(|pattern| pattern.matches(name))
    }

    /// Why a flag cannot be used, if it cannot.
    pub fn refuses(&self, flag: &str) -> Option<&RefusedFlag> {
        let fits = |refused: &&RefusedFlag| refused.flags.iter().any(|it| it.matches(flag));
        self.refuses.iter().find(fits)
    }

    /// What a result depends on under these flags as far as they and the object tell, and whether on the working directory.
    pub fn depends_on(&self, flags: &[String], object: &[u8]) -> (Significance, bool) {
        let mut found = (Significance::Words, false);
        for row in &self.depends {
            let any = |patterns: &[Pattern], flag: &str| patterns.iter().any(|it| it.matches(flag));
            let fits = |flag: &String| any(&row.flags, flag) && !any(&row.except, flag);
            let mut told = row.objects.iter();
            if flags.iter().any(fits) || told.any(|it| has(object, it.as_bytes())) {
                found = (found.0.max(row.on), found.1 || row.working_directory);
            }
        }
        found
    }
}

/// Words for each `opt-level`.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Optimise {
    pub none: Vec<String>,
    pub speed: Vec<String>,
}

/// A flag that cannot be used, and why.
#[derive(Clone, Debug, Serialize)]
pub struct RefusedFlag {
    #[serde(skip)]
    pub place: Place,
    pub flags: Vec<Pattern>,
    pub why: String,
    pub remedy: String,
}

/// What of a text cannot reach a result: comments, and white space that only separates.
#[derive(Clone, Debug, Default, Serialize)]
pub struct TextRule {
    /// Each begins a comment that ends with its line.
    pub line_comments: Vec<String>,
    /// Pairs: what begins a comment, and what ends it.
    pub block_comments: Vec<(String, String)>,
    /// Each begins and ends a piece in which nothing is a comment. It ends with its line at the latest.
    pub quotes: Vec<char>,
    /// Takes the meaning from the character behind it, and joins lines at the end of one.
    pub escape: Option<char>,
    /// A quote that within a number only groups digits.
    pub digit_separator: Option<char>,
    /// Behind such a word `<` begins a name that ends with `>`.
    pub names_after: Vec<String>,
    /// A text in which one of these stands anywhere counts by its bytes.
    pub unclear: Vec<String>,
    /// A comment in which one of these stands, in whatever case, counts as it is.
    pub telling: Vec<String>,
    /// Words with which the number of a line reaches the result.
    pub lines: Vec<String>,
    /// Words with which the bytes of any file can reach the result.
    pub embeds: Vec<String>,
    /// The same, wherever they stand: in a string too.
    pub embeds_anywhere: Vec<String>,
}

/// What a result depends on, the weaker first.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, serde::Deserialize,
)]
#[serde(rename_all = "kebab-case")]
pub enum Significance {
    /// Words and what separates them.
    Words,
    /// How far each line is indented too: warnings go by it.
    Layout,
    /// The number of each line too.
    Lines,
    /// Every byte.
    Bytes,
}

/// Under some flags a result depends on more, or where the object itself tells of them.
#[derive(Clone, Debug, Serialize)]
pub struct DependsRule {
    #[serde(skip)]
    pub place: Place,
    pub flags: Vec<Pattern>,
    pub except: Vec<Pattern>,
    /// Texts in an object that tell it too, where nobody saw the flags.
    pub objects: Vec<String>,
    pub on: Significance,
    pub working_directory: bool,
    pub why: String,
}

/// Words that stand for the time.
#[derive(Clone, Debug, Serialize)]
pub struct VolatileWord {
    #[serde(skip)]
    pub place: Place,
    pub words: Vec<String>,
    /// With this variable set they stand for what it says.
    pub unless: Option<String>,
    pub why: String,
    pub remedy: String,
}
