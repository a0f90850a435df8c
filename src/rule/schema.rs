//! What a rule can say: plain data, as it stands in the rule files. Knows neither TOML nor any linker.
//!
//! Each type is serialised into the digest of its rule, so a change of any word that can change an answer, or what people
//! are told, changes the digest; the place of a rule in its file does not.

mod action;
mod compiler;
mod function;
mod library;

pub use action::ActionRule;
pub use compiler::{
    CompilerRule, DependsRule, Optimise, RefusedFlag, Significance, TextRule, VolatileWord,
};
pub use function::FunctionsRule;
pub use library::*;

use super::pattern::{Form, Pattern};
use indexmap::IndexMap;
use serde::Serialize;
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

pub use super::search::{
    Candidates, Directory, Framework, Needed, Order, Outcome, Prefixes, ScriptSearch, Search,
    State, Unsuitable,
};

/// Where an entry is written; messages show it as `rules/linkers/lld.toml:12`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    pub file: Arc<str>,
    /// Counted from 1.
    pub line: usize,
    /// In bytes of the file.
    pub span: Range<usize>,
}

/// A name and where it is written.
#[derive(Clone, Debug, Serialize)]
pub struct Named {
    pub name: String,
    #[serde(skip)]
    pub place: Place,
}

impl PartialEq for Named {
    /// Wherever it is written.
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Named {}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file, self.line)
    }
}

/// `[linker.NAME]`: a linker, called on its own or by a driver.
#[derive(Clone, Debug, Serialize)]
pub struct LinkerRule {
    #[serde(skip)]
    pub place: Place,
    pub tool: ToolRule,
    pub search: Search,
    /// The linker's own report of what it read; `None` if it has none.
    pub report: Option<Report>,
}

/// `[driver.NAME]`: a compiler's command that runs a linker.
#[derive(Clone, Debug, Serialize)]
pub struct DriverRule {
    #[serde(skip)]
    pub place: Place,
    pub tool: ToolRule,
    pub linkers: Linkers,
}

/// What linkers and drivers have in common.
#[derive(Clone, Debug, Serialize)]
pub struct ToolRule {
    /// For people: `LLVM's linker for ELF`.
    pub title: String,
    pub recognise: Recognise,
    pub style: Style,
    /// Names of `[environment.NAME]` entries, whose variables this tool has too.
    pub environment: Vec<String>,
    pub variables: IndexMap<String, Variable>,
    /// Where the output goes if no option says so: a template with `{first}`.
    pub default_output: String,
    pub options: Vec<OptionRule>,
    pub response: Response,
    /// Files that may be written whatever the options say.
    pub side_outputs: Vec<SideOutputRule>,
    pub volatile: Vec<VolatileRule>,
    pub requires: Vec<Requirement>,
    /// What the bytes of the output depend on besides arguments, files and variables.
    pub depends: Vec<Dependence>,
    /// Variables that hold more arguments.
    pub more_arguments: MoreArguments,
    /// Ends of the names of inputs that the tool compiles before it links.
    pub compiles: Vec<String>,
    /// Programs that it runs besides itself and, for a driver, its linkers; see [`Rules::runs`](super::Rules::runs).
    pub runs: Vec<String>,
    /// Texts by which a file that it reads makes it read variables, which are named there.
    pub reads_variables: Vec<String>,
    /// Whether it opens its old output without reading it: to write all of it anew without making a file, or to keep it
    /// while it is removed.
    pub opens_output: bool,
}

/// `[environment.NAME]`: variables that several tools have in common.
#[derive(Clone, Debug, Serialize)]
pub struct EnvironmentRule {
    #[serde(skip)]
    pub place: Place,
    pub variables: IndexMap<String, Variable>,
    /// Programs that read them, and that a tool which has them runs.
    pub runs: Vec<String>,
    /// Libraries that read no others, and that a tool which has them may load while it runs: patterns for file names.
    pub loads: Vec<Pattern>,
}

/// How a program is known. Patterns are for file names without their directory.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Recognise {
    pub names: Vec<Pattern>,
    /// A program that is called by, or really has, such a name is something else, though `names` fits too.
    pub except: Vec<Pattern>,
    /// For the first line of what `--version` prints: whether a program is what its name says, and what it is where no
    /// name tells.
    pub version: Vec<Pattern>,
    /// Values of a first argument `-flavor`, for a program that is several linkers.
    pub flavors: Vec<String>,
    /// Names of such a program, of which only the argument tells which linker it is.
    pub many: Vec<Pattern>,
}

/// How options are spelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Style {
    /// What begins with two dashes may begin with one, except where an `o` follows, which is `-o`.
    Gnu,
    /// Options are spelled as in the rule only.
    Exact,
    /// `/NAME` or `-NAME`, letters of either case up to the first `:`.
    Msvc,
}

/// A variable of the environment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Variable {
    #[serde(skip)]
    pub place: Place,
    pub role: VariableRole,
    pub why: String,
    /// For [`VariableRole::Forbids`].
    pub remedy: Option<String>,
}

