//! A story as a page: prose, files and sessions. Knows Markdown fences, and nothing of commands.

/// A story, part by part.
pub struct Page {
    pub parts: Vec<Part>,
}

pub enum Part {
    /// Prose, and the fences around sessions.
    Prose(String),
    /// A file to write; `fence` is the line that opens the block.
    File {
        fence: String,
        path: String,
        text: String,
    },
    Command(Exchange),
}

/// A command and what it says.
pub struct Exchange {
    pub command: String,
    pub output: Vec<String>,
}

impl Page {
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut parts = Vec::new();
        let mut lines = text.lines().peekable();
        while let Some(line) = lines.next() {
            let Some(fence) = line.strip_prefix("```").filter(|fence| !fence.is_empty()) else {
                parts.push(Part::Prose(line.to_owned()));
                continue;
            };
            let file = fence.split(' ').find_map(|word| word.strip_prefix("file="));
            let mut body = Vec::new();
            loop {
                match lines.next() {
                    Some("```") => break,
                    Some(line) => body.push(line.to_owned()),
                    None => return Err(format!("the block {line} is not closed")),
                }
            }
            match file {
                Some(path) => {
                    let text = body.iter().map(|line| format!("{line}\n")).collect();
                    parts.push(Part::File {
                        fence: line.to_owned(),
                        path: path.to_owned(),
                        text,
                    });
                }
                None if fence == "sh" => {
                    parts.push(Part::Prose(line.to_owned()));
                    session(&mut parts, body)?;
                    parts.push(Part::Prose("```".to_owned()));
                }
                None => return Err(format!("{line} is neither a file nor a session")),
            }
        }
        Ok(Self { parts })
    }

    pub fn text(&self) -> String {
        let mut text = String::new();
        for part in &self.parts {
            match part {
                Part::Prose(line) => text += &format!("{line}\n"),
                Part::File {
                    fence, text: body, ..
                } => text += &format!("{fence}\n{body}```\n"),
                Part::Command(Exchange { command, output }) => {
                    text += &format!("$ {command}\n");
                    output.iter().for_each(|line| text += &format!("{line}\n"));
                }
            }
        }
        text
    }
}

fn session(parts: &mut Vec<Part>, lines: Vec<String>) -> Result<(), String> {
    for line in lines {
        match (line.strip_prefix("$ "), parts.last_mut()) {
            (Some(command), _) => parts.push(Part::Command(Exchange {
                command: command.to_owned(),
                output: Vec::new(),
            })),
            (None, Some(Part::Command(exchange))) => exchange.output.push(line),
            (None, _) => return Err(format!("a session begins with a command, not with {line}")),
        }
    }
    Ok(())
}
