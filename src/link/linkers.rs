//! [`Linkers`]: chooses, from the options of a project, between the linker in this process and a program of its own.
//!
//! It decides once, in the plan; who follows the plan reads there who links. It knows how linkers are named, and not how
//! any of them is asked or run.

#[cfg(feature = "wild")]
use super::embedded::{self, Embedded};
use super::external::{self, Wanted};
use super::{
    LinkFailure, LinkObject, LinkOptions, LinkPlace, LinkPlan, Linked, Linker, OwnRules, driver,
};
use crate::error::{Error, Result};
use crate::observe::Reader;

/// Raised when the way in which external linkers are run changes.
const REVISION: &str = "2";

/// External linkers that are known by name, apart from `wild`.
const NAMES: &[&str] = &["bfd", "gold", "lld", "mold"];

/// All linkers.
#[derive(Clone, Copy, Debug, Default)]
pub struct Linkers;

/// Who is to link.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Choice {
    /// The linker in this process; another one where it cannot do what is asked, if nobody insists.
    Embedded {
        insisted: bool,
    },
    External(Wanted),
}

impl Choice {
    /// `linker` is what [link] says, `selected` what its arguments say; `own` are rules of linkers with names of their own.
    fn of(linker: &str, selected: Option<&str>, own: &OwnRules) -> Result<Self> {
        let embedded = cfg!(feature = "wild");
        let named = match (linker, selected) {
            ("auto", None) if embedded => return Ok(Self::Embedded { insisted: false }),
            ("auto", None) => return Ok(Self::External(Wanted::Default)),
            ("auto", Some(selected)) => selected,
            (linker, Some(selected)) if linker != selected => {
                return Err(Error::configuration(
                    format!(
                        "`linker` in [link] names `{linker}`, and `args` there selects `{selected}`"
                    ),
                    Some("remove one of the two".to_owned()),
                ));
            }
            (linker, _) => linker,
        };
        if embedded && (named == "wild" || linker == "auto" && is_wild(named)) {
            return Ok(Self::Embedded { insisted: true });
        }
        if NAMES.contains(&named) || named == "wild" || own.has_linker(named) {
            return Ok(Self::External(Wanted::Named(named.to_owned())));
        }
        if named.contains('/') {
            return Ok(Self::External(Wanted::Path(named.into())));
        }
        let remedy = format!(
            "set `linker` in [link] to \"auto\", \"wild\", \"{}\", or to the path of a linker",
            NAMES
                .iter()
                .copied()
                .chain(own.linkers())
                .collect::<Vec<_>>()
                .join("\", \"")
        );
        Err(Error::configuration(
            format!("the linker `{named}` is unknown"),
            Some(remedy),
        ))
    }
}

/// Whether a value of `-fuse-ld=` means the linker that is built in.
pub(super) fn is_wild(selected: &str) -> bool {
    selected.rsplit('/').next() == Some("wild")
}

/// The embedded linker was asked for by its own name, and `selected` is another.
#[cfg(feature = "wild")]
pub(super) fn contradicts(selected: &str) -> Error {
    Error::configuration(
        format!("the linker `{selected}` is not the one that is built in"),
        Some(
            "set `linker` in [link] to \"auto\" or \"wild\", and select none in `args`".to_owned(),
        ),
    )
}

impl Linker for Linkers {
    fn name(&self) -> &'static str {
        "linkers"
    }

    fn version(&self) -> String {
        #[cfg(feature = "wild")]
        return format!("{REVISION} {} {}", Embedded.name(), Embedded.version());
        #[cfg(not(feature = "wild"))]
        return REVISION.to_owned();
    }

    fn plan(
        &self,
        options: &LinkOptions,
        runtime_libraries: &[&str],
        reader: &Reader<'_>,
    ) -> Result<LinkPlan> {
        let own = &options.rules;
        let (args, selected) = driver::accepted(&options.args, reader)?;
        let choice = Choice::of(&options.linker, selected.as_deref(), own)?;
        let driver = driver::find(&options.driver, reader)?;
        let arguments = driver::arguments(options, &args, runtime_libraries);
        match choice {
            Choice::External(wanted) => external::plan(driver, &wanted, arguments, own, reader),
            #[cfg(feature = "wild")]
            Choice::Embedded { insisted } => {
                match embedded::plan(driver.clone(), &arguments, &args, options.shared, reader)? {
                    Ok(plan) => Ok(plan),
                    Err(refused) if insisted || !refused.elsewhere => Err(refused.into()),
                    Err(refused) => {
                        let plan =
                            external::plan(driver, &Wanted::Default, arguments, own, reader)?;
                        let instead = format!("`{}` cannot be used with it", refused.option);
                        Ok(LinkPlan {
                            instead: Some(instead),
                            ..plan
                        })
                    }
                }
            }
            #[cfg(not(feature = "wild"))]
            Choice::Embedded { .. } => {
                external::plan(driver, &Wanted::Default, arguments, own, reader)
            }
        }
    }

    fn link(
        &self,
        plan: &LinkPlan,
        objects: &[LinkObject],
        place: &LinkPlace<'_>,
        reader: &Reader<'_>,
    ) -> std::result::Result<Linked, LinkFailure> {
        match &plan.external {
            Some(external) => external::link(plan, external, objects, place, reader),
            #[cfg(feature = "wild")]
            None => Embedded.link(plan, objects, place, reader),
            #[cfg(not(feature = "wild"))]
            None => Err(LinkFailure::World(Error::missing(
                "this kiln has no linker built in",
                "name another `linker` in [link]",
            ))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Choice, OwnRules, Wanted};

    #[test]
    fn options_and_arguments_choose_the_linker() {
        let named = |name: &str| Choice::External(Wanted::Named(name.to_owned()));
        let of = |linker, selected| {
            Choice::of(linker, selected, &OwnRules::default()).map_err(|error| error.message)
        };
        assert_eq!(of("bfd", None), Ok(named("bfd")));
        assert_eq!(of("auto", Some("lld")), Ok(named("lld")));
        assert_eq!(of("mold", Some("mold")), Ok(named("mold")));
        let path = Choice::External(Wanted::Path("/opt/ld.lld".into()));
        assert_eq!(of("auto", Some("/opt/ld.lld")), Ok(path.clone()));
        assert_eq!(of("/opt/ld.lld", None), Ok(path));
        assert!(of("bfd", Some("gold")).is_err());
        assert!(of("ldd", None).is_err_and(|message| message.contains("`ldd`")));
    }

    #[cfg(feature = "wild")]
    #[test]
    fn the_built_in_linker_is_the_default() {
        let of = |linker, selected| {
            Choice::of(linker, selected, &OwnRules::default()).map_err(|error| error.message)
        };
        let embedded = |insisted| Ok(Choice::Embedded { insisted });
        assert_eq!(of("auto", None), embedded(false));
        assert_eq!(of("wild", None), embedded(true));
        assert_eq!(of("auto", Some("wild")), embedded(true));
    }
}
