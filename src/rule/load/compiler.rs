//! `[compiler.NAME]`: its keys, and templates that name only what there is.

use super::tool::{missing_table, patterns, strings, variables};
use super::{Reading, tool};
use crate::document::Section;
use crate::rule::schema::*;

const SIGNIFICANCE: &[(&str, Significance)] = &[
    ("words", Significance::Words),
    ("layout", Significance::Layout),
    ("lines", Significance::Lines),
    ("bytes", Significance::Bytes),
];

pub(super) fn compiler(
    mut section: Section<'_>,
    place: Place,
    reading: &mut Reading<'_>,
) -> CompilerRule {
    let environment = tool::environments(&mut section, reading);
    let rule = CompilerRule {
        place,
        title: reading.required(&mut section, "title"),
        patterns: patterns(&mut section, "patterns", reading),
        tools: strings(&mut section, "tools", reading),
        environment,
        variables: variables(&mut section, reading),
        compile: template(&mut section, "compile", &["source", "object"], reading),
        check: template(&mut section, "check", &["source"], reading),
        define: single(&mut section, "define", &["name", "value"], reading),
        define_bare: single(&mut section, "define-bare", &["name"], reading),
        include: single(&mut section, "include", &["directory"], reading),
        position_independent: strings(&mut section, "position-independent", reading),
        optimise: optimise(&mut section, reading),
        link: strings(&mut section, "link", reading),
        refuses: section
            .tables("refuse", &mut reading.problems)
            .into_iter()
            .map(|row| refused(row, reading))
            .collect(),
        texts: patterns(&mut section, "texts", reading),
        text: text(&mut section, reading),
        depends: section
            .tables("depends", &mut reading.problems)
            .into_iter()
            .map(|row| depends(row, reading))
            .collect(),
        volatile: section
            .tables("volatile", &mut reading.problems)
            .into_iter()
            .map(|row| volatile(row, reading))
            .collect(),
    };
    for key in ["patterns", "tools", "compile", "check"] {
        if !section.has(key) {
            missing_table(&section, key, reading);
        }
    }
    section.finish(&mut reading.problems);
    rule
}

/// Words of a command. Each placeholder is one of the `fields`, or a word that stands for several.
fn template(
    section: &mut Section<'_>,
    key: &'static str,
    fields: &[&str],
    reading: &mut Reading<'_>,
) -> Vec<String> {
    let words = section.strings(key, &mut reading.problems);
    let mut templates = Vec::new();
    for word in words {
        let list = CompilerRule::LISTS.contains(&word.value.as_str());
        match unknown_field(&word.value, fields).filter(|_| !list) {
            None => templates.push(word.value),
            Some(field) => {
                let message = format!("there is no `{{{field}}}` here");
                let help = format!(
                    "{} stand alone, {{{}}} anywhere",
                    CompilerRule::LISTS.join(" "),
                    fields.join("} {")
                );
                let problems = &mut reading.problems;
                problems.add_with_help("config-value", word.span, message, help);
            }
        }
    }
    for field in fields {
        let wanted = format!("{{{field}}}");
        if section.has(key) && !templates.iter().any(|word| word.contains(&wanted)) {
            let message = format!("`{key}` never says `{wanted}`");
            let problems = &mut reading.problems;
            problems.add("config-value", section.heading(), message);
        }
    }
    templates
}

/// One word, in which only the `fields` are placeholders.
fn single(
    section: &mut Section<'_>,
    key: &'static str,
    fields: &[&str],
    reading: &mut Reading<'_>,
) -> String {
    let Some(word) = section.filled_string(key, &mut reading.problems) else {
        return reading.required(section, key);
    };
    if let Some(field) = unknown_field(&word.value, fields) {
        let message = format!("there is no `{{{field}}}` here");
        let help = format!("write {{{}}}", fields.join("} {"));
        let problems = &mut reading.problems;
        problems.add_with_help("config-value", word.span, message, help);
    }
    word.value
}

