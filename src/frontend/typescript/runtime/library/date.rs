//! `Date`: a time in milliseconds since 1970. The calendar, reading and writing text are in the files below; here are the
//! constructor and the methods that get and set parts. What the language leaves to the locale is that of `en-US`.

mod calendar;
mod parse;
mod text;

use crate::call;
use crate::convert;
use crate::error;
use crate::key::names;
use crate::kind;
use crate::libc;
use crate::native::{Call, Native, NativeClass};
use crate::object::Object;
use crate::realm::Class;
use crate::string::Str;
use crate::value::{Outcome, Value};
use alloc::string::String;
use calendar::{MINUTE, Parts, clip, from_local, offset_at, to_local};

pub static CLASS: NativeClass = NativeClass {
    name: "Date",
    length: 7,
    run: construct,
    parent: None,
    methods: METHODS,
    statics: STATICS,
    setup: None,
};

static METHODS: &[Native] = &[
    Native::new("toString", 0, |call| {
        show(call, |time| text::date(time) + " " + &text::time(time))
    }),
    Native::new("toDateString", 0, |call| show(call, text::date)),
    Native::new("toTimeString", 0, |call| show(call, text::time)),
    Native::new("toISOString", 0, to_iso_string),
    Native::new("toUTCString", 0, |call| show(call, text::utc)),
    Native::new("getDate", 0, |call| {
        part(call, Zone::Local, |parts| parts.day)
    }),
    Native::new("setDate", 1, |call| set(call, Zone::Local, 2)),
    Native::new("getDay", 0, |call| part(call, Zone::Local, Parts::weekday)),
    Native::new("getFullYear", 0, |call| {
        part(call, Zone::Local, |parts| parts.year)
    }),
    Native::new("setFullYear", 3, |call| set(call, Zone::Local, 0)),
    Native::new("getHours", 0, |call| {
        part(call, Zone::Local, |parts| parts.hour())
    }),
    Native::new("setHours", 4, |call| set(call, Zone::Local, 3)),
    Native::new("getMilliseconds", 0, |call| {
        part(call, Zone::Local, |parts| parts.milliseconds % 1000)
    }),
    Native::new("setMilliseconds", 1, |call| set(call, Zone::Local, 6)),
    Native::new("getMinutes", 0, |call| {
        part(call, Zone::Local, |parts| parts.minute())
    }),
    Native::new("setMinutes", 3, |call| set(call, Zone::Local, 4)),
    Native::new("getMonth", 0, |call| {
        part(call, Zone::Local, |parts| parts.month - 1)
    }),
    Native::new("setMonth", 2, |call| set(call, Zone::Local, 1)),
    Native::new("getSeconds", 0, |call| {
        part(call, Zone::Local, |parts| parts.second())
    }),
    Native::new("setSeconds", 2, |call| set(call, Zone::Local, 5)),
    Native::new("getTime", 0, |call| Ok(Value::number(time_of(call)?))),
    Native::new("setTime", 1, set_time),
    Native::new("getTimezoneOffset", 0, timezone_offset),
    Native::new("getUTCDate", 0, |call| {
        part(call, Zone::Utc, |parts| parts.day)
    }),
    Native::new("setUTCDate", 1, |call| set(call, Zone::Utc, 2)),
    Native::new("getUTCDay", 0, |call| part(call, Zone::Utc, Parts::weekday)),
    Native::new("getUTCFullYear", 0, |call| {
        part(call, Zone::Utc, |parts| parts.year)
    }),
    Native::new("setUTCFullYear", 3, |call| set(call, Zone::Utc, 0)),
    Native::new("getUTCHours", 0, |call| {
        part(call, Zone::Utc, |parts| parts.hour())
    }),
    Native::new("setUTCHours", 4, |call| set(call, Zone::Utc, 3)),
    Native::new("getUTCMilliseconds", 0, |call| {
        part(call, Zone::Utc, |parts| parts.milliseconds % 1000)
    }),
    Native::new("setUTCMilliseconds", 1, |call| set(call, Zone::Utc, 6)),
    Native::new("getUTCMinutes", 0, |call| {
        part(call, Zone::Utc, |parts| parts.minute())
    }),
    Native::new("setUTCMinutes", 3, |call| set(call, Zone::Utc, 4)),
    Native::new("getUTCMonth", 0, |call| {
        part(call, Zone::Utc, |parts| parts.month - 1)
    }),
    Native::new("setUTCMonth", 2, |call| set(call, Zone::Utc, 1)),
    Native::new("getUTCSeconds", 0, |call| {
        part(call, Zone::Utc, |parts| parts.second())
    }),
    Native::new("setUTCSeconds", 2, |call| set(call, Zone::Utc, 5)),
    Native::new("valueOf", 0, |call| Ok(Value::number(time_of(call)?))),
    Native::new("toJSON", 1, to_json),
    Native::new("toLocaleString", 0, |call| {
        show_for_locale(call, |time| {
            text::locale_date(time) + ", " + &text::locale_time(time)
        })
    }),
    Native::new("toLocaleDateString", 0, |call| {
        show_for_locale(call, text::locale_date)
    }),
    Native::new("toLocaleTimeString", 0, |call| {
        show_for_locale(call, text::locale_time)
    }),
    Native::new("@@toPrimitive", 1, to_primitive),
];

static STATICS: &[Native] = &[
    Native::new("now", 0, |_| Ok(Value::number(now()))),
    Native::new("parse", 1, |call| {
        Ok(Value::number(parse::parse(
            &convert::to_string(call.arg(0))?.to_rust(),
        )))
    }),
    Native::new("UTC", 7, |call| {
        Ok(Value::number(clip(calendar::time_of(fields(call)?))))
    }),
];

