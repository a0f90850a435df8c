//! The report names the true roots of a build and nothing else: for each kind of edit that people make to a project of
//! several dozen modules, against what the test itself changed, and what a dry run said before.
#![cfg(all(feature = "typescript", feature = "wild"))]
// A test looks at the world as a user does, not through a `Host`.
#![allow(clippy::disallowed_methods, clippy::disallowed_types)]

use camino::{Utf8Path, Utf8PathBuf};
use kiln::explain::{Outcome, Query, Reason, Root, Status};
use kiln::host::NativeHost;
use kiln::{Engine, Request, Target};
use std::collections::BTreeSet;
use std::fs;
use std::sync::Arc;

/// Modules in one folder; the first imports the others, and the main module imports the first of each folder.
const FOLDER: usize = 8;
const MODULES: usize = 24;

/// What may be written into a module besides what is always there.
#[derive(Clone, Default)]
struct Parts {
    note: usize,
    salt: usize,
    extra: String,
}

fn path(module: usize) -> String {
    format!("src/pkg{}/m{module}.ts", module / FOLDER)
}

fn is_hub(module: usize) -> bool {
    module.is_multiple_of(FOLDER)
}

fn source(module: usize, parts: &Parts) -> String {
    let Parts { note, salt, extra } = parts;
    let deps = if is_hub(module) {
        module + 1..module + FOLDER
    } else {
        0..0
    };
    let imports: String = deps
        .clone()
        .map(|dep| format!("import {{ run{dep} }} from \"./m{dep}\";\n"))
        .collect();
    let calls: String = deps
        .map(|dep| format!("  sum = (sum + run{dep}(sum)) % 1000003;\n"))
        .collect();
    format!(
        "// module {module}, edited {note} times\n{imports}
function step{module}(x: number): number {{\n  return (x * 31 + {salt}) % 9973;\n}}

export function run{module}(seed: number): number {{\n  let sum = step{module}(seed);\n{calls}  return sum;\n}}\n{extra}"
    )
}

struct Project {
    folder: tempfile::TempDir,
    modules: Vec<Parts>,
    engine: Engine,
}

impl Project {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("there is room for a folder");
        let root = Utf8Path::from_path(folder.path()).expect("the path is UTF-8");
        let host = NativeHost::open(root, "a test".to_owned()).expect("the folder is there");
        let engine = Engine::builder(Arc::new(host))
            .frontend(kiln::frontend::typescript::TypeScript)
            .linker(kiln::link::Linkers)
            .build()
            .expect("frontend and linker are there");
        let project = Self {
            folder,
            modules: vec![Parts::default(); MODULES],
            engine,
        };
        let hubs = (0..MODULES).filter(|module| is_hub(*module));
        let imports: String = hubs
            .clone()
            .map(|hub| {
                format!(
                    "import {{ run{hub} }} from \"./pkg{}/m{hub}\";\n",
                    hub / FOLDER
                )
            })
            .collect();
        let calls: String = hubs
            .map(|hub| format!("sum = sum + run{hub}(sum);\n"))
            .collect();
        project.write(
            "src/main.ts",
            &format!("{imports}let sum = 1;\n{calls}console.log(sum);\n"),
        );
        (0..MODULES).for_each(|module| project.save(module));
        project
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.folder.path().join(path);
        fs::create_dir_all(path.parent().expect("it lies in the project")).expect("it can be made");
        fs::write(path, text).expect("it can be written");
    }

    fn save(&self, module: usize) {
        self.write(&path(module), &source(module, &self.modules[module]));
    }

    fn edit(&mut self, module: usize, change: impl FnOnce(&mut Parts)) {
        change(&mut self.modules[module]);
        self.save(module);
    }

    /// Builds, after a dry run that has to say the same of it.
    fn build(&self) -> Outcome {
        let request = Request::new(Target::File("src/main.ts".into()));
        let dry = Request {
            dry_run: true,
            ..request.clone()
        };
        let build = |request| self.engine.build(request).expect("the project builds");
        let (predicted, built) = (build(&dry), build(&request));
        assert_eq!(
            without_lines(&predicted.reasons),
            without_lines(&built.reasons)
        );
        let ran = |outcome: &Outcome, query: Query| -> Vec<(Utf8PathBuf, String)> {
            let of = outcome.ran.iter().filter(|ran| ran.query == query);
            of.map(|ran| (ran.subject.clone(), format!("{:?}", ran.causes)))
                .collect()
        };
        for query in [Query::Parse, Query::Lower, Query::Object] {
            assert_eq!(
                ran(&predicted, query),
                ran(&built, query),
                "predicted and built"
            );
        }
        if built.status == Status::Built {
            assert_eq!(predicted.status, Status::Predicted);
            assert_eq!(predicted.counts.modules, built.counts.modules);
        }
        built
    }

    /// The build has just these sources as roots, all else leads back to them, and then there is nothing to do.
    fn expect(&self, edited: &[usize], compiled: &[usize]) -> Outcome {
        let outcome = self.build();
        let changed: BTreeSet<String> = outcome.reasons.iter().map(changed).collect();
        assert_eq!(changed, edited.iter().map(|module| path(*module)).collect());
        let subjects = |query| -> BTreeSet<String> {
            let of = outcome.ran.iter().filter(|ran| ran.query == query);
            of.map(|ran| ran.subject.to_string()).collect()
        };
        assert_eq!(subjects(Query::Parse), changed);
        assert_eq!(
            subjects(Query::Object),
            compiled.iter().map(|module| path(*module)).collect()
        );
        let cascades = outcome.cascades();
        assert_eq!(cascades.unexplained().count(), 0, "{outcome:?}");
        for (ran, roots) in outcome.ran.iter().zip(&cascades.roots) {
            let own: Vec<Root> = (0..outcome.reasons.len())
                .filter(|at| changed_is(&outcome.reasons[*at], &ran.subject))
                .map(Root::Reason)
                .collect();
            assert!(
                ran.query == Query::Executable || *roots == own,
                "{ran:?}: {roots:?}"
            );
        }
        assert_eq!(self.build().status, Status::Current);
        outcome
    }
}

