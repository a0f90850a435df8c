//! Doubles as decimal text, as the language defines it for `toString`, `toFixed`, `toExponential`, `toPrecision` and
//! the `en-US` form of `toLocaleString`.
//!
//! The shortest digits that read back as the same double, and exact digits of any count, both come from `core`'s own
//! formatting. What differs is the layout, and ties: `core` rounds them to even, JavaScript away from zero.

use alloc::string::String;
use core::fmt::Write;

/// Text on the stack, long enough for every double in `{:e}` form.
struct Scratch {
    bytes: [u8; 32],
    length: usize,
}

impl Write for Scratch {
    fn write_str(&mut self, text: &str) -> core::fmt::Result {
        let end = self.length + text.len();
        let place = self
            .bytes
            .get_mut(self.length..end)
            .ok_or(core::fmt::Error)?;
        place.copy_from_slice(text.as_bytes());
        self.length = end;
        Ok(())
    }
}

/// Decimal digits with the position of the point: `0.DIGITS × 10^point`.
struct Digits {
    text: String,
    point: i32,
}

/// Splits the text of a `{:e}` format into digits and exponent.
fn split(scientific: &str) -> Digits {
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((scientific, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let mut text = String::with_capacity(mantissa.len());
    text.push_str(whole);
    text.push_str(fraction);
    Digits {
        text,
        point: exponent.parse::<i32>().unwrap_or(0) + 1,
    }
}

/// The shortest digits of a finite double, sign aside.
fn shortest(x: f64) -> Digits {
    let mut scratch = Scratch {
        bytes: [0; 32],
        length: 0,
    };
    // 17 digits, a point and an exponent always fit.
    let _ = write!(scratch, "{:e}", x.abs());
    let mut digits = split(core::str::from_utf8(&scratch.bytes[..scratch.length]).unwrap_or("0e0"));
    // Where two candidates are equally near, `core` takes the upper and JavaScript the even one.
    let last = digits.text.bytes().last().unwrap_or(b'0');
    if last % 2 == 1 && is_tie(x.abs(), digits.text.len() as i32 - digits.point) {
        digits.text.pop();
        digits.text.push(char::from(last - 1));
    }
    digits
}

fn push_zeros(out: &mut String, count: i32) {
    for _ in 0..count {
        out.push('0');
    }
}

/// Adds the text of a whole number.
fn push_integer(out: &mut String, mut n: u64) {
    let mut bytes = [0u8; 20];
    let mut at = bytes.len();
    loop {
        at -= 1;
        bytes[at] = b'0' + (n % 10) as u8;
        n /= 10;
        if n == 0 {
            break;
        }
    }
    out.extend(bytes[at..].iter().map(|byte| char::from(*byte)));
}

/// Adds what is not a number to lay out: NaN and the infinities. False where `x` is finite.
fn push_special(out: &mut String, x: f64) -> bool {
    if x.is_nan() {
        out.push_str("NaN");
    } else if x.is_infinite() {
        out.push_str(if x < 0.0 { "-Infinity" } else { "Infinity" });
    } else {
        return false;
    }
    true
}

fn push_exponent(out: &mut String, exponent: i32) {
    out.push('e');
    out.push(if exponent < 0 { '-' } else { '+' });
    push_integer(out, u64::from(exponent.unsigned_abs()));
}

/// Adds `D.DDDe±N`.
fn push_scientific_digits(out: &mut String, digits: &Digits) {
    out.push_str(&digits.text[..1]);
    if digits.text.len() > 1 {
        out.push('.');
        out.push_str(&digits.text[1..]);
    }
    push_exponent(out, digits.point - 1);
}

/// Adds digits in positional form, with zeros before or after them as needed.
fn push_positional(out: &mut String, digits: &Digits) {
    let count = digits.text.len() as i32;
    if digits.point >= count {
        out.push_str(&digits.text);
        push_zeros(out, digits.point - count);
    } else if digits.point > 0 {
        let (whole, fraction) = digits.text.split_at(digits.point as usize);
        out.push_str(whole);
        out.push('.');
        out.push_str(fraction);
    } else {
        out.push_str("0.");
        push_zeros(out, -digits.point);
        out.push_str(&digits.text);
    }
}

/// `Number::toString` with radix 10.
pub fn push_number(out: &mut String, x: f64) {
    // Most numbers that are printed are whole and small; both zeros print as `0`.
    let whole = x as i64;
    if whole as f64 == x && whole.unsigned_abs() < 1 << 53 {
        if whole < 0 {
            out.push('-');
        }
        return push_integer(out, whole.unsigned_abs());
    }
    if push_special(out, x) {
        return;
    }
    if x < 0.0 {
        out.push('-');
    }
    let digits = shortest(x);
    if digits.point > 21 || digits.point <= -6 {
        push_scientific_digits(out, &digits);
    } else {
        push_positional(out, &digits);
    }
}

/// Whether the double lies exactly half-way between two decimals with `places` digits after the point (before it where
/// negative), which is where `core` and JavaScript round apart.
fn is_tie(x: f64, places: i32) -> bool {
    let bits = x.to_bits();
    let biased = (bits >> 52 & 0x7FF) as i32;
    let fraction = bits & ((1 << 52) - 1);
    let (mantissa, exponent) = if biased == 0 {
        (fraction, -1074)
    } else {
        (fraction | 1 << 52, biased - 1075)
    };
    if mantissa == 0 {
        return false;
    }
    // With `x = odd · 2^e`, `2 · x · 10^places` is an odd whole number only where the powers of two cancel.
    let shift = mantissa.trailing_zeros();
    let (odd, exponent) = (mantissa >> shift, exponent + shift as i32);
    if exponent + places + 1 != 0 {
        return false;
    }
    if places >= 0 {
        return true;
    }
    match 5u64.checked_pow(places.unsigned_abs()) {
        Some(power) => odd % power == 0,
        None => false,
    }
}

/// Adds one to the last digit of a decimal text without exponent; a carry may lengthen it by one digit.
fn increment(text: &mut String) {
    let mut bytes = core::mem::take(text).into_bytes();
    let mut carry = true;
    for byte in bytes.iter_mut().rev().filter(|byte| **byte != b'.') {
        if *byte == b'9' {
            *byte = b'0';
        } else {
            *byte += 1;
            carry = false;
            break;
        }
    }
    if carry {
        text.push('1');
    }
    text.extend(bytes.into_iter().map(char::from));
}

/// `toFixed`; `places` is between 0 and 100.
pub fn push_fixed(out: &mut String, x: f64, places: usize) {
    if !x.is_finite() || x.abs() >= 1e21 {
        return push_number(out, x);
    }
    let magnitude = x.abs();
    let mut text = String::new();
    if is_tie(magnitude, places as i32) {
        // The exact text has one digit more, a 5: without it, this is the lower neighbour.
        let _ = write!(text, "{:.*}", places + 1, magnitude);
        text.pop();
        if places == 0 {
            text.pop();
        }
        increment(&mut text);
    } else {
        let _ = write!(text, "{:.*}", places, magnitude);
    }
    if x.is_sign_negative() && (x != 0.0) {
        out.push('-');
    }
    out.push_str(&text);
}

/// Exactly `count` digits, 1 to 101.
fn rounded(x: f64, count: usize) -> Digits {
    let magnitude = x.abs();
    let mut text = String::new();
    let _ = write!(text, "{:.*e}", count, magnitude);
    let longer = split(&text);
    if magnitude != 0.0 && is_tie(magnitude, count as i32 - longer.point) {
        let mut digits = longer;
        digits.text.pop();
        increment(&mut digits.text);
        if digits.text.len() > count {
            digits.text.pop();
            digits.point += 1;
        }
        return digits;
    }
    text.clear();
    let _ = write!(text, "{:.*e}", count - 1, magnitude);
    split(&text)
}

/// `toExponential`; without `places` as many digits as are needed to tell the double from its neighbours.
pub fn push_scientific(out: &mut String, x: f64, places: Option<usize>) {
    if push_special(out, x) {
        return;
    }
    if x < 0.0 {
        out.push('-');
    }
    let digits = match places {
        Some(places) => rounded(x, places + 1),
        None => shortest(x),
    };
    push_scientific_digits(out, &digits);
}

/// `toPrecision`; `precision` is between 1 and 100.
pub fn push_precision(out: &mut String, x: f64, precision: usize) {
    if push_special(out, x) {
        return;
    }
    if x < 0.0 {
        out.push('-');
    }
    let digits = rounded(x, precision);
    if digits.point - 1 < -6 || digits.point > precision as i32 {
        push_scientific_digits(out, &digits);
    } else {
        push_positional(out, &digits);
    }
}

/// `toLocaleString` for `en-US`: thousands in groups, `minimum` to `maximum` digits after the point. The rounding is of
/// the shortest digits, not of the exact value, as ICU does it.
pub fn push_grouped(out: &mut String, x: f64, minimum: usize, maximum: usize) {
    if x.is_nan() {
        return out.push_str("NaN");
    }
    if x.is_sign_negative() {
        out.push('-');
    }
    if x.is_infinite() {
        return out.push('∞');
    }
    let digits = shortest(x);
    let mut text = String::new();
    push_positional(&mut text, &digits);
    if let Some(point) = text.find('.') {
        let kept = point + 1 + maximum;
        let up = text
            .as_bytes()
            .get(kept)
            .is_some_and(|digit| *digit >= b'5');
        text.truncate(kept);
        if up {
            increment(&mut text);
        }
    }
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index) % 3 == 0 {
            out.push(',');
        }
        out.push(digit);
    }
    let mut fraction = String::from(fraction.trim_end_matches('0'));
    while fraction.len() < minimum {
        fraction.push('0');
    }
    if !fraction.is_empty() {
        out.push('.');
        out.push_str(&fraction);
    }
}