/// The first placeholder of a word that is none of the `fields`.
fn unknown_field<'w>(word: &'w str, fields: &[&str]) -> Option<&'w str> {
    let mut rest = word;
    while let Some((_, after)) = rest.split_once('{') {
        let (field, after) = after.split_once('}')?;
        if !fields.contains(&field) {
            return Some(field);
        }
        rest = after;
    }
    None
}

fn optimise(section: &mut Section<'_>, reading: &mut Reading<'_>) -> Optimise {
    let Some(mut table) = section.table("optimise", &mut reading.problems) else {
        return Optimise::default();
    };
    let optimise = Optimise {
        none: strings(&mut table, "none", reading),
        speed: strings(&mut table, "speed", reading),
    };
    table.finish(&mut reading.problems);
    optimise
}

fn refused(mut row: Section<'_>, reading: &mut Reading<'_>) -> RefusedFlag {
    let rule = RefusedFlag {
        place: reading.place(&row.heading()),
        flags: patterns(&mut row, "flags", reading),
        why: reading.required(&mut row, "why"),
        remedy: reading.required(&mut row, "remedy"),
    };
    row.finish(&mut reading.problems);
    rule
}

fn text(section: &mut Section<'_>, reading: &mut Reading<'_>) -> TextRule {
    let Some(mut table) = section.table("text", &mut reading.problems) else {
        return TextRule::default();
    };
    let mut pairs = strings(&mut table, "block-comments", reading).into_iter();
    let mut block_comments = Vec::new();
    while let Some(begin) = pairs.next() {
        match pairs.next() {
            Some(end) => block_comments.push((begin, end)),
            None => {
                let message = "each beginning of a comment needs its end behind it";
                let problems = &mut reading.problems;
                problems.add("config-value", table.heading(), message);
            }
        }
    }
    let rule = TextRule {
        line_comments: strings(&mut table, "line-comments", reading),
        block_comments,
        quotes: letters(&mut table, "quotes", reading),
        escape: letters(&mut table, "escape", reading).pop(),
        digit_separator: letters(&mut table, "digit-separator", reading).pop(),
        names_after: strings(&mut table, "names-after", reading),
        unclear: strings(&mut table, "unclear", reading),
        telling: strings(&mut table, "telling", reading),
        lines: strings(&mut table, "lines", reading),
        embeds: strings(&mut table, "embeds", reading),
        embeds_anywhere: strings(&mut table, "embeds-anywhere", reading),
    };
    table.finish(&mut reading.problems);
    rule
}

/// Strings of one ASCII character each.
fn letters(table: &mut Section<'_>, key: &'static str, reading: &mut Reading<'_>) -> Vec<char> {
    let strings = table.strings(key, &mut reading.problems);
    reading.made(strings, |text| {
        let mut letters = text.chars();
        match (letters.next(), letters.next()) {
            (Some(letter), None) if letter.is_ascii() => Ok(letter),
            _ => Err("this must be a single ASCII character"),
        }
    })
}

fn depends(mut row: Section<'_>, reading: &mut Reading<'_>) -> DependsRule {
    let on = row.choice("on", SIGNIFICANCE, &mut reading.problems);
    let directory = row.boolean("working-directory", &mut reading.problems);
    let rule = DependsRule {
        place: reading.place(&row.heading()),
        flags: patterns(&mut row, "flags", reading),
        except: patterns(&mut row, "except", reading),
        objects: strings(&mut row, "objects", reading),
        on: on.unwrap_or(Significance::Words),
        working_directory: directory.unwrap_or(false),
        why: reading.required(&mut row, "why"),
    };
    row.finish(&mut reading.problems);
    rule
}

fn volatile(mut row: Section<'_>, reading: &mut Reading<'_>) -> VolatileWord {
    let unless = row.filled_string("unless", &mut reading.problems);
    let rule = VolatileWord {
        place: reading.place(&row.heading()),
        words: strings(&mut row, "words", reading),
        unless: unless.map(|name| name.value),
        why: reading.required(&mut row, "why"),
        remedy: reading.required(&mut row, "remedy"),
    };
    row.finish(&mut reading.problems);
    rule
}
