//! Times as text: the forms of `Date`'s methods, those for `en-US` included.

use super::calendar::{MINUTE, Parts, offset_at, to_local};
use crate::libc;
use alloc::format;
use alloc::string::String;

pub const WEEKDAYS: [&str; 7] = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
pub const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

fn weekday(parts: &Parts) -> &'static str {
    WEEKDAYS[parts.weekday() as usize % 7]
}

fn month(parts: &Parts) -> &'static str {
    MONTHS[(parts.month - 1) as usize % 12]
}

/// A year of at least four digits.
fn year(parts: &Parts) -> String {
    format!(
        "{}{:04}",
        if parts.year < 0 { "-" } else { "" },
        parts.year.abs()
    )
}

/// `2024-02-29T12:34:56.789Z`.
pub fn iso(time: f64) -> String {
    let parts = Parts::of(time);
    let year = match parts.year {
        0..=9999 => format!("{:04}", parts.year),
        year => format!("{}{:06}", if year < 0 { '-' } else { '+' }, year.abs()),
    };
    let (month, day, rest) = (parts.month, parts.day, parts.milliseconds % 1000);
    format!("{year}-{month:02}-{day:02}T{}.{rest:03}Z", clock(&parts))
}

fn clock(parts: &Parts) -> String {
    format!(
        "{:02}:{:02}:{:02}",
        parts.hour(),
        parts.minute(),
        parts.second()
    )
}

/// `Thu Feb 29 2024`.
pub fn date(time: f64) -> String {
    let parts = Parts::of(to_local(time));
    format!(
        "{} {} {:02} {}",
        weekday(&parts),
        month(&parts),
        parts.day,
        year(&parts)
    )
}

/// `12:34:56 GMT+0100 (Central European Standard Time)`.
pub fn time(time: f64) -> String {
    let parts = Parts::of(to_local(time));
    let minutes = offset_at(time) as i64 / MINUTE;
    let sign = if minutes < 0 { '-' } else { '+' };
    let (hours, minutes) = (minutes.abs() / 60, minutes.abs() % 60);
    let zone = zone_name(libc::local_offset((time as i64).div_euclid(1000)).1);
    format!("{} GMT{sign}{hours:02}{minutes:02} ({zone})", clock(&parts))
}

/// `Thu, 29 Feb 2024 12:34:56 GMT`.
pub fn utc(time: f64) -> String {
    let parts = Parts::of(time);
    format!(
        "{}, {:02} {} {} {} GMT",
        weekday(&parts),
        parts.day,
        month(&parts),
        year(&parts),
        clock(&parts)
    )
}

/// `2/29/2024`.
pub fn locale_date(time: f64) -> String {
    let parts = Parts::of(to_local(time));
    format!("{}/{}/{}", parts.month, parts.day, parts.year)
}

/// `12:34:56 PM`.
pub fn locale_time(time: f64) -> String {
    let parts = Parts::of(to_local(time));
    let half = if parts.hour() < 12 { "AM" } else { "PM" };
    format!(
        "{}:{:02}:{:02} {half}",
        (parts.hour() + 11) % 12 + 1,
        parts.minute(),
        parts.second()
    )
}

/// The English name of a time zone, where its short name is well known; else the short name.
fn zone_name(short: &str) -> &str {
    match short {
        "UTC" => "Coordinated Universal Time",
        "GMT" => "Greenwich Mean Time",
        "BST" => "British Summer Time",
        "WET" => "Western European Standard Time",
        "WEST" => "Western European Summer Time",
        "CET" => "Central European Standard Time",
        "CEST" => "Central European Summer Time",
        "EET" => "Eastern European Standard Time",
        "EEST" => "Eastern European Summer Time",
        "MSK" => "Moscow Standard Time",
        "IST" => "India Standard Time",
        "JST" => "Japan Standard Time",
        "KST" => "Korean Standard Time",
        "AEST" => "Australian Eastern Standard Time",
        "AEDT" => "Australian Eastern Daylight Time",
        "EST" => "Eastern Standard Time",
        "EDT" => "Eastern Daylight Time",
        "CST" => "Central Standard Time",
        "CDT" => "Central Daylight Time",
        "MST" => "Mountain Standard Time",
        "MDT" => "Mountain Daylight Time",
        "PST" => "Pacific Standard Time",
        "PDT" => "Pacific Daylight Time",
        other => other,
    }
}
