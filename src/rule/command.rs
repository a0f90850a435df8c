//! The command line of a compiler for one file: its rule's templates, filled in.
//!
//! A word of a template becomes one word, whatever is filled in; a list becomes as many words as it has. Nothing is ever
//! split, so that no name and no value can become another argument.

use super::definition::{Definition, Definitions};
use super::schema::CompilerRule;
use camino::Utf8PathBuf;

/// What is filled in.
#[derive(Clone, Copy, Debug)]
pub struct UnitWords<'u> {
    pub source: &'u str,
    /// Where the object goes; nothing asks for it in a command that makes none.
    pub object: &'u str,
    pub include: &'u [Utf8PathBuf],
    pub defines: &'u Definitions,
    pub flags: &'u [String],
    pub position_independent: bool,
    /// Optimised for speed.
    pub speed: bool,
}

impl CompilerRule {
    /// The arguments that `templates`, [`CompilerRule::compile`] or [`CompilerRule::check`], make of these words.
    pub fn arguments(&self, templates: &[String], words: &UnitWords<'_>) -> Vec<String> {
        let mut arguments = Vec::with_capacity(templates.len() + words.flags.len());
        for template in templates {
            match template.as_str() {
                "{optimise}" if words.speed => arguments.extend(self.optimise.speed.clone()),
                "{optimise}" => arguments.extend(self.optimise.none.clone()),
                "{position}" if words.position_independent => {
                    arguments.extend(self.position_independent.clone());
                }
                "{position}" => {}
                "{includes}" => {
                    arguments.extend(words.include.iter().map(|directory| {
                        filled(&self.include, &[("directory", directory.as_str())])
                    }))
                }
                "{defines}" => {
                    arguments.extend(words.defines.iter().filter_map(|(name, definition)| {
                        let (template, value) = match definition {
                            Definition::Plain => (&self.define_bare, ""),
                            Definition::Text(text) => (&self.define, text.as_str()),
                            Definition::Not => return None,
                        };
                        Some(filled(template, &[("name", name), ("value", value)]))
                    }))
                }
                "{flags}" => arguments.extend(words.flags.iter().cloned()),
                template => arguments.push(filled(
                    template,
                    &[("source", words.source), ("object", words.object)],
                )),
            }
        }
        arguments
    }
}

/// The template with each field's value in its place. What is filled in is not looked at again.
fn filled(template: &str, fields: &[(&str, &str)]) -> String {
    let mut out = String::with_capacity(template.len() + 32);
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let field = after.split_once('}').and_then(|(name, after)| {
            let (_, value) = fields.iter().find(|(field, _)| *field == name)?;
            Some((value, after))
        });
        match field {
            Some((value, after)) => {
                out.push_str(value);
                rest = after;
            }
            None => {
                out.push('{');
                rest = after;
            }
        }
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::filled;

    #[test]
    fn what_is_filled_in_stays_one_word_and_is_not_read_again() {
        let fields = [("name", "{value}"), ("value", "a b \"c\" -o x")];
        assert_eq!(
            filled("-D{name}={value}", &fields),
            "-D{value}=a b \"c\" -o x"
        );
        assert_eq!(filled("{other}{", &fields), "{other}{");
    }
}
