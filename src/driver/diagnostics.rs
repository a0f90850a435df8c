//! Diagnostics with excerpts of the source, as compilers show them, and as JSON messages.
//!
//! Knows files only to show them: a file that cannot be read any more costs the excerpt, not the diagnostic.

use super::terminal::Terminal;
use crate::frontend::Diagnostic;
use crate::host::Host;
use crate::rule::Rules;
use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use camino::{Utf8Path, Utf8PathBuf};
use serde::Serialize;
use std::collections::HashMap;
use std::ops::Range;

/// Diagnostics shown to people; the others are counted.
const SHOWN: usize = 50;

/// Renders diagnostics; reads each file once.
pub struct Excerpts<'h> {
    host: &'h dyn Host,
    texts: HashMap<Utf8PathBuf, Option<String>>,
    renderer: Renderer,
    plain: Renderer,
}

/// A diagnostic for machines.
#[derive(Serialize)]
pub struct Message<'d> {
    reason: &'static str,
    level: &'static str,
    code: &'d str,
    message: &'d str,
    help: Option<&'d str>,
    file: &'d Utf8Path,
    /// One, or none where the file cannot be read.
    spans: Vec<Spanned<'d>>,
    rendered: String,
}

/// A place for machines. Lines and columns are counted from 1, columns in characters; ends are exclusive.
#[derive(Serialize)]
struct Spanned<'d> {
    file_name: &'d Utf8Path,
    byte_start: usize,
    byte_end: usize,
    line_start: usize,
    line_end: usize,
    column_start: usize,
    column_end: usize,
    label: &'d str,
}

impl<'h> Excerpts<'h> {
    pub fn new(host: &'h dyn Host, terminal: &Terminal) -> Self {
        let renderer = if terminal.color {
            Renderer::styled()
        } else {
            Renderer::plain()
        };
        Self {
            host,
            texts: HashMap::new(),
            renderer: renderer.term_width(terminal.width),
            plain: Renderer::plain().term_width(100),
        }
    }

    /// The first diagnostics in the order of files and places, and how many more there are.
    pub fn text(&mut self, diagnostics: &[Diagnostic]) -> String {
        let renderer = self.renderer.clone();
        let mut text = String::new();
        for diagnostic in diagnostics.iter().take(SHOWN) {
            text.push_str(&self.render(diagnostic, &renderer));
            text.push_str("\n\n");
        }
        if diagnostics.len() > SHOWN {
            text.push_str(&format!("… and {} more\n\n", diagnostics.len() - SHOWN));
        }
        text
    }

    /// One `compiler-message`.
    pub fn message<'d>(&mut self, diagnostic: &'d Diagnostic) -> Message<'d> {
        let rendered = self.render(diagnostic, &self.plain.clone());
        let spans = self
            .text_of(&diagnostic.path)
            .map(|text| spanned(text, diagnostic));
        Message {
            reason: "compiler-message",
            level: "error",
            code: &diagnostic.code,
            message: &diagnostic.message,
            help: diagnostic.help.as_deref(),
            file: &diagnostic.path,
            spans: spans.into_iter().collect(),
            rendered,
        }
    }

    /// `src/a.ts:3:5`, or the path alone where nothing in the file is meant, or it cannot be read any more.
    pub fn place(&mut self, diagnostic: &Diagnostic) -> String {
        let path = &diagnostic.path;
        let whole = diagnostic.span.end == 0 && diagnostic.label.is_empty();
        match self.text_of(path).filter(|_| !whole) {
            Some(text) => {
                let (line, column) = position(text, within(text, diagnostic).start);
                format!("{path}:{line}:{column}")
            }
            None => path.to_string(),
        }
    }

    fn text_of(&mut self, path: &Utf8Path) -> Option<&str> {
        let host = self.host;
        let read = || match host.read(path) {
            Ok(bytes) => Some(String::from_utf8_lossy(&bytes).into_owned()),
            // Rules that are part of the program are no files of the project.
            Err(_) => Rules::shipped_text(path.as_str()).map(str::to_owned),
        };
        self.texts
            .entry(path.to_owned())
            .or_insert_with(read)
            .as_deref()
    }

    fn render(&mut self, diagnostic: &Diagnostic, renderer: &Renderer) -> String {
        let title = Level::ERROR.primary_title(diagnostic.message.as_str());
        let title = if diagnostic.code.is_empty() {
            title
        } else {
            title.id(diagnostic.code.as_str())
        };
        let path = diagnostic.path.as_str();
        let mut group = match self.text_of(&diagnostic.path) {
            // A whole file without a place in it, such as an object that the linker names, has nothing to point at.
            _ if path.is_empty() => Group::with_title(title),
            Some(text) if diagnostic.span.end > 0 || !diagnostic.label.is_empty() => {
                let span = within(text, diagnostic);
                let lines = lines_around(text, &span);
                let mark =
                    AnnotationKind::Primary.span(span.start - lines.start..span.end - lines.start);
                let mark = if diagnostic.label.is_empty() {
                    mark
                } else {
                    mark.label(diagnostic.label.as_str())
                };
                let first = text[..lines.start].matches('\n').count() + 1;
                let snippet = Snippet::source(text[lines].to_owned())
                    .line_start(first)
                    .path(path)
                    .annotation(mark);
                title.element(snippet)
            }
            _ => title.element(Origin::path(path)),
        };
        if let Some(help) = &diagnostic.help {
            group = group.element(Level::HELP.message(help.as_str()));
        }
        renderer.render(&[group])
    }
}

/// Puts diagnostics into the order of files and places.
pub fn sort(diagnostics: &mut [Diagnostic]) {
    diagnostics.sort_by(|a, b| {
        let key = |diagnostic: &Diagnostic| (diagnostic.span.start, diagnostic.span.end);
        (&a.path, key(a), &a.code, &a.message).cmp(&(&b.path, key(b), &b.code, &b.message))
    });
}

/// The span in a text that may have become shorter since, on character boundaries.
fn within(text: &str, diagnostic: &Diagnostic) -> Range<usize> {
    let start = text.floor_char_boundary(diagnostic.span.start as usize);
    let end = text.ceil_char_boundary(diagnostic.span.end as usize);
    start..end.max(start)
}

/// The whole lines that a span touches, without the last line's end.
fn lines_around(text: &str, span: &Range<usize>) -> Range<usize> {
    let start = text[..span.start].rfind('\n').map_or(0, |at| at + 1);
    // A span that ends with a line's end does not touch the next line.
    let last = if span.end > span.start {
        text.floor_char_boundary(span.end - 1)
    } else {
        span.end
    };
    let end = text[last..].find('\n').map_or(text.len(), |at| last + at);
    let end = if text[start..end].ends_with('\r') {
        end - 1
    } else {
        end
    };
    start..end.max(span.end)
}

fn spanned<'d>(text: &str, diagnostic: &'d Diagnostic) -> Spanned<'d> {
    let span = within(text, diagnostic);
    let ((line_start, column_start), (line_end, column_end)) =
        (position(text, span.start), position(text, span.end));
    Spanned {
        file_name: &diagnostic.path,
        byte_start: span.start,
        byte_end: span.end,
        line_start,
        line_end,
        column_start,
        column_end,
        label: &diagnostic.label,
    }
}

/// Line and column.
fn position(text: &str, offset: usize) -> (usize, usize) {
    let line = text[..offset].rfind('\n').map_or(0, |at| at + 1);
    (
        text[..line].matches('\n').count() + 1,
        text[line..offset].chars().count() + 1,
    )
}

#[cfg(test)]
mod tests;