fn without_lines(reasons: &[Reason]) -> Vec<Reason> {
    let mut reasons = reasons.to_vec();
    for reason in &mut reasons {
        if let Reason::Changed { lines, .. } = reason {
            *lines = None;
        }
    }
    reasons
}

fn changed(reason: &Reason) -> String {
    match reason {
        Reason::Changed { path, .. } => path.to_string(),
        other => panic!("nobody did that: {other:?}"),
    }
}

fn changed_is(reason: &Reason, subject: &Utf8Path) -> bool {
    reason.path() == Some(subject)
}

fn lines(outcome: &Outcome) -> Vec<String> {
    let of = |reason: &Reason| match reason {
        Reason::Changed {
            lines: Some(lines), ..
        } => lines
            .hunks
            .iter()
            .flat_map(|hunk| hunk.lines.clone())
            .collect(),
        _ => Vec::new(),
    };
    let all: Vec<String> = outcome.reasons.iter().flat_map(of).collect();
    all.into_iter()
        .filter(|line| !line.starts_with(' '))
        .collect()
}

#[test]
fn each_kind_of_edit_has_its_true_roots() {
    let mut project = Project::new();
    assert_eq!(project.build().reasons, [Reason::FirstBuild]);

    // The same bytes again.
    project.save(3);
    assert_eq!(project.build().status, Status::Current);

    // A comment.
    project.edit(3, |parts| parts.note = 1);
    let outcome = project.expect(&[3], &[]);
    assert_eq!(
        lines(&outcome),
        [
            "-// module 3, edited 0 times",
            "+// module 3, edited 1 times"
        ]
    );
    assert!(outcome.link.is_some_and(|link| !link.linked));

    // A body.
    project.edit(5, |parts| parts.salt = 7);
    let outcome = project.expect(&[5], &[5]);
    assert_eq!(
        lines(&outcome),
        [
            "-  return (x * 31 + 0) % 9973;",
            "+  return (x * 31 + 7) % 9973;"
        ]
    );

    // An export that nobody uses.
    project.edit(6, |parts| {
        parts.extra = "export function added(x: number): number { return x + 1; }\n".to_owned();
    });
    project.expect(&[6], &[6]);

    // A body in every tenth module, and more.
    let several = [0, 4, 9, 13, 18, 23];
    for module in several {
        project.edit(module, |parts| parts.salt = 11);
    }
    let outcome = project.expect(&several, &several);
    assert!(outcome.cascades().of.iter().all(|cascade| {
        (
            cascade.parsed,
            cascade.lowered,
            cascade.compiled,
            cascade.linked,
        ) == (1, 1, 1, 1)
    }));
    let history = project.engine.history();
    assert!(history.damage.is_empty());
    assert_eq!(history.builds.len(), 5);
    let last = history.builds.last().expect("it was just recorded");
    assert_eq!(last.outcome.reasons, outcome.reasons);
    assert_eq!(last.outcome.ran.len(), outcome.ran.len());
}
