//! The progress bar: on a terminal, when a build takes long enough that somebody wonders.
//!
//! A build that has nothing to do starts no thread here, and draws nothing.

use super::terminal::{self, Terminal};
use crate::engine::{Goal, Progress};
use crate::explain::Query;
use crate::explain::text::number;
use crate::frontend::stack;
use camino::Utf8Path;
use indicatif::{ProgressBar, ProgressStyle};
use std::num::NonZeroUsize;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, Once};
use std::time::Duration;

/// How long a build may take before it is shown.
const PATIENCE: Duration = Duration::from_millis(200);
/// How often the bar is drawn while nothing happens.
const TICK: Duration = Duration::from_millis(100);

/// Told by the engine how a build goes on. Clones are the same bar.
#[derive(Clone)]
pub struct Bar {
    shared: Arc<Shared>,
}

struct Shared {
    goal: Goal,
    live: bool,
    quiet: bool,
    jobs: Option<NonZeroUsize>,
    begun: Once,
    state: Mutex<State>,
    over: Condvar,
}

#[derive(Default)]
struct State {
    /// Steps ahead; 0 as long as modules are being found.
    planned: u64,
    /// Steps done of those planned.
    finished: u64,
    /// Modules found.
    parsed: u64,
    /// Results that were found current.
    current: u64,
    /// Queries that gave what they had given before.
    cut_off: u64,
    /// The step that began last.
    now: String,
    over: bool,
    /// There is no room for more than a count.
    narrow: bool,
    bar: Option<ProgressBar>,
}

/// Columns that a bar with something beside it takes.
const ROOM: usize = 60;

impl Bar {
    /// A bar that is not there yet. `jobs` is the number of threads of the build.
    pub fn new(terminal: &Terminal, jobs: Option<NonZeroUsize>, goal: Goal) -> Self {
        let shared = Shared {
            goal,
            live: terminal.live,
            quiet: terminal.quiet,
            jobs,
            begun: Once::new(),
            state: Mutex::new(State {
                narrow: terminal.width < ROOM,
                ..State::default()
            }),
            over: Condvar::new(),
        };
        Self {
            shared: Arc::new(shared),
        }
    }

    /// Removes the bar from the terminal.
    pub fn finish(&self) {
        let mut state = self.state();
        state.over = true;
        self.shared.over.notify_all();
        if let Some(bar) = state.bar.take() {
            bar.finish_and_clear();
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.shared
            .state
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// The first time that something is to be done: threads are wanted now, and the user may come to wonder.
    fn begin(&self) {
        self.shared.begun.call_once(|| {
            let threads = self.shared.jobs.map_or(0, std::num::NonZeroUsize::get);
            // Fails only where the pool runs already, or where there is no room for such stacks: then it is as it is.
            let _ = rayon::ThreadPoolBuilder::new()
                .num_threads(threads)
                .stack_size(stack::DEEP)
                .start_handler(|_| stack::declare_deep())
                .build_global();
            if self.shared.live {
                let bar = self.clone();
                // Without a thread to spare there is no bar.
                let _ = std::thread::Builder::new()
                    .name("progress".to_owned())
                    .spawn(move || bar.appear());
            }
        });
    }

    /// Waits, and shows the bar if the build is not over by then.
    fn appear(&self) {
        let state = self.state();
        let waited = self
            .shared
            .over
            .wait_timeout_while(state, PATIENCE, |state| !state.over);
        let (mut state, _) = waited.unwrap_or_else(std::sync::PoisonError::into_inner);
        if state.over {
            return;
        }
        let bar = ProgressBar::new(0);
        state.show(&bar);
        bar.enable_steady_tick(TICK);
        state.bar = Some(bar);
    }
}

impl State {
    /// Brings the bar up to date. As long as nobody knows how many steps there are, there is a count instead of a bar.
    fn show(&self, bar: &ProgressBar) {
        let template = match (self.planned, self.narrow) {
            (0, _) => "kiln: {wide_msg}",
            (_, true) => "{pos}/{len} {wide_msg}",
            (_, false) => "kiln: [{bar:24}] {pos}/{len} {wide_msg}",
        };
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style.progress_chars("=> "));
        }
        bar.set_length(self.planned);
        self.advance(bar);
    }

    fn advance(&self, bar: &ProgressBar) {
        if self.planned == 0 {
            let now = terminal::harmless(&self.now);
            bar.set_message(format!("{now} ({} so far)", self.parsed));
        } else {
            bar.set_position(self.finished.min(self.planned));
            bar.set_message(self.message());
        }
    }

    /// What was found current and what was cut off, where there is any, and what is running.
    fn message(&self) -> String {
        let told = [(self.current, "current"), (self.cut_off, "cut off")];
        let mut message = String::new();
        for (count, what) in told.into_iter().filter(|(count, _)| *count > 0) {
            message.push_str(&format!("{} {what}, ", number(count as usize)));
        }
        message.push_str(&terminal::harmless(&self.now));
        message
    }
}

impl Progress for Bar {
    fn planned(&self, steps: usize) {
        self.begin();
        let mut state = self.state();
        state.planned += steps as u64;
        if let Some(bar) = &state.bar {
            state.show(bar);
        }
    }

    fn running(&self, query: Query, subject: &Utf8Path) {
        self.begin();
        if !self.shared.live {
            return;
        }
        let verb = match query {
            Query::Action => "running",
            Query::Parse => "parsing",
            Query::Lower => "lowering",
            Query::Object => "compiling",
            Query::Executable => "linking",
        };
        let mut state = self.state();
        state.now = format!("{verb} {subject}");
        if let Some(bar) = &state.bar {
            state.advance(bar);
        }
    }

    fn current(&self, results: usize) {
        let mut state = self.state();
        state.current += results as u64;
        if let Some(bar) = &state.bar {
            state.advance(bar);
        }
    }

    fn finished(&self, query: Query, cut_off: bool) {
        if !self.shared.live {
            return;
        }
        // A module's last query stands for the module.
        let last = match self.shared.goal {
            Goal::Build => matches!(query, Query::Object | Query::Executable),
            Goal::Check => query == Query::Lower,
        };
        let mut state = self.state();
        state.finished += u64::from(last);
        state.parsed += u64::from(query == Query::Parse);
        state.cut_off += u64::from(cut_off);
        if let Some(bar) = &state.bar {
            state.advance(bar);
        }
    }

    fn waiting(&self, holder: &str) {
        if !self.shared.quiet {
            let holder = if holder.is_empty() {
                "another kiln"
            } else {
                holder
            };
            terminal::write_stderr(&format!("kiln: waiting for {holder}, which builds here\n"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Bar, Goal, Progress, Query};
    use crate::driver::terminal::Terminal;

    #[test]
    fn a_short_build_shows_nothing() {
        let bar = Bar::new(
            &Terminal {
                quiet: false,
                verbose: false,
                color: false,
                live: true,
                width: 80,
            },
            None,
            Goal::Build,
        );
        bar.planned(2);
        bar.running(Query::Parse, "a.ts".into());
        bar.current(1_000);
        bar.finished(Query::Parse, true);
        bar.finished(Query::Object, false);
        {
            let state = bar.state();
            assert!(state.bar.is_none());
            assert_eq!((state.planned, state.finished), (2, 1));
            assert_eq!(state.message(), "1,000 current, 1 cut off, parsing a.ts");
        }
        bar.finish();
        assert!(bar.state().bar.is_none());
    }
}
