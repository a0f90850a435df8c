//! Days and times of the Gregorian calendar, in UTC and in the time zone of the machine. A time is milliseconds since
//! 1970; it knows no objects and no text.

use crate::libc;

pub const MINUTE: i64 = 60_000;
pub const HOUR: i64 = 60 * MINUTE;
pub const DAY: i64 = 24 * HOUR;
/// The greatest distance from 1970.
const LIMIT: f64 = 8.64e15;

/// A day of the calendar and the time in it.
pub struct Parts {
    pub year: i64,
    /// From 1.
    pub month: i64,
    pub day: i64,
    /// Since 1970.
    days: i64,
    /// Since midnight.
    pub milliseconds: i64,
}

impl Parts {
    pub fn of(time: f64) -> Parts {
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

    /// From 0 for Sunday.
    pub fn weekday(&self) -> i64 {
        (self.days + 4).rem_euclid(7)
    }

    pub fn hour(&self) -> i64 {
        self.milliseconds / HOUR
    }

    pub fn minute(&self) -> i64 {
        self.milliseconds / MINUTE % 60
    }

    pub fn second(&self) -> i64 {
        self.milliseconds / 1000 % 60
    }

    /// Year, month from 0, day, hour, minute, second and millisecond.
    pub fn fields(&self) -> [f64; 7] {
        let fields = [
            self.year,
            self.month - 1,
            self.day,
            self.hour(),
            self.minute(),
            self.second(),
            self.milliseconds % 1000,
        ];
        fields.map(|field| field as f64)
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

/// The time of fields as [`Parts::fields`] has them, any of which may be out of its range; NaN where one is no number.
pub fn time_of(fields: [f64; 7]) -> f64 {
    let fields = fields.map(libc::trunc);
    let [year, month, day, hour, minute, second, millisecond] = fields;
    if fields.iter().any(|field| !field.is_finite())
        || year.abs() > 400_000.0
        || month.abs() > 5_000_000.0
    {
        return f64::NAN;
    }
    let days = days_of(year as i64, month as i64 + 1, 1) as f64 + day - 1.0;
    days * DAY as f64 + hour * HOUR as f64 + minute * MINUTE as f64 + second * 1000.0 + millisecond
}

/// A whole time within the limits, else NaN.
pub fn clip(time: f64) -> f64 {
    if time.abs() <= LIMIT {
        libc::trunc(time) + 0.0
    } else {
        f64::NAN
    }
}

/// By how many milliseconds local time is ahead at a time.
pub fn offset_at(time: f64) -> f64 {
    (libc::local_offset((time as i64).div_euclid(1000)).0 * 1000) as f64
}

pub fn to_local(time: f64) -> f64 {
    time + offset_at(time)
}

/// The time at which local clocks show this; where they show it twice, the first, and where never, as if they had not
/// been put forward yet.
pub fn from_local(local: f64) -> f64 {
    if !local.is_finite() {
        return f64::NAN;
    }
    let before = offset_at(local - DAY as f64);
    let guess = local - before;
    if offset_at(guess) == before {
        guess
    } else {
        local - offset_at(local - offset_at(guess))
    }
}
