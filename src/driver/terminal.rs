//! The terminal: whether it is one, its width and colours, and writing to it without failing.
//!
//! Text for people goes to stderr, for machines to stdout. Where nobody reads any more, writing is given up without a
//! word, as a reader that has gone away wants it. Knows nothing of builds.

use super::args::{Color, TerminalOptions};
use crate::host::Host;
use annotate_snippets::renderer::{AnsiColor, Style};
use std::io::{IsTerminal, Write};

/// Where a command writes to.
#[derive(Clone, Debug)]
pub struct Terminal {
    pub quiet: bool,
    pub verbose: bool,
    /// Whether stderr takes colours.
    pub color: bool,
    /// Whether a progress bar makes sense.
    pub live: bool,
    /// Columns.
    pub width: usize,
}

impl Terminal {
    pub fn new(options: TerminalOptions, host: &dyn Host) -> Self {
        let stderr = std::io::stderr();
        let is_terminal = stderr.is_terminal();
        let set = |name: &str| host.variable(name).is_some_and(|value| !value.is_empty());
        let dumb = host.variable("TERM").is_some_and(|term| term == "dumb");
        // What is written on the command line is the last word; the variables are for everything else.
        let color = match options.color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto if set("NO_COLOR") => false,
            Color::Auto
                if host
                    .variable("CLICOLOR_FORCE")
                    .is_some_and(|value| !value.is_empty() && value != "0") =>
            {
                true
            }
            Color::Auto => {
                is_terminal && !dumb && host.variable("CLICOLOR").is_none_or(|value| value != "0")
            }
        };
        let width = if is_terminal {
            rustix::termios::tcgetwinsize(&stderr).map_or(0, |size| usize::from(size.ws_col))
        } else {
            0
        };
        Self {
            quiet: options.quiet,
            verbose: options.verbose,
            color,
            live: is_terminal && !dumb && !set("CI") && !options.quiet,
            width: if width == 0 {
                100
            } else {
                width.clamp(20, 140)
            },
        }
    }

    /// The text in a style, if there are colours.
    pub fn paint(&self, style: Style, text: &str) -> String {
        if self.color {
            format!("{style}{text}{style:#}")
        } else {
            text.to_owned()
        }
    }

    /// `kiln: …`, unless only errors are wanted.
    pub fn status(&self, text: &str) {
        if !self.quiet {
            let name = self.paint(AnsiColor::Green.on_default().bold(), "kiln");
            write_stderr(&format!("{name}: {text}\n"));
        }
    }

    /// Text that stands for itself, unless only errors are wanted.
    pub fn text(&self, text: &str) {
        if !self.quiet {
            write_stderr(text);
        }
    }

    /// The report of a build, and an empty line.
    pub fn explanation(&self, text: &str) {
        let text = narrowed(text, self.width);
        self.text(&(paint_changes(&text, self.color) + "\n"));
    }

    pub fn warning(&self, message: &str, remedy: Option<&str>) {
        if !self.quiet {
            self.titled(AnsiColor::Yellow, "warning", message, remedy);
        }
    }

    pub fn error(&self, message: &str, remedy: Option<&str>) {
        self.titled(AnsiColor::Red, "error", message, remedy);
    }

    fn titled(&self, color: AnsiColor, title: &str, message: &str, remedy: Option<&str>) {
        let title = self.paint(color.on_default().bold(), title);
        let mut text = format!("{title}: {message}\n");
        if let Some(remedy) = remedy {
            let help = self.paint(AnsiColor::Cyan.on_default().bold(), "help");
            text.push_str(&format!("  {help}: {remedy}\n"));
        }
        write_stderr(&text);
    }
}

/// `-`, `+` or a space where a line of a report is a line of a file, with its number before it.
fn excerpted(line: &str) -> Option<char> {
    let rest = line.strip_prefix("    ")?.trim_start();
    let digits = rest.find(|letter: char| !letter.is_ascii_digit())?;
    match rest[digits..].get(..3)? {
        " - " if digits > 0 => Some('-'),
        " + " if digits > 0 => Some('+'),
        "   " if digits > 0 => Some(' '),
        _ => None,
    }
}

/// A report, which is made for 80 columns, broken at spaces where the terminal has fewer.
pub fn narrowed(text: &str, width: usize) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.lines() {
        if line.chars().count() <= width || excerpted(line).is_some() {
            out.push_str(line);
            out.push('\n');
            continue;
        }
        let indent = line.len() - line.trim_start().len();
        // What is continued stands a little further in, where there is room for that.
        let further = indent.min(width / 3) + 2;
        let mut column = 0;
        for word in line.split_whitespace() {
            let length = word.chars().count();
            let before = match column {
                0 => indent.min(width / 3),
                _ if column + 1 + length > width => {
                    out.push('\n');
                    column = 0;
                    further
                }
                _ => 1,
            };
            out.extend(std::iter::repeat_n(' ', before));
            out.push_str(word);
            column += before + length;
        }
        out.push('\n');
    }
    out
}

/// A report with its removed lines in red and its added ones in green.
pub fn paint_changes(text: &str, color: bool) -> String {
    if !color {
        return text.to_owned();
    }
    let style = |line: &str| match excerpted(line)? {
        '-' => Some(AnsiColor::Red.on_default()),
        '+' => Some(AnsiColor::Green.on_default()),
        _ => None,
    };
    let lines = text.lines().map(|line| match style(line) {
        Some(style) => format!("{style}{line}{style:#}\n"),
        None => format!("{line}\n"),
    });
    lines.collect()
}

/// Writes for people.
pub fn write_stderr(text: &str) {
    let mut stderr = std::io::stderr().lock();
    // Nobody is left to tell.
    let _ = stderr
        .write_all(text.as_bytes())
        .and_then(|()| stderr.flush());
}

/// Writes for machines. A reader that closed its end has what it wanted; any other failure is told.
pub fn write_stdout(text: &str) {
    let mut stdout = std::io::stdout().lock();
    match stdout
        .write_all(text.as_bytes())
        .and_then(|()| stdout.flush())
    {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            write_stderr(&format!("error: cannot write to stdout: {error}\n"))
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::narrowed;

    #[test]
    fn a_report_fits_where_there_are_few_columns() {
        let report = "app was stale, because\n  src/a.ts changed\n        7 - const answer = 41;\n";
        assert_eq!(narrowed(report, 80), report);
        assert_eq!(
            narrowed(report, 20),
            "app was stale,\n  because\n  src/a.ts changed\n        7 - const answer = 41;\n"
        );
    }
}
