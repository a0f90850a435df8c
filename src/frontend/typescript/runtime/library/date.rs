//! `Date`: a time in milliseconds, its parts in UTC and its ISO text. There is no calendar of the place where the program
//! runs: what the language gives in local time is not offered, rather than given wrongly.

use crate::convert;
use crate::error;
use crate::kind;
use crate::libc;
use crate::native::{Call, Native, NativeClass};
use crate::object::Object;
use crate::realm::Class;
use crate::string::Str;
use crate::value::{Outcome, Value};
use alloc::format;
use alloc::string::String;

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
    Native::new("getTime", 0, |call| Ok(Value::number(time_of(call)?))),
    Native::new("valueOf", 0, |call| Ok(Value::number(time_of(call)?))),
    Native::new("getUTCFullYear", 0, |call| part(call, |parts| parts.year)),
    Native::new("getUTCMonth", 0, |call| part(call, |parts| parts.month - 1)),
    Native::new("getUTCDate", 0, |call| part(call, |parts| parts.day)),
    Native::new("getUTCDay", 0, |call| {
        part(call, |parts| (parts.days + 4).rem_euclid(7))
    }),
    Native::new("getUTCHours", 0, |call| {
        part(call, |parts| parts.milliseconds / HOUR)
    }),
    Native::new("getUTCMinutes", 0, |call| {
        part(call, |parts| parts.milliseconds / MINUTE % 60)
    }),
    Native::new("getUTCSeconds", 0, |call| {
        part(call, |parts| parts.milliseconds / 1000 % 60)
    }),
    Native::new("getUTCMilliseconds", 0, |call| {
        part(call, |parts| parts.milliseconds % 1000)
    }),
    Native::new("toISOString", 0, to_iso_string),
    Native::new("toJSON", 1, |call| {
        if time_of(call)?.is_nan() {
            Ok(Value::NULL)
        } else {
            to_iso_string(call)
        }
    }),
];

static STATICS: &[Native] = &[
    Native::new("now", 0, |_| Ok(Value::number(now()))),
    Native::new("parse", 1, |call| {
        Ok(Value::number(parse(
            &convert::to_string(call.arg(0))?.to_rust(),
        )))
    }),
    Native::new("UTC", 7, |call| Ok(Value::number(utc(call)?))),
];

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;
/// The greatest distance from 1970.
const LIMIT: f64 = 8.64e15;

/// A day of the calendar and the time in it.
struct Parts {
    year: i64,
    /// From 1.
    month: i64,
    day: i64,
    /// Since 1970.
    days: i64,
    milliseconds: i64,
}

impl Parts {
    fn of(time: f64) -> Parts {
        let time = time as i64;
        let days = time.div_euclid(DAY);
        // Years begin in March here, so that a leap day is the last of its year; eras are 400 years.
        let shifted = days + 719_468;
        let era = shifted.div_euclid(146_097);
        let in_era = shifted.rem_euclid(146_097);
        let year = (in_era - in_era / 1460 + in_era / 36_524 - in_era / 146_096) / 365;
        let in_year = in_era - (365 * year + year / 4 - year / 100);
        let from_march = (5 * in_year + 2) / 153;
        let month = if from_march < 10 {
            from_march + 3
        } else {
            from_march - 9
        };
        Parts {
            year: year + era * 400 + i64::from(month <= 2),
            month,
            day: in_year - (153 * from_march + 2) / 5 + 1,
            days,
            milliseconds: time.rem_euclid(DAY),
        }
    }
}

/// Days since 1970 of a day, where months count from 1 and may be beyond the year.
fn days_of(year: i64, month: i64, day: i64) -> i64 {
    let year = year + (month - 1).div_euclid(12);
    let month = (month - 1).rem_euclid(12) + 1;
    let shifted = if month <= 2 { year - 1 } else { year };
    let era = shifted.div_euclid(400);
    let in_era = shifted.rem_euclid(400);
    let in_year = (153 * (month + if month > 2 { -3 } else { 9 }) + 2) / 5;
    era * 146_097 + in_era * 365 + in_era / 4 - in_era / 100 + in_year + day - 1 - 719_468
}

fn clip(time: f64) -> f64 {
    if time.abs() <= LIMIT {
        libc::trunc(time) + 0.0
    } else {
        f64::NAN
    }
}

fn now() -> f64 {
    let (seconds, nanoseconds) = libc::now();
    (seconds * 1000 + nanoseconds / 1_000_000) as f64
}