#[derive(Clone, Copy, PartialEq)]
enum Zone {
    Local,
    Utc,
}

fn now() -> f64 {
    let (seconds, nanoseconds) = libc::now();
    (seconds * 1000 + nanoseconds / 1_000_000) as f64
}

/// The arguments as year, month, day and so on. Years of two digits are of the last century.
fn fields(call: &Call) -> Outcome<[f64; 7]> {
    let mut fields = [f64::NAN, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0];
    for (field, value) in fields.iter_mut().zip(call.args) {
        *field = convert::to_number(*value)?;
    }
    let year = libc::trunc(fields[0]);
    if (0.0..=99.0).contains(&year) {
        fields[0] = year + 1900.0;
    }
    Ok(fields)
}

fn construct(call: &Call) -> Outcome {
    if !call.is_construct() {
        let time = now();
        return Ok(Str::from_utf8(&(text::date(time) + " " + &text::time(time))).value());
    }
    let time = match call.args {
        [] => now(),
        [value] => match value.as_kind(kind::DATE) {
            Some(date) => date.word(0).as_number().unwrap_or(f64::NAN),
            None => from_value(*value)?,
        },
        _ => clip(from_local(calendar::time_of(fields(call)?))),
    };
    let date = Object::private(kind::DATE, call.instance_prototype(Class::Date)?, 1);
    date.set_word(0, Value::number(time));
    Ok(date.value())
}

/// The time that a string or number stands for.
fn from_value(value: Value) -> Outcome<f64> {
    let primitive = convert::to_primitive(value, convert::Hint::Default)?;
    match primitive.as_string() {
        Some(text) => Ok(parse::parse(&text.to_rust())),
        None => Ok(clip(convert::to_number(primitive)?)),
    }
}

fn this(call: &Call) -> Outcome<Object> {
    match call.this.as_kind(kind::DATE) {
        Some(date) => Ok(date),
        None => error::throw_type(format_args!("this is not a Date object.")),
    }
}

fn time_of(call: &Call) -> Outcome<f64> {
    Ok(this(call)?.word(0).as_number().unwrap_or(f64::NAN))
}

fn part(call: &Call, zone: Zone, part: impl Fn(&Parts) -> i64) -> Outcome {
    let time = time_of(call)?;
    if time.is_nan() {
        return Ok(Value::NAN);
    }
    let shown = if zone == Zone::Local {
        to_local(time)
    } else {
        time
    };
    Ok(Value::int(part(&Parts::of(shown))))
}

/// Sets the field at `first` and those after it, as far as there are arguments.
fn set(call: &Call, zone: Zone, first: usize) -> Outcome {
    let date = this(call)?;
    let mut time = time_of(call)?;
    if time.is_nan() && first == 0 {
        // Setting the year makes a time of what was none.
        time = 0.0;
    }
    let mut fields = if time.is_nan() {
        [f64::NAN; 7]
    } else {
        Parts::of(if zone == Zone::Local {
            to_local(time)
        } else {
            time
        })
        .fields()
    };
    let last = if first < 3 { 3 } else { 7 };
    for (index, field) in fields[first..last].iter_mut().enumerate() {
        match call.args.get(index) {
            Some(value) => *field = convert::to_number(*value)?,
            None if index == 0 => *field = f64::NAN,
            None => {}
        }
    }
    let shown = calendar::time_of(fields);
    let time = Value::number(clip(if zone == Zone::Local {
        from_local(shown)
    } else {
        shown
    }));
    date.set_word(0, time);
    Ok(time)
}

fn set_time(call: &Call) -> Outcome {
    let date = this(call)?;
    let time = Value::number(clip(convert::to_number(call.arg(0))?));
    date.set_word(0, time);
    Ok(time)
}

fn timezone_offset(call: &Call) -> Outcome {
    let time = time_of(call)?;
    Ok(Value::number(if time.is_nan() {
        time
    } else {
        0.0 - offset_at(time) / MINUTE as f64
    }))
}

fn show(call: &Call, how: impl Fn(f64) -> String) -> Outcome {
    let time = time_of(call)?;
    let text = if time.is_nan() {
        String::from("Invalid Date")
    } else {
        how(time)
    };
    Ok(Str::from_utf8(&text).value())
}

fn show_for_locale(call: &Call, how: impl Fn(f64) -> String) -> Outcome {
    if call.arg(1).is_object() {
        return error::throw(
            Class::Error,
            format_args!("options of Date.prototype.toLocaleString are not supported"),
        );
    }
    show(call, how)
}

fn to_iso_string(call: &Call) -> Outcome {
    let time = time_of(call)?;
    if time.is_nan() {
        return error::throw_range(format_args!("Invalid time value"));
    }
    Ok(Str::from_utf8(&text::iso(time)).value())
}

fn to_json(call: &Call) -> Outcome {
    if time_of(call)?.is_nan() {
        Ok(Value::NULL)
    } else {
        to_iso_string(call)
    }
}

/// Dates are text unless a number is wanted.
fn to_primitive(call: &Call) -> Outcome {
    let hint = call
        .arg(0)
        .as_string()
        .map(Str::to_rust)
        .unwrap_or_default();
    let method = if hint == "number" {
        names::value_of()
    } else {
        names::to_string()
    };
    call::invoke(call.this, method, &[])
}

/// A date as `console.log` shows it.
pub fn date_text(date: Object) -> String {
    match date.word(0).as_number() {
        Some(time) if !time.is_nan() => text::iso(time),
        _ => String::from("Invalid Date"),
    }
}
