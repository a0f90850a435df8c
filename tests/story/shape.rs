//! What is said, without what differs from run to run: times, digests, counts. Knows nothing of who says it.

use serde_json::Value;

/// A message for machines, with what differs from run to run left out.
pub fn shape(message: &Value) -> String {
    let mut message = message.clone();
    if let Some(fields) = message.as_object_mut() {
        for (key, value) in fields.iter_mut() {
            match key.as_str() {
                "timings" | "microseconds" | "started" | "thread" | "observations"
                | "files_digested" | "output_digest" | "old" | "new" | "time"
                | "old_microseconds" | "new_microseconds" | "link_inputs"
                | "only_old_arguments" | "only_new_arguments" => *value = Value::from("[..]"),
                "counts" | "old_counts" | "new_counts" => {
                    if let Some(fields) = value.as_object_mut() {
                        fields
                            .iter_mut()
                            .filter(|(key, _)| {
                                matches!(key.as_str(), "observations" | "files_digested")
                            })
                            .for_each(|(_, value)| *value = Value::from("[..]"));
                    }
                }
                "link_cache" => {
                    if let Some(fields) = value.as_object_mut() {
                        fields
                            .iter_mut()
                            .filter(|(key, _)| {
                                matches!(key.as_str(), "linker" | "external_inputs_hashed")
                            })
                            .for_each(|(_, value)| *value = Value::from("[..]"));
                    }
                }
                _ => {}
            }
        }
    }
    message.to_string()
}

/// The line with digests, whole or cut short, as `[..]`.
pub fn without_digests(line: &str) -> String {
    let mut out = String::new();
    let mut digits = String::new();
    for letter in line.chars().chain(['\0']) {
        if letter.is_ascii_hexdigit() {
            digits.push(letter);
            continue;
        }
        out += if digits.len() >= 12 { "[..]" } else { &digits };
        digits.clear();
        out.push(letter);
    }
    out.trim_end_matches('\0').to_owned()
}

/// The line with durations and offsets as `[..]`.
pub fn without_times(line: &str) -> String {
    let mut words: Vec<String> = line.split(' ').map(str::to_owned).collect();
    for at in 0..words.len() {
        let number = |word: &str| {
            !word.is_empty()
                && word
                    .chars()
                    .all(|letter| letter.is_ascii_digit() || letter == '.' || letter == ',')
        };
        let bare = words[at].trim_start_matches('(').to_owned();
        let unit = words
            .get(at + 1)
            .map(|word| word.trim_end_matches([',', ')', ':', ';']).to_owned());
        if number(&bare)
            && unit.is_some_and(|unit| matches!(unit.as_str(), "µs" | "ms" | "s" | "min"))
        {
            words[at] = words[at].replace(&bare, "[..]");
            let after: String = words[at + 1]
                .chars()
                .skip_while(|letter| letter.is_alphabetic())
                .collect();
            words[at] += &after;
            words[at + 1] = String::from("\0");
        } else if number(&bare)
            && (words.get(at + 1).is_some_and(|next| next == "observations")
                || at > 0 && words[at - 1] == "byte")
        {
            words[at] = words[at].replace(&bare, "[..]");
        }
    }
    words.retain(|word| word != "\0");
    words.join(" ")
}