/// What becomes of a variable. One that no rule names is not given to the tool.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum VariableRole {
    /// Given, and not recorded: it cannot change the output.
    Ignored,
    /// Not given, although the tool would read it.
    Withheld,
    /// Given. The tool does nothing with it but look for files in the directories it names, and every look is observed.
    /// It counts by its value, unless whoever records it shows that all names that were looked for in these directories
    /// are the same files under another value.
    SearchPath,
    /// Given; its value counts, unset and empty being two different ones.
    Value,
    /// Given; its value counts, and it names code that is loaded into the tool. While it is set to something, nobody knows
    /// which variables are read.
    Loads,
    /// Given; while it is set, nothing is cached.
    Forbids,
}

/// One option, or several spellings of it.
#[derive(Clone, Debug, Serialize)]
pub struct OptionRule {
    #[serde(skip)]
    pub place: Place,
    pub forms: Vec<Form>,
    pub does: Does,
    /// For [`Does::SideOutput`].
    pub side_output: Option<SideOutputRule>,
    /// For [`Does::State`]: `static`, `dynamic`, `push`, `pop`; for [`Does::Select`]: the linker's rule, where the option
    /// itself says so.
    pub set: Option<String>,
    /// Another default output, such as that of a DLL.
    pub default_output: Option<String>,
    pub declines: Option<Refusal>,
    pub why: Option<String>,
}

/// What an option does, as far as a cache has to know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Does {
    /// Nothing but change the output, by itself.
    Flag,
    /// As [`Does::Flag`], with a value that names no file.
    Value,
    /// Names the output.
    Output,
    /// Makes the tool write another file.
    SideOutput,
    /// Names an object or archive, as an argument without an option does.
    Input,
    /// Names a file that is read as text, such as a version script.
    Text,
    /// Names a linker script, which may be searched for.
    Script,
    /// Names a file with more inputs, one a line.
    FileList,
    /// A directory to search for libraries.
    Search,
    /// A library to search for.
    Library,
    /// A library to search for by its exact file name.
    ExactLibrary,
    /// A library that is used only for what is still undefined.
    DefaultLibrary,
    FrameworkSearch,
    Framework,
    Sysroot,
    /// A directory to search for what shared libraries need.
    NeededSearch,
    /// Whether shared libraries may be taken for what follows.
    State,
    /// `.so` or the like is looked for in all directories before any archive is.
    SharedFirst,
    /// The tool's own directories are not searched.
    NoDefaults,
    /// A shared object that the linker loads into itself.
    Plugin,
    /// The tool does something else than link.
    NoLink,
    /// A driver's: the value is for the linker, several separated by commas.
    ForLinkerList,
    /// A driver's: the value is one argument for the linker.
    ForLinker,
    /// A driver's: option and value go to the linker as they are.
    Forwarded,
    /// A driver's: selects the linker by name.
    Select,
    /// A driver's: selects the linker by its path.
    SelectPath,
    /// A driver's: where programs and start files are looked for.
    Programs,
    /// A driver's: the target.
    Target,
}

/// Why a link is not cached, and what to do about it.
#[derive(Clone, Debug, Serialize)]
pub struct Refusal {
    /// Only for values like these; empty: for all.
    pub when: Vec<Pattern>,
    /// A clause: `it asks for a random number in the output`.
    pub why: String,
    /// An instruction: `use --build-id=sha1`.
    pub remedy: String,
}

/// Another file that is written.
#[derive(Clone, Debug, Serialize)]
pub struct SideOutputRule {
    /// Two side outputs with the same kind are one: what the command line names wins over what is only a default.
    pub kind: String,
    /// A template: `{}` is the option's value, `{output}` the output, `{stem}` the output without its extension.
    pub path: String,
    pub holds: Holds,
    /// Whether this is a place that another option can change.
    pub default: bool,
}

/// What a path of a side output or of a random name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Holds {
    /// A file that is written.
    Output,
    /// A file that is read: its bytes belong to the key, not its name.
    Input,
    /// A directory; what is in it belongs to the key, or is written.
    Directory,
    /// Several files: the path is a pattern.
    Pattern,
}

