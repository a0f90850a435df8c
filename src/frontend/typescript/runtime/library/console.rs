//! `console`: formats its arguments and writes a line, indented by the open groups.

mod table;

use crate::convert;
use crate::global::Global;
use crate::inspect::{self, Options};
use crate::key::Key;
use crate::libc;
use crate::native::{self, Call, Native};
use crate::number;
use crate::object::{Attributes, Object};
use crate::output;
use crate::string::Str;
use crate::value::{Outcome, Value};
use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

/// What `console` remembers between calls.
struct State {
    /// Columns by which lines are indented.
    indentation: usize,
    counts: BTreeMap<String, u32>,
    /// When timers were started, in nanoseconds.
    timers: BTreeMap<String, i64>,
}

static STATE: Global<State> = Global::new(State {
    indentation: 0,
    counts: BTreeMap::new(),
    timers: BTreeMap::new(),
});

static METHODS: &[Native] = &[
    Native::new("log", 0, log),
    Native::new("warn", 0, warn),
    Native::new("dir", 0, dir),
    Native::new("time", 0, time),
    Native::new("timeEnd", 0, |call| time_log(call, true)),
    Native::new("timeLog", 0, |call| time_log(call, false)),
    Native::new("trace", 0, trace),
    Native::new("assert", 0, assert),
    Native::new("clear", 0, |_| Ok(Value::UNDEFINED)),
    Native::new("count", 0, count),
    Native::new("countReset", 0, count_reset),
    Native::new("group", 0, group),
    Native::new("groupEnd", 0, group_end),
    Native::new("table", 1, table::table),
    Native::new("debug", 0, log),
    Native::new("info", 0, log),
    Native::new("dirxml", 0, log),
    Native::new("error", 0, warn),
    Native::new("groupCollapsed", 0, group),
];

/// Makes the object.
pub fn create() -> Value {
    let console = Object::new();
    for method in METHODS {
        console.define(
            Key::of(method.name),
            native::function(method),
            Attributes::ALL,
        );
    }
    super::define_tag(console, "console");
    console.value()
}

/// Writes a line, or several.
fn write(text: &str, write: fn(&[u8])) {
    let indentation = STATE.state().indentation;
    let mut bytes = Vec::with_capacity(text.len() + 1);
    if indentation == 0 {
        bytes.extend_from_slice(text.as_bytes());
    } else {
        for (index, line) in text.split('\n').enumerate() {
            if index > 0 {
                bytes.push(b'\n');
            }
            bytes.extend(core::iter::repeat_n(b' ', indentation));
            bytes.extend_from_slice(line.as_bytes());
        }
    }
    bytes.push(b'\n');
    write(&bytes);
}

/// Writes the arguments as one line.
fn print(arguments: &[Value], to: fn(&[u8])) -> Outcome {
    // A single string is what is mostly printed; it is taken as it is.
    if let [value] = arguments
        && let Some(string) = value.as_string()
        && STATE.state().indentation == 0
    {
        let mut bytes = Vec::with_capacity(string.length() as usize + 1);
        string.to_utf8(&mut bytes);
        bytes.push(b'\n');
        to(&bytes);
        return Ok(Value::UNDEFINED);
    }
    write(&inspect::format(arguments)?, to);
    Ok(Value::UNDEFINED)
}

fn log(call: &Call) -> Outcome {
    print(call.args, output::stdout)
}

fn warn(call: &Call) -> Outcome {
    print(call.args, output::stderr)
}

/// `dir(value, { depth, showHidden })`.
fn dir(call: &Call) -> Outcome {
    let mut options = Options::DEFAULT;
    if let Some(given) = call.arg(1).as_object() {
        let depth = given.get(Key::of("depth"))?;
        if depth.is_null() {
            options.depth = i32::MAX;
        } else if let Some(depth) = depth.as_number() {
            options.depth = depth as i32;
        }
        options.show_hidden = convert::to_boolean(given.get(Key::of("showHidden"))?);
    }
    write(&inspect::text(call.arg(0), options)?, output::stdout);
    Ok(Value::UNDEFINED)
}

