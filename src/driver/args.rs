//! The command line: the one table from which parsing and help come. Knows nothing of what the commands do.

use camino::Utf8PathBuf;
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::num::NonZeroUsize;

/// Builds native programs, runs nothing that need not run, and can always say why it ran.
#[derive(Debug, Parser)]
#[command(name = "kiln", version, disable_help_subcommand = true, max_term_width = 100, after_help = EXIT_CODES)]
pub struct Arguments {
    #[command(subcommand)]
    pub command: Command,
    /// Change to this folder first
    #[arg(short = 'C', value_name = "DIR", global = true, display_order = 100)]
    pub directory: Option<Utf8PathBuf>,
    #[command(flatten)]
    pub terminal: TerminalOptions,
}

const EXIT_CODES: &str = "\
Exit codes: 0 done or current, 1 the program is wrong, 2 usage or configuration,
3 the world failed (disk, tool, store), 4 --expect-current and something would run.";

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Build a program
    #[command(visible_alias = "b")]
    Build {
        #[command(flatten)]
        build: BuildOptions,
        #[command(flatten)]
        common: Common,
    },
    /// Build a program and run it
    #[command(visible_alias = "r")]
    Run {
        #[command(flatten)]
        build: BuildOptions,
        #[command(flatten)]
        common: Common,
        /// Arguments for the program
        #[arg(last = true, value_name = "ARGS")]
        arguments: Vec<std::ffi::OsString>,
    },
    /// Report what is wrong with a program, without making it
    Check {
        #[command(flatten)]
        common: Common,
    },
    /// Say why the last builds ran what they ran, and what a result rests on
    Explain {
        #[command(flatten)]
        options: ExplainOptions,
    },
    /// Show what rests on what in the last build: modules, queries, libraries, or the link
    Graph {
        #[command(flatten)]
        options: GraphOptions,
    },
    /// Run a link command of any build system, unless it is proven current
    Link {
        #[command(flatten)]
        options: LinkOptions,
    },
    /// Make a new project: kiln.toml, src/main.ts and .gitignore
    Init {
        /// The folder of the project; made if absent
        #[arg(value_name = "DIR", default_value = ".")]
        folder: Utf8PathBuf,
    },
    /// Say which linkers and drivers this machine has, what would be declined, and how the cache and its file system are
    Doctor {
        #[command(flatten)]
        options: DoctorOptions,
    },
    /// Say what is known of linkers, drivers and native libraries; check files of rules
    Rules {
        #[command(subcommand)]
        command: RulesCommand,
    },
}

#[derive(Debug, Subcommand)]
pub enum RulesCommand {
    /// List the rules
    List,
    /// Show one rule, where it is written, and which others it replaces
    Show {
        /// As in the list, with or without `linker.`, `driver.` or `library.`
        #[arg(value_name = "NAME")]
        name: String,
    },
    /// Check files of rules, and run their tests
    Check {
        /// A file [default: kiln.toml and the files that it lists]
        #[arg(value_name = "FILE")]
        file: Option<Utf8PathBuf>,
    },
    /// Print what files of rules may say, as a JSON schema for editors
    Schema {
        /// What kiln.toml may say, rather than a file of rules
        #[arg(long)]
        project: bool,
        /// A JSON schema, or a page for people
        #[arg(long, value_name = "FORMAT", default_value = "json")]
        format: SchemaFormat,
    },
}