/// `@file` among the arguments.
#[derive(Clone, Debug, Serialize)]
pub struct Response {
    /// Whether `@file` in a response file is one too.
    pub nested: bool,
    pub absent: AbsentResponse,
    pub quoting: Quoting,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum AbsentResponse {
    /// The argument is the name of an input that begins with `@`.
    Literal,
    Error,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Quoting {
    /// A backslash takes the next character as it is.
    Gnu,
    /// A backslash is one, except before a double quote.
    Windows,
}

/// Variables with arguments, quoted as in response files.
#[derive(Clone, Debug, Default, Serialize)]
pub struct MoreArguments {
    /// Its arguments precede those of the command line.
    pub before: Option<String>,
    /// Its arguments follow them.
    pub after: Option<String>,
    /// With any of these on the command line neither is read.
    pub unless: Vec<Form>,
}

/// Part of an argument that differs from run to run and means the same: each `?` of the path stands for a random letter
/// or digit, and the key holds a `?` in its place.
#[derive(Clone, Debug, Serialize)]
pub struct VolatileRule {
    #[serde(skip)]
    pub place: Place,
    /// What precedes the path in the argument. An empty one is the argument itself, or a value that stands alone.
    pub after: Vec<String>,
    pub path: Pattern,
    pub holds: Holds,
    pub why: String,
}

/// Something must be among the arguments or in the environment, or the link cannot be repeated.
#[derive(Clone, Debug, Serialize)]
pub struct Requirement {
    #[serde(skip)]
    pub place: Place,
    /// Any of these arguments satisfies it.
    pub arguments: Vec<Form>,
    /// Any of these variables, set to something, satisfies it.
    pub variables: Vec<String>,
    pub why: String,
    pub remedy: String,
    /// Arguments that satisfy it, to be added where Kiln writes the command line.
    pub fix: Vec<String>,
}

/// What the output depends on besides arguments, files and variables.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Dependence {
    OutputName,
    WorkingDirectory,
}

/// A driver's linkers.
#[derive(Clone, Debug, Serialize)]
pub struct Linkers {
    /// The rule that holds where the command line selects none.
    pub default: String,
    /// How the driver is told an argument for the linker: `-Wl,{}`.
    pub argument: String,
    /// Values of the selecting option, and the rules that hold then.
    pub named: IndexMap<String, String>,
    /// Rules of linkers that may stand behind it by no name of their own: as `ld` in a directory that is searched.
    pub others: Vec<String>,
    /// For targets like these the linker is this one, whatever its name. The first that fits counts.
    pub targets: Vec<TargetLinker>,
}

#[derive(Clone, Debug, Serialize)]
pub struct TargetLinker {
    pub target: Pattern,
    pub linker: String,
    /// Where the output goes if no option says so.
    pub default_output: Option<String>,
    /// What the driver makes of a directory of `-L`, where the linker is told in another way.
    pub search: Option<String>,
    /// What it makes of a library of `-l`.
    pub library: Option<String>,
}

/// The linker's own report of what it read.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    #[serde(skip)]
    pub place: Place,
    /// Arguments that ask for it; `{}` is the file, if it is written to one.
    pub flag: Vec<String>,
    pub format: ReportFormat,
    /// What it leaves out although it was read.
    pub omits: Vec<ReportGap>,
    /// What it lists although it is no such path.
    pub misnames: Vec<ReportGap>,
    /// Whether a failed link leaves one too.
    pub on_failure: OnFailure,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReportFormat {
    /// A Makefile rule, names as they are, one a line.
    DepfileRaw,
    /// A Makefile rule, names as they are, with spaces between them on one line.
    DepfileRawOneLine,
    /// A Makefile rule in which spaces, `#` and `$` are escaped.
    DepfileEscaped,
    /// Opcodes and names, each ended by a NUL.
    DependencyInfo,
    /// Lines on the standard output.
    Verbose,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum OnFailure {
    Always,
    UndefinedSymbols,
    Never,
}

/// An exception of a report.
#[derive(Clone, Debug, Serialize)]
pub struct ReportGap {
    pub what: Reported,
    pub why: Option<String>,
}

/// What a report can leave out or misname.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reported {
    ThinArchives,
    ThinMembers,
    UnusedThinMembers,
    ArchiveMembers,
    ResponseFiles,
    FileLists,
    VersionScripts,
    DynamicLists,
    SymbolLists,
    RetainSymbolsFiles,
    OrderingFiles,
    Profiles,
    Scripts,
    Resources,
    DefinitionFiles,
    LtoPrograms,
    LtoTemporaries,
    Absent,
    AbsentDirectories,
    Tools,
    SdkSettings,
}

impl Reported {
    /// What rule files call each.
    pub const NAMES: &[(&str, Self)] = &[
        ("thin-archives", Self::ThinArchives),
        ("thin-members", Self::ThinMembers),
        ("unused-thin-members", Self::UnusedThinMembers),
        ("archive-members", Self::ArchiveMembers),
        ("response-files", Self::ResponseFiles),
        ("file-lists", Self::FileLists),
        ("version-scripts", Self::VersionScripts),
        ("dynamic-lists", Self::DynamicLists),
        ("symbol-lists", Self::SymbolLists),
        ("retain-symbols-files", Self::RetainSymbolsFiles),
        ("ordering-files", Self::OrderingFiles),
        ("profiles", Self::Profiles),
        ("scripts", Self::Scripts),
        ("resources", Self::Resources),
        ("definition-files", Self::DefinitionFiles),
        ("lto-programs", Self::LtoPrograms),
        ("lto-temporaries", Self::LtoTemporaries),
        ("absent", Self::Absent),
        ("absent-directories", Self::AbsentDirectories),
        ("tools", Self::Tools),
        ("sdk-settings", Self::SdkSettings),
    ];
}
