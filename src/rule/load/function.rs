//! `functions` of a library.

use super::Reading;
use crate::document::Section;
use crate::rule::schema::FunctionRule;
use indexmap::IndexMap;

/// The functions of the library that `section` is.
pub(super) fn functions(
    section: &mut Section<'_>,
    reading: &mut Reading<'_>,
) -> IndexMap<String, FunctionRule> {
    let Some(table) = section.table("functions", &mut reading.problems) else {
        return IndexMap::new();
    };
    let entries = table.entries(&mut reading.problems).into_iter();
    let function = entries.map(|(name, _)| {
        let place = reading.place(&name.span);
        (name.value, FunctionRule { place })
    });
    function.collect()
}