#[derive(Debug, Subcommand)]
pub enum ExplainCommand {
    /// Say which alternative of a native library is taken, why not the earlier ones, and where each word of the link comes from
    Library {
        /// As under `libraries` of an executable
        #[arg(value_name = "NAME")]
        name: String,
        /// In the profile `release`
        #[arg(long)]
        release: bool,
        /// Choose a value for an option that kiln.toml names in [options]
        #[arg(long = "set", value_name = "NAME=VALUE", value_parser = pair)]
        set: Vec<(String, String)>,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum SchemaFormat {
    Json,
    Page,
}

/// Which build is meant, and what of it.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct ExplainOptions {
    #[command(subcommand)]
    pub command: Option<ExplainCommand>,
    /// A module, another source, an action, the output, or `link`: why it ran, or what it rests on [default: the whole build]
    #[arg(value_name = "ARTIFACT")]
    pub artifact: Option<String>,
    /// The N-th build counted back from the last one that did something
    #[arg(long, value_name = "N", conflicts_with = "diff")]
    pub last: Option<NonZeroUsize>,
    /// What differs between two builds; of one, from the build before it
    #[arg(long, value_names = ["A", "B"], num_args = 1..=2, conflicts_with = "artifact")]
    pub diff: Vec<u64>,
    /// List the builds that are kept
    #[arg(long, conflicts_with_all = ["artifact", "last", "diff"])]
    pub list: bool,
    /// Leave nothing out
    #[arg(long)]
    pub all: bool,
    /// Text for people, one JSON object a line, or of a whole build: a page for browsers, or a graph for Graphviz
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: ExplainFormat,
    /// Write it to this file rather than to stdout
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<Utf8PathBuf>,
    #[command(flatten)]
    pub recorded: Recorded,
}

/// Which recorded build is meant, where the last one is not.
#[derive(Debug, Args)]
pub struct Recorded {
    /// The executable of kiln.toml that is meant
    #[arg(long, value_name = "NAME")]
    pub executable: Option<String>,
    /// The one of profile `release` is meant
    #[arg(long)]
    pub release: bool,
    /// Where results are stored [default: target/kiln] [env: KILN_CACHE_DIR]
    #[arg(long, value_name = "DIR")]
    pub cache_dir: Option<Utf8PathBuf>,
}

/// How it is told, and where the cache is.
#[derive(Debug, Args)]
pub struct DoctorOptions {
    /// Text for people, or one JSON object a line
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub message_format: MessageFormat,
    /// Where results are stored [default: target/kiln] [env: KILN_CACHE_DIR]
    #[arg(long, value_name = "DIR")]
    pub cache_dir: Option<Utf8PathBuf>,
}

/// What is to be drawn, and how.
#[derive(Debug, Args)]
pub struct GraphOptions {
    /// What rests on what
    #[arg(value_name = "PART", default_value = "modules")]
    pub part: GraphPart,
    /// A tree for people, Graphviz, or one JSON object
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: GraphFormat,
    #[command(flatten)]
    pub recorded: Recorded,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum GraphPart {
    /// Which module imports which, and which source reads which text
    Modules,
    /// Which query asks which
    Queries,
    /// Which native library needs which
    Libraries,
    /// What the program is linked of
    Link,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum GraphFormat {
    Text,
    Dot,
    Json,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ExplainFormat {
    Text,
    Json,
    Html,
    Dot,
}

/// A command and where what is known of it is kept.
#[derive(Debug, Args)]
pub struct LinkOptions {
    /// Where links are recorded [default: $XDG_CACHE_HOME/kiln or ~/.cache/kiln] [env: KILN_CACHE_DIR]
    #[arg(long, value_name = "DIR")]
    pub cache_dir: Option<Utf8PathBuf>,
    /// The command
    #[arg(last = true, required = true, value_name = "COMMAND")]
    pub command: Vec<std::ffi::OsString>,
}

/// What makes a program another one.
#[derive(Debug, Default, Args)]
pub struct BuildOptions {
    /// Optimise for speed: profile `release`
    #[arg(long)]
    pub release: bool,
    /// Where the program goes
    #[arg(short, value_name = "FILE")]
    pub output: Option<Utf8PathBuf>,
    /// Write how C and the like are compiled, for editors [default: compile_commands.json]
    #[arg(long, value_name = "FILE", num_args = 0..=1, require_equals = true, default_missing_value = "compile_commands.json")]
    pub compile_commands: Option<Utf8PathBuf>,
}

/// What holds for every command that builds.
#[derive(Debug, Args)]
pub struct Common {
    /// A project folder, or a source file [default: the nearest folder upwards with a kiln.toml]
    #[arg(value_name = "PATH")]
    pub path: Option<Utf8PathBuf>,
    /// The executable or library of kiln.toml to build
    #[arg(long, value_name = "NAME")]
    pub executable: Option<String>,
    /// Choose a value for an option that kiln.toml names in [options]
    #[arg(long = "set", value_name = "NAME=VALUE", value_parser = pair)]
    pub set: Vec<(String, String)>,
    /// Say why each thing ran: text (folded) or all on stderr, json on stdout, html as explain.html in the cache
    #[arg(long, value_name = "FORMAT", num_args = 0..=1, require_equals = true, default_missing_value = "text")]
    pub explain: Option<Explain>,
    /// Messages for people, or one JSON object a line on stdout
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub message_format: MessageFormat,
    /// Run nothing; exit with 4 if something would run
    #[arg(long)]
    pub expect_current: bool,
    /// Run nothing; say what would run
    #[arg(long)]
    pub dry_run: bool,
    /// Compute results again that were reused, all or so many percent of them; exit with 3 if one is wrong
    #[arg(long, value_name = "PERCENT", num_args = 0..=1, require_equals = true, default_missing_value = "100", value_parser = clap::value_parser!(u8).range(1..=100), conflicts_with_all = ["dry_run", "expect_current", "no_cache"])]
    pub verify: Option<u8>,
    /// Write what ran when and on which thread, for Chrome and Perfetto [default: timings.json where results are stored]
    #[arg(long, value_name = "FILE", num_args = 0..=1, require_equals = true, default_missing_value = "")]
    pub timings: Option<Utf8PathBuf>,
    /// Append a summary in Markdown to a file [default: the one that GITHUB_STEP_SUMMARY names]
    #[arg(long, value_name = "FILE", num_args = 0..=1, require_equals = true, default_missing_value = "")]
    pub summary: Option<Utf8PathBuf>,
    /// Neither use nor store results
    #[arg(long)]
    pub no_cache: bool,
    /// Where results are stored [default: target/kiln] [env: KILN_CACHE_DIR]
    #[arg(long, value_name = "DIR")]
    pub cache_dir: Option<Utf8PathBuf>,
    /// Threads to use [default: one for each processor]
    #[arg(short, long, value_name = "N")]
    pub jobs: Option<NonZeroUsize>,
}

/// A name and a value, with an equals sign between them.
fn pair(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err("write NAME=VALUE".to_owned()),
    }
}

#[derive(Clone, Copy, Debug, Default, Args)]
pub struct TerminalOptions {
    /// When to use colours
    #[arg(
        long,
        value_name = "WHEN",
        default_value = "auto",
        global = true,
        display_order = 101
    )]
    pub color: Color,
    /// Print errors only
    #[arg(
        short,
        long,
        global = true,
        display_order = 102,
        conflicts_with = "verbose"
    )]
    pub quiet: bool,
    /// Print reasons and times too
    #[arg(short, long, global = true, display_order = 103)]
    pub verbose: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Explain {
    Text,
    /// Text with nothing left out
    All,
    Json,
    Html,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum MessageFormat {
    Human,
    Json,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Color {
    #[default]
    Auto,
    Always,
    Never,
}

#[cfg(test)]
mod tests {
    use super::{Arguments, Command, Explain};
    use clap::{CommandFactory, Parser};

    #[test]
    fn the_table_is_sound() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn explain_takes_its_format_after_an_equals_sign_only() {
        let explain = |line: &str| match Arguments::parse_from(line.split(' ')).command {
            Command::Build { common, .. } => (
                common.explain,
                common.path.map(camino::Utf8PathBuf::into_string),
            ),
            other => panic!("another command: {other:?}"),
        };
        assert_eq!(
            explain("kiln build --explain json"),
            (Some(Explain::Text), Some("json".to_owned()))
        );
        assert_eq!(
            explain("kiln build --explain=json a.ts"),
            (Some(Explain::Json), Some("a.ts".to_owned()))
        );
        assert_eq!(explain("kiln b"), (None, None));
    }

    #[test]
    fn what_follows_two_dashes_is_the_program_s() {
        let arguments =
            match Arguments::parse_from(["kiln", "run", "a.ts", "--", "-q", "x"]).command {
                Command::Run {
                    arguments, common, ..
                } => {
                    assert_eq!(common.path.as_deref(), Some("a.ts".into()));
                    arguments
                }
                other => panic!("another command: {other:?}"),
            };
        assert_eq!(arguments, ["-q", "x"]);
    }
}
