//! What a link writes: the output, and whatever else options ask for. Knows no option by name.

use super::SideOutput;
use super::grammar::Read;
use crate::rule::schema::{Does, ToolRule};

pub(super) fn first_input<'r>(read: &'r [Read<'_>]) -> &'r str {
    let first = read.iter().find(|read| read.does == Does::Input);
    first.map_or("", |read| read.value)
}

pub(super) fn output(tool: &ToolRule, read: &[Read<'_>], default: Option<&str>) -> String {
    let mut named = read.iter().rev();
    if let Some(read) = named.find(|read| read.does == Does::Output) {
        return read.value.to_owned();
    }
    let mut changed = read.iter().rev().filter_map(|read| read.option);
    let changed = changed.find_map(|option| option.default_output.as_deref());
    let template = changed.or(default).unwrap_or(&tool.default_output);
    fill(template, "", "", first_input(read))
}

pub(super) fn side_outputs(
    tool: &ToolRule,
    read: &[Read<'_>],
    output: &str,
    first: &str,
) -> Vec<SideOutput> {
    let unasked = tool
        .side_outputs
        .iter()
        .map(|side| (side, "", String::new()));
    let asked = read.iter().filter_map(|read| {
        let side = read.option?.side_output.as_ref()?;
        Some((side, read.value, read.spelled()))
    });
    let mut found: Vec<(bool, SideOutput)> = Vec::new();
    for (side, value, argument) in unasked.chain(asked) {
        let written = SideOutput {
            kind: side.kind.clone(),
            path: fill(&side.path, value, output, first),
            holds: side.holds,
            argument,
        };
        let same = found.iter().position(|(_, known)| known.kind == side.kind);
        match same {
            // A place that is named counts, and the last of those.
            Some(at) if !side.default || found[at].0 => found[at] = (side.default, written),
            Some(_) => {}
            None => found.push((side.default, written)),
        }
    }
    found.into_iter().map(|(_, side)| side).collect()
}

/// A template with its fields filled in.
fn fill(template: &str, value: &str, output: &str, first: &str) -> String {
    let name = |path: &str| path.rsplit(['/', '\\']).next().unwrap_or(path).to_owned();
    let stem = |path: &str| {
        let start = path.len() - name(path).len();
        match path[start..].rfind('.') {
            Some(at) if at > 0 => path[..start + at].to_owned(),
            _ => path.to_owned(),
        }
    };
    let mut text = template.to_owned();
    for (field, with) in [
        ("{output}", output.to_owned()),
        ("{stem}", stem(output)),
        ("{first}", stem(&name(first))),
        ("{}", value.to_owned()),
    ] {
        if text.contains(field) {
            text = text.replace(field, &with);
        }
    }
    text
}
