//! Text as times: the ISO form, and the English forms in common use (`Jan 5, 2024 10:00 PM`, `12/25/1995`,
//! `Mon, 15 Jan 2024 10:00:00 GMT`). What cannot be read is NaN.

use super::calendar::{HOUR, MINUTE, clip, from_local, time_of};
use super::text::{MONTHS, WEEKDAYS};
use alloc::format;
use alloc::vec::Vec;

pub fn parse(text: &str) -> f64 {
    let text = text.trim();
    clip(iso(text).or_else(|| english(text)).unwrap_or(f64::NAN))
}

/// A number of exactly so many digits.
fn number(digits: &str, length: usize) -> Option<i64> {
    let plain = digits.len() == length && digits.bytes().all(|byte| byte.is_ascii_digit());
    if plain { digits.parse().ok() } else { None }
}

/// `YYYY-MM-DDTHH:mm:ss.sssZ` and its shorter forms. A date alone is UTC; a time without zone is local.
fn iso(text: &str) -> Option<f64> {
    let (date, time) = text
        .split_once('T')
        .map_or((text, None), |(date, time)| (date, Some(time)));
    let (sign, digits, date) = match date.strip_prefix('-') {
        Some(rest) => (-1, 6, rest),
        None => date
            .strip_prefix('+')
            .map_or((1, 4, date), |rest| (1, 6, rest)),
    };
    let mut fields = date.split('-');
    let year = sign * number(fields.next()?, digits)?;
    let month = fields.next().map_or(Some(1), |field| number(field, 2))?;
    let day = fields.next().map_or(Some(1), |field| number(field, 2))?;
    if fields.next().is_some() || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    let midnight = time_of([
        year as f64,
        (month - 1) as f64,
        day as f64,
        0.0,
        0.0,
        0.0,
        0.0,
    ]);
    let Some(time) = time else {
        return Some(midnight);
    };
    let (clock, zone) = time.split_at(time.find(['Z', '+', '-']).unwrap_or(time.len()));
    let (clock, fraction) = clock.split_once('.').unwrap_or((clock, "0"));
    let mut fields = clock.split(':');
    let hours = number(fields.next()?, 2).filter(|hours| *hours <= 24)?;
    let minutes = number(fields.next()?, 2).filter(|minutes| *minutes < 60)?;
    let seconds = fields
        .next()
        .map_or(Some(0), |field| number(field, 2))
        .filter(|seconds| *seconds < 60)?;
    let thousandths = number(&format!("{fraction:0<3.3}"), 3)?;
    let local = midnight + (hours * HOUR + minutes * MINUTE + seconds * 1000 + thousandths) as f64;
    match zone {
        "" => Some(from_local(local)),
        "Z" => Some(local),
        _ => Some(local - offset(zone)?),
    }
}

/// `+01:00` or `+0100`, in milliseconds.
fn offset(zone: &str) -> Option<f64> {
    let sign = if zone.starts_with('-') { -1 } else { 1 };
    let digits = zone.get(1..)?.replace(':', "");
    let hours = number(digits.get(..2)?, 2)?;
    let minutes = number(digits.get(2..)?, 2)?;
    Some((sign * (hours * HOUR + minutes * MINUTE)) as f64)
}

/// The place of a name among others, by its first three letters.
fn place(name: &str, names: &[&str]) -> Option<usize> {
    let start = name.get(..3)?;
    names
        .iter()
        .position(|known| known.eq_ignore_ascii_case(start))
}

/// Words and numbers in any usual order.
fn english(text: &str) -> Option<f64> {
    let (mut month, mut zone, mut afternoon) = (None, None, None);
    let mut clock = [0.0; 3];
    let mut numbers: Vec<i64> = Vec::new();
    for word in text.split([' ', ',']).filter(|word| !word.is_empty()) {
        if word.contains(':') {
            for (slot, field) in clock.iter_mut().zip(word.split(':')) {
                *slot = field.parse().ok()?;
            }
        } else if let Some(rest) = word
            .strip_prefix("GMT")
            .or_else(|| word.strip_prefix("UTC"))
        {
            zone = Some(if rest.is_empty() { 0.0 } else { offset(rest)? });
        } else if word == "Z" {
            zone = Some(0.0);
        } else if word.len() == 5 && word.starts_with(['+', '-']) {
            zone = Some(offset(word)?);
        } else if word.eq_ignore_ascii_case("am") || word.eq_ignore_ascii_case("pm") {
            afternoon = Some(word.eq_ignore_ascii_case("pm"));
        } else if word.starts_with('(') {
            // The name of the time zone, as `toString` adds it.
            break;
        } else if word.starts_with(|first: char| first.is_ascii_alphabetic()) {
            match place(word, &MONTHS) {
                Some(place) => month = Some(place as i64),
                None => _ = place(word, &WEEKDAYS)?,
            }
        } else {
            for field in word.split(['/', '-']) {
                numbers.push(field.parse().ok()?);
            }
        }
    }
    let (year, month, day) = match (month, &numbers[..]) {
        (Some(month), &[day, year]) if day <= 31 => (year, month, day),
        (Some(month), &[year, day]) => (year, month, day),
        (Some(month), &[year]) if year > 31 => (year, month, 1),
        (None, &[year, month, day]) if year > 31 => (year, month - 1, day),
        (None, &[month, day, year]) => (year, month - 1, day),
        _ => return None,
    };
    if !(0..12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    let year = match year {
        0..50 => year + 2000,
        50..100 => year + 1900,
        _ => year,
    };
    if let Some(afternoon) = afternoon {
        clock[0] = clock[0] % 12.0 + if afternoon { 12.0 } else { 0.0 };
    }
    let local = time_of([
        year as f64,
        month as f64,
        day as f64,
        clock[0],
        clock[1],
        clock[2],
        0.0,
    ]);
    Some(zone.map_or_else(|| from_local(local), |zone| local - zone))
}