/// The time of numbers for year, month from 0, day, hours, minutes, seconds and milliseconds.
fn utc(call: &Call) -> Outcome<f64> {
    let mut fields = [f64::NAN, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0];
    for (field, value) in fields.iter_mut().zip(call.args) {
        *field = libc::trunc(convert::to_number(*value)?);
    }
    if fields
        .iter()
        .any(|field| field.is_nan() || field.abs() > LIMIT)
    {
        return Ok(f64::NAN);
    }
    let [year, month, day, hours, minutes, seconds, milliseconds] = fields;
    let year = if (0.0..=99.0).contains(&year) {
        year + 1900.0
    } else {
        year
    };
    if year.abs() > 400_000.0 || month.abs() > 4_000_000.0 {
        return Ok(f64::NAN);
    }
    let days = days_of(year as i64, month as i64 + 1, 1) as f64 + day - 1.0;
    Ok(clip(
        days * DAY as f64
            + hours * HOUR as f64
            + minutes * MINUTE as f64
            + seconds * 1000.0
            + milliseconds,
    ))
}

/// Reads `YYYY-MM-DDTHH:mm:ss.sssZ`, its shorter forms, and offsets; other forms are no times.
fn parse(text: &str) -> f64 {
    parse_parts(text).map_or(f64::NAN, clip)
}

fn parse_parts(text: &str) -> Option<f64> {
    let (date, time) = text
        .split_once('T')
        .map_or((text, None), |(date, time)| (date, Some(time)));
    let number = |digits: &str, length: usize| {
        (digits.len() == length && digits.bytes().all(|byte| byte.is_ascii_digit()))
            .then(|| digits.parse::<i64>().ok())?
    };
    let mut fields = date.split('-');
    let year = number(fields.next()?, 4)?;
    let month = fields.next().map_or(Some(1), |field| number(field, 2))?;
    let day = fields.next().map_or(Some(1), |field| number(field, 2))?;
    if fields.next().is_some() || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    let mut milliseconds = 0;
    if let Some(time) = time {
        let end = time.find(['Z', '+', '-'])?;
        let (clock, zone) = time.split_at(end);
        let (clock, fraction) = clock.split_once('.').unwrap_or((clock, "0"));
        let mut fields = clock.split(':');
        let hours = number(fields.next()?, 2).filter(|hours| *hours <= 24)?;
        let minutes = number(fields.next()?, 2).filter(|minutes| *minutes < 60)?;
        let seconds = fields
            .next()
            .map_or(Some(0), |field| number(field, 2))
            .filter(|seconds| *seconds < 60)?;
        let thousandths = number(&format!("{fraction:0<3.3}"), 3)?;
        milliseconds = hours * HOUR + minutes * MINUTE + seconds * 1000 + thousandths;
        if zone != "Z" {
            let (hours, minutes) = zone[1..].split_once(':')?;
            let offset = number(hours, 2)? * HOUR + number(minutes, 2)? * MINUTE;
            milliseconds += if zone.starts_with('-') {
                offset
            } else {
                -offset
            };
        }
    }
    Some((days_of(year, month, day) * DAY + milliseconds) as f64)
}

fn construct(call: &Call) -> Outcome {
    if !call.is_construct() {
        return Ok(Str::from_utf8(&iso_text(now())).value());
    }
    let time = match call.args {
        [] => now(),
        [value] => match value.as_kind(kind::DATE) {
            Some(date) => date.word(0).as_number().unwrap_or(f64::NAN),
            None => match value.as_string() {
                Some(text) => parse(&text.to_rust()),
                None => clip(convert::to_number(*value)?),
            },
        },
        _ => {
            return error::throw(
                Class::Error,
                format_args!(
                    "new Date(year, month, …) means local time, which is not supported; use Date.UTC"
                ),
            );
        }
    };
    let date = Object::private(kind::DATE, call.instance_prototype(Class::Date)?, 1);
    date.set_word(0, Value::number(time));
    Ok(date.value())
}

fn time_of(call: &Call) -> Outcome<f64> {
    match call.this.as_kind(kind::DATE) {
        Some(date) => Ok(date.word(0).as_number().unwrap_or(f64::NAN)),
        None => error::throw_type(format_args!("this is not a Date object.")),
    }
}

fn part(call: &Call, part: impl Fn(Parts) -> i64) -> Outcome {
    let time = time_of(call)?;
    Ok(if time.is_nan() {
        Value::NAN
    } else {
        Value::int(part(Parts::of(time)))
    })
}

fn iso_text(time: f64) -> String {
    let parts = Parts::of(time);
    let clock = parts.milliseconds;
    let year = match parts.year {
        0..=9999 => format!("{:04}", parts.year),
        year => format!("{}{:06}", if year < 0 { '-' } else { '+' }, year.abs()),
    };
    format!(
        "{year}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z",
        parts.month,
        parts.day,
        clock / HOUR,
        clock / MINUTE % 60,
        clock / 1000 % 60,
        clock % 1000
    )
}

fn to_iso_string(call: &Call) -> Outcome {
    let time = time_of(call)?;
    if time.is_nan() {
        return error::throw_range(format_args!("Invalid time value"));
    }
    Ok(Str::from_utf8(&iso_text(time)).value())
}

/// A date as `console.log` shows it.
pub fn date_text(date: Object) -> String {
    match date.word(0).as_number() {
        Some(time) if !time.is_nan() => iso_text(time),
        _ => String::from("Invalid Date"),
    }
}
