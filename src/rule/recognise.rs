//! Which rule a program falls under: by its names, and by what it says of itself where they do not tell.

use super::{RuleId, Rules, ToolRule};

/// A program that somebody runs.
pub struct Program<'a> {
    /// The file name by which it is called, without its directory.
    pub called: &'a str,
    /// The file name at the end of all symbolic links.
    pub real: &'a str,
    pub args: &'a [String],
}

impl Rules {
    /// The rule that the program falls under. `version` gives what the program prints for `--version`; it is asked only
    /// if the names do not tell, as that of `ld` or `cc` that is no symbolic link.
    ///
    /// The real name wins over the one it is called by, so that a `gcc` that leads to `clang-19` is clang; a name that a
    /// rule excepts, such as `ccache`, keeps its rule from fitting, whichever of the two it is.
    pub fn recognise(
        &self,
        program: &Program<'_>,
        version: &mut dyn FnMut() -> Option<String>,
    ) -> Option<RuleId> {
        if let [option, flavor, ..] = program.args
            && option == "-flavor"
        {
            return self.find(|tool| tool.recognise.flavors.contains(flavor));
        }
        let names = [program.real, program.called].map(plain);
        let excepted = |tool: &ToolRule| {
            let except = &tool.recognise.except;
            except
                .iter()
                .any(|pattern| names.iter().any(|name| pattern.matches(name)))
        };
        for name in names {
            let fits = |tool: &ToolRule| {
                let mut patterns = tool.recognise.names.iter();
                patterns.any(|pattern| pattern.matches(name)) && !excepted(tool)
            };
            if let Some(found) = self.find(fits) {
                return Some(found);
            }
        }
        // A program whose name some rule excepts has been told apart from it.
        if self.ids().filter_map(|id| self.tool(&id)).any(excepted) {
            return None;
        }
        let printed = version()?;
        let first = printed.lines().next().unwrap_or_default();
        self.find(|tool| {
            let mut patterns = tool.recognise.version.iter();
            patterns.any(|pattern| pattern.matches(first))
        })
    }

    fn find(&self, fits: impl Fn(&ToolRule) -> bool) -> Option<RuleId> {
        self.ids().find(|id| self.tool(id).is_some_and(&fits))
    }
}

/// The name without the extension of programs on Windows.
fn plain(name: &str) -> &str {
    name.strip_suffix(".exe").unwrap_or(name)
}
