//! Text as doubles: `Number(text)`, `parseInt` and `parseFloat`.
//!
//! Text comes as UTF-16 code units. Grammar is checked here; the rounding of decimals is `core`'s, which is correct for
//! any number of digits.

use alloc::vec::Vec;

/// White space and line ends, as `trim` and the number grammar take them.
pub fn is_space(unit: u16) -> bool {
    matches!(unit, 9..=13 | 32 | 0xA0 | 0x1680 | 0x2000..=0x200A | 0x2028 | 0x2029 | 0x202F | 0x205F | 0x3000 | 0xFEFF)
}

/// The text without leading white space, as far as it is ASCII, and whether that was all but trailing white space.
fn ascii(units: impl Iterator<Item = u16>) -> (Vec<u8>, bool) {
    let mut bytes = Vec::new();
    let mut units = units.skip_while(|unit| is_space(*unit));
    for unit in units.by_ref() {
        if unit >= 0x80 {
            // Only white space may follow: the caller trims the ASCII part of it itself.
            return (bytes, is_space(unit) && units.all(is_space));
        }
        bytes.push(unit as u8);
    }
    (bytes, true)
}

fn is_ascii_space(byte: u8) -> bool {
    is_space(u16::from(byte))
}

/// The length of the longest decimal literal at the start (without sign), 0 where there is none.
fn decimal_length(bytes: &[u8]) -> usize {
    let digits = |from: usize| {
        bytes[from..]
            .iter()
            .take_while(|byte| byte.is_ascii_digit())
            .count()
    };
    let whole = digits(0);
    let mut end = whole;
    if bytes.get(end) == Some(&b'.') {
        let fraction = digits(end + 1);
        if whole + fraction == 0 {
            return 0;
        }
        end += 1 + fraction;
    }
    if end > 0 && matches!(bytes.get(end), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
        let exponent = bytes
            .get(end + 1 + sign..)
            .map_or(0, |_| digits(end + 1 + sign));
        if exponent > 0 {
            end += 1 + sign + exponent;
        }
    }
    end
}

/// The value of a checked decimal literal.
fn decimal_value(bytes: &[u8]) -> f64 {
    core::str::from_utf8(bytes)
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(f64::NAN)
}

fn split_sign(bytes: &[u8]) -> (f64, &[u8]) {
    match bytes.first() {
        Some(b'-') => (-1.0, &bytes[1..]),
        Some(b'+') => (1.0, &bytes[1..]),
        _ => (1.0, bytes),
    }
}

/// `Number(text)`.
pub fn string_to_number(units: impl Iterator<Item = u16>) -> f64 {
    let (mut bytes, complete) = ascii(units);
    if !complete {
        return f64::NAN;
    }
    while bytes.last().is_some_and(|byte| is_ascii_space(*byte)) {
        bytes.pop();
    }
    if bytes.is_empty() {
        return 0.0;
    }
    if let [b'0', prefix, rest @ ..] = &bytes[..] {
        let radix = match prefix {
            b'x' | b'X' => 16,
            b'o' | b'O' => 8,
            b'b' | b'B' => 2,
            _ => 0,
        };
        if radix != 0 {
            let whole =
                !rest.is_empty() && rest.iter().all(|byte| char::from(*byte).is_digit(radix));
            return if whole {
                digits_value(rest, radix)
            } else {
                f64::NAN
            };
        }
    }
    let (sign, rest) = split_sign(&bytes);
    if rest == b"Infinity" {
        return sign * f64::INFINITY;
    }
    if decimal_length(rest) == rest.len() && !rest.is_empty() {
        sign * decimal_value(rest)
    } else {
        f64::NAN
    }
}

/// `parseFloat(text)`.
pub fn parse_float(units: impl Iterator<Item = u16>) -> f64 {
    let (bytes, _) = ascii(units);
    let (sign, rest) = split_sign(&bytes);
    if rest.starts_with(b"Infinity") {
        return sign * f64::INFINITY;
    }
    match decimal_length(rest) {
        0 => f64::NAN,
        length => sign * decimal_value(&rest[..length]),
    }
}

/// `parseInt(text, radix)`; `radix` is ToInt32 of the argument, 0 where there is none.
pub fn parse_int(units: impl Iterator<Item = u16>, radix: i32) -> f64 {
    let (bytes, _) = ascii(units);
    let (sign, mut rest) = split_sign(&bytes);
    let mut radix = radix;
    if radix != 0 && !(2..=36).contains(&radix) {
        return f64::NAN;
    }
    if (radix == 0 || radix == 16) && matches!(rest, [b'0', b'x' | b'X', ..]) {
        rest = &rest[2..];
        radix = 16;
    }
    let radix = if radix == 0 { 10 } else { radix as u32 };
    let length = rest
        .iter()
        .take_while(|byte| char::from(**byte).is_digit(radix))
        .count();
    if length == 0 {
        f64::NAN
    } else {
        sign * digits_value(&rest[..length], radix)
    }
}

/// The value of checked digits.
fn digits_value(digits: &[u8], radix: u32) -> f64 {
    if radix == 10 {
        return decimal_value(digits);
    }
    let values = digits
        .iter()
        .map(|byte| char::from(*byte).to_digit(radix).unwrap_or(0));
    if radix.is_power_of_two() {
        binary_value(values, radix)
    } else {
        other_value(values, radix)
    }
}

/// Exact, with ties to even: the digits are bits.
fn binary_value(values: impl Iterator<Item = u32>, radix: u32) -> f64 {
    let width = radix.trailing_zeros();
    let mut mantissa: u64 = 0;
    let mut exponent: i32 = 0;
    let mut sticky = false;
    for value in values {
        // The top bits are kept in 64 bits, what falls below them only matters as "not zero".
        if mantissa >> (63 - width) == 0 {
            mantissa = mantissa << width | u64::from(value);
        } else {
            sticky |= value != 0;
            exponent = exponent.saturating_add(width as i32);
        }
    }
    // At least 58 bits are held where any fell off, so the lowest may carry "something follows" without changing more.
    let mut result = (mantissa | u64::from(sticky)) as f64;
    while exponent > 0 && result.is_finite() {
        let step = exponent.min(1000);
        result *= f64::from_bits(((1023 + step) as u64) << 52);
        exponent -= step;
    }
    result
}

/// Parts of 32 bits added up, with the accumulating rounding error that the language permits and V8 has.
fn other_value(values: impl Iterator<Item = u32>, radix: u32) -> f64 {
    const MAXIMUM_MULTIPLIER: u32 = u32::MAX / 36;
    let mut values = values.skip_while(|value| *value == 0).peekable();
    let mut result = 0.0;
    while values.peek().is_some() {
        let (mut part, mut multiplier) = (0u32, 1u32);
        while let Some(value) = values.peek() {
            let next = multiplier * radix;
            if next > MAXIMUM_MULTIPLIER {
                break;
            }
            part = part * radix + value;
            multiplier = next;
            values.next();
        }
        result = result * f64::from(multiplier) + f64::from(part);
    }
    result
}