/// The label of a counter or timer.
fn label(call: &Call) -> Outcome<String> {
    if call.arg(0).is_undefined() {
        Ok(String::from("default"))
    } else {
        Ok(convert::to_string(call.arg(0))?.to_rust())
    }
}

fn now() -> i64 {
    let (seconds, nanoseconds) = libc::now();
    seconds * 1_000_000_000 + nanoseconds
}

fn time(call: &Call) -> Outcome {
    let label = label(call)?;
    STATE.state().timers.entry(label).or_insert_with(now);
    Ok(Value::UNDEFINED)
}

/// A duration as Node shows it.
fn duration(nanoseconds: i64) -> String {
    let mut text = String::new();
    let milliseconds = nanoseconds as f64 / 1e6;
    if milliseconds < 1000.0 {
        number::push_fixed(&mut text, milliseconds, 3);
        let shortest = number::parse_float(text.encode_utf16());
        return number::number_to_text(shortest) + "ms";
    }
    let seconds = nanoseconds / 1_000_000_000;
    if seconds < 60 {
        number::push_fixed(&mut text, milliseconds / 1000.0, 3);
        return text + "s";
    }
    let rest = nanoseconds / 1_000_000 % 1000;
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if hours > 0 {
        return format!("{hours}:{minutes:02}:{seconds:02}.{rest:03} (h:mm:ss.mmm)");
    }
    format!("{minutes}:{seconds:02}.{rest:03} (m:ss.mmm)")
}

fn time_log(call: &Call, end: bool) -> Outcome {
    let label = label(call)?;
    let Some(start) = STATE.state().timers.get(&label).copied() else {
        return Ok(Value::UNDEFINED);
    };
    let mut line = format!("{label}: {}", duration(now() - start));
    if end {
        STATE.state().timers.remove(&label);
    } else if call.args.len() > 1 {
        line = line + " " + &inspect::format(&call.args[1..])?;
    }
    write(&line, output::stdout);
    Ok(Value::UNDEFINED)
}

fn trace(call: &Call) -> Outcome {
    let text = inspect::format(call.args)?;
    write(
        &if text.is_empty() {
            String::from("Trace")
        } else {
            format!("Trace: {text}")
        },
        output::stderr,
    );
    Ok(Value::UNDEFINED)
}

fn assert(call: &Call) -> Outcome {
    if convert::to_boolean(call.arg(0)) {
        return Ok(Value::UNDEFINED);
    }
    let Some((first, rest)) = call.args.get(1..).and_then(<[Value]>::split_first) else {
        return print(
            &[Str::from_utf8("Assertion failed").value()],
            output::stderr,
        );
    };
    let text = convert::to_string(*first)?.to_rust();
    let mut arguments = crate::heap::storage::Values::new();
    arguments.push(Str::from_utf8(&format!("Assertion failed: {text}")).value());
    rest.iter().for_each(|value| arguments.push(*value));
    print(arguments.as_slice(), output::stderr)
}

fn count(call: &Call) -> Outcome {
    let label = label(call)?;
    let count = STATE.state().counts.entry(label.clone()).or_default();
    *count += 1;
    write(&format!("{label}: {count}"), output::stdout);
    Ok(Value::UNDEFINED)
}

fn count_reset(call: &Call) -> Outcome {
    STATE.state().counts.remove(&label(call)?);
    Ok(Value::UNDEFINED)
}

fn group(call: &Call) -> Outcome {
    if !call.args.is_empty() {
        print(call.args, output::stdout)?;
    }
    STATE.state().indentation += 2;
    Ok(Value::UNDEFINED)
}

fn group_end(_: &Call) -> Outcome {
    let state = STATE.state();
    state.indentation = state.indentation.saturating_sub(2);
    Ok(Value::UNDEFINED)
}
