//! The terminal: whether it is one, its width and colours, and writing to it without failing.
//!
//! Text for people goes to stderr, for machines to stdout. Where nobody reads any more, writing is given up without a
//! word, as a reader that has gone away wants it. Knows nothing of builds.

use super::args::{Color, TerminalOptions};
use crate::host::Host;
use annotate_snippets::renderer::{AnsiColor, Style};
use std::borrow::Cow;
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
        if let Some(remedy) = remedy.filter(|remedy| !remedy.is_empty()) {
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

/// The text as a terminal may have it: names of files and what tools say can hold characters that move its cursor, rename its
/// window or hide what follows. Colours stay.
pub fn harmless(text: &str) -> Cow<'_, str> {
    if !text.contains(|letter: char| is_harmful(letter)) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(letter) = rest.chars().next() {
        if let Some(length) = color_at(rest) {
            out.push_str(&rest[..length]);
            rest = &rest[length..];
            continue;
        }
        rest = &rest[letter.len_utf8()..];
        match u32::from(letter) {
            _ if !is_harmful(letter) => out.push(letter),
            code @ 0..=0x1f => out.push(char::from_u32(0x2400 + code).unwrap_or('\u{fffd}')),
            0x7f => out.push('\u{2421}'),
            _ => out.push('\u{fffd}'),
        }
    }
    Cow::Owned(out)
}

fn is_harmful(letter: char) -> bool {
    letter.is_control() && !matches!(letter, '\n' | '\t')
}

/// The length of what changes the colour here, if that is what stands here, and what follows can still be read.
fn color_at(text: &str) -> Option<usize> {
    let numbers = text.strip_prefix("\u{1b}[")?;
    let end = numbers.find(|letter: char| !letter.is_ascii_digit() && letter != ';')?;
    let hides = numbers[..end].split(';').any(|number| number == "8");
    (numbers[end..].starts_with('m') && !hides).then_some(end + 3)
}

/// Writes for people.
pub fn write_stderr(text: &str) {
    let text = harmless(text);
    let mut stderr = std::io::stderr().lock();
    // Nobody is left to tell.
    let _ = stderr
        .write_all(text.as_bytes())
        .and_then(|()| stderr.flush());
}

/// Writes for machines. A reader that closed its end has what it wanted; any other failure is told.
pub fn write_stdout(text: &str) {
    // JSON is for programs, which get names as they are, in escapes.
    let text = match text.starts_with('{') {
        true => Cow::Borrowed(text),
        false => harmless(text),
    };
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
    use super::{harmless, narrowed};

    #[test]
    fn nothing_but_colours_reaches_the_terminal() {
        let colored = "\u{1b}[1m\u{1b}[31merror\u{1b}[0m: a\tb\n";
        assert_eq!(harmless(colored), colored);
        for (text, shown) in [
            ("a\u{1b}]0;t\u{7}b", "a␛]0;t␇b"),
            ("a\u{1b}[2Jb\u{1b}[8mc\u{1b}", "a␛[2Jb␛[8mc␛"),
            ("a\rb\u{7f}\u{9b}31m\0", "a␍b␡\u{fffd}31m␀"),
        ] {
            assert_eq!(harmless(text), shown);
        }
    }

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
