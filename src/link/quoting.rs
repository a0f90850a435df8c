//! The commands that a compiler driver prints for `-###`, as words.
//!
//! gcc and clang print each command on a line of its own that begins with a space. A word with special characters stands
//! in double quotes, in which a backslash precedes `"`, `\` and `$`. Other lines are for people. This module knows no
//! option.

/// The commands in what a driver printed.
pub(super) fn commands(printed: &str) -> Vec<Vec<String>> {
    let mut commands = Vec::new();
    let mut rest = printed;
    while !rest.is_empty() {
        if rest.starts_with(' ') {
            let (words, after) = command(rest);
            commands.push(words);
            rest = after;
        } else {
            rest = rest.split_once('\n').map_or("", |(_, after)| after);
        }
    }
    commands
}

/// The words up to the end of the line, which is the first line break outside quotes, and what follows it.
fn command(text: &str) -> (Vec<String>, &str) {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quoted = false;
    let mut letters = text.char_indices();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '\\' if quoted => {
                // A lone backslash at the very end is not printed by any driver.
                let escaped = letters.next().map_or('\\', |(_, escaped)| escaped);
                word.get_or_insert_default().push(escaped);
            }
            '"' => {
                quoted = !quoted;
                // Two quotes with nothing between them are an empty word.
                word.get_or_insert_default();
            }
            '\n' if !quoted => {
                words.extend(word);
                return (words, &text[at + 1..]);
            }
            ' ' if !quoted => words.extend(word.take()),
            other => word.get_or_insert_default().push(other),
        }
    }
    words.extend(word);
    (words, "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gcc_quotes_only_what_is_special() {
        let printed = "Using built-in specs.\nCOLLECT_GCC_OPTIONS='-Lq' '-o' 'a'\n \
                       /usr/lib/gcc/x86_64-linux-gnu/12/collect2 -plugin /usr/lib/p.so \"-plugin-opt=-fresolution=/tmp/cc1.res\" \
                       \"--hash-style=gnu\" \"-L/with space/\\$HOME\" \"a\\\"b\\\\c\" \"\" --kiln-objects -lc\nCOLLECT_GCC_OPTIONS='-Lq'\n";
        assert_eq!(
            commands(printed),
            [[
                "/usr/lib/gcc/x86_64-linux-gnu/12/collect2",
                "-plugin",
                "/usr/lib/p.so",
                "-plugin-opt=-fresolution=/tmp/cc1.res",
                "--hash-style=gnu",
                "-L/with space/$HOME",
                "a\"b\\c",
                "",
                "--kiln-objects",
                "-lc",
            ]]
        );
    }

    #[test]
    fn clang_quotes_every_word() {
        let printed = "Debian clang version 19.1.7\nTarget: x86_64-pc-linux-gnu\nInstalledDir: /usr/lib/llvm-19/bin\n \
                       \"/usr/bin/ld\" \"--hash-style=both\" \"-dynamic-linker\" \"/lib64/ld-linux-x86-64.so.2\" \"--kiln-objects\"\n";
        assert_eq!(
            commands(printed),
            [[
                "/usr/bin/ld",
                "--hash-style=both",
                "-dynamic-linker",
                "/lib64/ld-linux-x86-64.so.2",
                "--kiln-objects"
            ]]
        );
    }

    #[test]
    fn a_line_break_in_quotes_belongs_to_the_word() {
        assert_eq!(
            commands(" ld \"-La\nb\" x\n y"),
            [vec!["ld", "-La\nb", "x"], vec!["y"]]
        );
        assert!(commands("gcc: error: no\n").is_empty());
    }
}
