//! How a linker finds libraries and scripts, as data: what the modelled way works from.
//!
//! Every field is a way in which two linkers were seen to differ. Knows no linker by name.

use serde::Serialize;

/// `[linker.NAME.search]`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Search {
    pub order: Order,
    /// File names for `-lNAME`, `{}` being the name, in the order in which they are tried.
    pub candidates: Candidates,
    /// Whether `-lNAME` works at all; if not, libraries are inputs with names that may be searched for.
    pub exact: bool,
    /// Whether a slash in an exact name is joined to each directory, or is an error.
    pub exact_with_slash: bool,
    /// What is searched before the directories of the command line: the working directory, for plain file names.
    pub before: Vec<Directory>,
    /// What is searched after them.
    pub defaults: Vec<Directory>,
    /// Whether a directory that is absent when its option is read is never searched.
    pub drops_absent: bool,
    /// Whether directories are listed once and names looked up in the list, so that an absent name is never probed.
    pub lists: bool,
    /// Whether `..` in a directory, and what precedes it, is taken away before anything is opened, which leads elsewhere
    /// where that is a symbolic link.
    pub cleans: bool,
    pub prefixes: Prefixes,
    pub state: State,
    pub unsuitable: Unsuitable,
    pub scripts: Option<ScriptSearch>,
    pub needed: Option<Needed>,
    pub framework: Option<Framework>,
    /// The extension of an input's name that has none, and of a default library's.
    pub extension: Option<String>,
    pub default_library_extension: Option<String>,
}

impl Default for Search {
    fn default() -> Self {
        Self {
            order: Order::ByDirectory,
            candidates: Candidates::default(),
            exact: false,
            exact_with_slash: false,
            before: Vec::new(),
            defaults: Vec::new(),
            drops_absent: false,
            lists: false,
            cleans: false,
            prefixes: Prefixes::default(),
            state: State::None,
            unsuitable: Unsuitable::default(),
            scripts: None,
            needed: None,
            framework: None,
            extension: None,
            default_library_extension: None,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Order {
    /// All candidates in one directory, then in the next.
    ByDirectory,
    /// Shared libraries in all directories, then archives.
    ByKind,
    /// Names are file names.
    ByName,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Candidates {
    pub shared: Vec<String>,
    pub archive: Vec<String>,
}

/// A directory that is searched, or a place that stands for several.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Directory {
    /// With a leading `=` it lies in the sysroot.
    Path(String),
    /// Those that the command line names.
    CommandLine,
    Working,
    /// Where the script lies that names the file.
    Script,
    /// Those in a variable, separated by `;` or `:`.
    Variable(String),
    /// What `-rpath-link` and `-rpath` name.
    NeededSearch,
    /// What the library itself says of its needs.
    Runpath,
    /// What the system's loader is configured with: `/etc/ld.so.conf`.
    LoaderConfiguration,
    /// Those built into the program, which its own options print; they differ from one build of it to the next.
    BuiltIn,
    /// Those of a compiler installation that is looked for.
    Toolchain,
}

/// How directories and names are taken into the sysroot.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Prefixes {
    /// Those that a directory may begin with: `=`, `$SYSROOT`.
    pub search: Vec<String>,
    /// Whether what follows must begin with a slash.
    pub needs_slash: bool,
    /// Whether the prefix is removed where there is no sysroot; if not, the directory is not found.
    pub removed_without: bool,
    /// Whether a file on the command line may begin with `=`.
    pub positional: bool,
    /// Whether an absolute directory is taken from the sysroot wherever it is there, even if empty.
    pub absolute_if_present: bool,
    /// Whether absolute names in a script that lies in the sysroot are taken from it.
    pub script_absolute: bool,
    /// Whether `=` works in a script's `INPUT`.
    pub script_prefix: bool,
}

/// How options such as `-Bstatic` are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// They hold for what follows.
    InOrder,
    /// As [`State::InOrder`], but `-static` holds for the whole line.
    InOrderStaticWhole,
    /// What the last of them says also holds from the beginning up to the first.
    LastFirst,
    /// There is no such state.
    None,
}

/// What becomes of a candidate that does not serve.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Unsuitable {
    pub wrong_architecture: Outcome,
    pub dangling_link: Outcome,
    pub directory: Outcome,
    pub unreadable: Outcome,
    pub text: Outcome,
    pub empty: Outcome,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// The next candidate is tried.
    Skipped,
    /// The link fails.
    Error,
    /// It is taken.
    Accepted,
    /// Not known: a link that comes to this is not modelled.
    #[default]
    Unknown,
}

/// Linker scripts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ScriptSearch {
    /// Where `INPUT(name)` and `GROUP(name)` look.
    pub input: Vec<Directory>,
    /// Where `INPUT(-lname)` looks.
    pub library: Vec<Directory>,
    /// Where `INCLUDE name` looks; empty: it is an error.
    pub include: Vec<Directory>,
    /// Where the option for a script looks.
    pub option: Vec<Directory>,
    /// What `SEARCH_DIR(dir)` in a script does.
    pub search_dir: Outcome,
    pub output_format: Outcome,
}

/// Libraries that are only needed by shared libraries.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Needed {
    pub directories: Vec<Directory>,
    /// Whether they are looked for only where a program is made.
    pub programs_only: bool,
}

/// Frameworks of Mach-O.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Framework {
    pub candidates: Vec<String>,
    pub defaults: Vec<Directory>,
}
