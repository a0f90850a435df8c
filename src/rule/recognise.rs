//! Which rule a program falls under: what its names claim, and what it says of itself.
//!
//! Anybody can give a file any name, so a name is a claim and no evidence. It is enough to read a command line by; which
//! variables a program may be kept from is another matter, and for that it has to say the same of itself.

use super::{RuleId, Rules, ToolRule};

/// Names that linkers and drivers of any kind are called by, alone or after a target (`x86_64-linux-gnu-ld`).
const OPEN: &[&str] = &["ld", "cc", "c++"];

/// A program that somebody runs.
pub struct Program<'a> {
    /// The file name by which it is called, without its directory.
    pub called: &'a str,
    /// The file name at the end of all symbolic links.
    pub real: &'a str,
    pub args: &'a [String],
}

/// What the names of a program claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Claim {
    /// That it falls under this rule. `real`: it is the real name that says so.
    Rule { id: RuleId, real: bool },
    /// That it is a linker or a driver, and not which.
    Open,
    /// That it is something else, which a rule excepts, such as `ccache`.
    Other,
    /// Nothing that any rule knows.
    Nothing,
}

impl Claim {
    pub fn rule(&self) -> Option<&RuleId> {
        match self {
            Self::Rule { id, .. } => Some(id),
            _ => None,
        }
    }
}

impl Rules {
    /// What the names of a program claim.
    ///
    /// The real name wins over the one it is called by, so that a `gcc` that leads to `clang-19` is clang; a name that a
    /// rule excepts keeps its rule from fitting, whichever of the two it is. A first argument `-flavor` chooses among the
    /// linkers that one program can be.
    pub fn claim(&self, program: &Program<'_>) -> Claim {
        let names = [program.real, program.called].map(plain);
        let excepted = |tool: &ToolRule| {
            let except = &tool.recognise.except;
            except
                .iter()
                .any(|pattern| names.iter().any(|name| pattern.matches(name)))
        };
        let named = names.iter().enumerate().find_map(|(at, name)| {
            let fits = |tool: &ToolRule| {
                let mut patterns = tool.recognise.names.iter();
                patterns.any(|pattern| pattern.matches(name)) && !excepted(tool)
            };
            Some((self.find(fits)?, at == 0))
        });
        if let [option, flavor, ..] = program.args
            && option == "-flavor"
            && self.is_many(named.as_ref().map(|(id, _)| id), &names)
        {
            let found = self.find(|tool| tool.recognise.flavors.contains(flavor));
            return found.map_or(Claim::Nothing, |id| Claim::Rule { id, real: false });
        }
        if let Some((id, real)) = named {
            return Claim::Rule { id, real };
        }
        // A program whose name some rule excepts has been told apart from it.
        if self.ids().filter_map(|id| self.tool(&id)).any(excepted) {
            return Claim::Other;
        }
        let is_open = |name: &&str| {
            OPEN.iter().any(|open| {
                let target = name.strip_suffix(open);
                target.is_some_and(|target| target.is_empty() || target.ends_with('-'))
            })
        };
        if names.iter().any(is_open) {
            Claim::Open
        } else {
            Claim::Nothing
        }
    }

    /// The rule of a program that claims this and prints that for its version: the rule that it claims if the first line
    /// fits it, else another that the line fits. `None`: what it says of itself is of no rule.
    pub fn said(&self, claim: &Claim, printed: &str) -> Option<RuleId> {
        let first = printed.lines().next().unwrap_or_default();
        let fits = |tool: &ToolRule| {
            let mut patterns = tool.recognise.version.iter();
            patterns.any(|pattern| pattern.matches(first))
        };
        let claimed = claim.rule().and_then(|id| Some((id, self.tool(id)?)));
        if let Some((id, tool)) = claimed
            && fits(tool)
        {
            return Some(id.clone());
        }
        let found = self.find(fits);
        match claimed {
            // A rule that knows of no version takes any that is no other's.
            Some((id, tool)) if found.is_none() && tool.recognise.version.is_empty() => {
                Some(id.clone())
            }
            _ => found,
        }
    }

    /// The rule by which the program's command line is read: what it says of itself, else what its names claim. `version`
    /// gives what it prints for `--version`, if that can be had.
    pub fn recognise(
        &self,
        program: &Program<'_>,
        version: &mut dyn FnMut() -> Option<String>,
    ) -> Option<RuleId> {
        let claim = self.claim(program);
        if claim == Claim::Other {
            return None;
        }
        let said = version().and_then(|printed| self.said(&claim, &printed));
        said.or_else(|| claim.rule().cloned())
    }

    /// Whether a program is several linkers, one of which `named` is for.
    fn is_many(&self, named: Option<&RuleId>, names: &[&str]) -> bool {
        if let Some(tool) = named.and_then(|id| self.tool(id)) {
            return !tool.recognise.flavors.is_empty();
        }
        let is_many = |tool: &ToolRule| {
            let mut many = tool.recognise.many.iter();
            many.any(|pattern| names.iter().any(|name| pattern.matches(name)))
        };
        self.find(is_many).is_some()
    }

    fn find(&self, fits: impl Fn(&ToolRule) -> bool) -> Option<RuleId> {
        self.ids().find(|id| self.tool(id).is_some_and(&fits))
    }
}

/// The name without the extension of programs on Windows.
fn plain(name: &str) -> &str {
    name.strip_suffix(".exe").unwrap_or(name)
}
