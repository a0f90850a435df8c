//! Doubles as text in radix 2 to 36: `toString(radix)`.
//!
//! The language leaves the digits of fractions to the implementation; this gives those that V8 gives, which stop where
//! further digits would no longer tell the double from its neighbours. Radix 10 is `decimal`'s.

use super::{floor, fmod};
use alloc::string::String;
use alloc::vec::Vec;

fn digit(value: u32) -> u8 {
    b"0123456789abcdefghijklmnopqrstuvwxyz"[value as usize]
}

/// Digits of the fraction, and whether rounding carried into the whole part.
fn fraction_digits(mut fraction: f64, mut delta: f64, radix: u32) -> (Vec<u32>, bool) {
    let mut digits = Vec::new();
    while fraction >= delta {
        fraction *= f64::from(radix);
        delta *= f64::from(radix);
        let last = fraction as u32;
        digits.push(last);
        fraction -= f64::from(last);
        let round_up = fraction > 0.5 || (fraction == 0.5 && last & 1 == 1);
        if round_up && fraction + delta > 1.0 {
            while let Some(last) = digits.pop() {
                if last + 1 < radix {
                    digits.push(last + 1);
                    return (digits, false);
                }
            }
            return (digits, true);
        }
    }
    (digits, false)
}

/// Adds `x` in `radix`, which is between 2 and 36.
pub fn push_radix(out: &mut String, x: f64, radix: u32) {
    if !x.is_finite() || radix == 10 {
        return super::push_number(out, x);
    }
    if x < 0.0 {
        out.push('-');
    }
    let value = x.abs();
    let mut whole = floor(value);
    let delta = (0.5 * (value.next_up() - value)).max(f64::from_bits(1));
    let (fraction, carry) = fraction_digits(value - whole, delta, radix);
    if carry {
        whole += 1.0;
    }
    let mut digits = Vec::new();
    // Digits that lie wholly below the precision of a double are zeros.
    while whole / f64::from(radix) >= 9_007_199_254_740_992.0 {
        whole /= f64::from(radix);
        digits.push(b'0');
    }
    loop {
        let remainder = fmod(whole, f64::from(radix));
        digits.push(digit(remainder as u32));
        whole = (whole - remainder) / f64::from(radix);
        if whole <= 0.0 {
            break;
        }
    }
    out.extend(digits.iter().rev().map(|byte| char::from(*byte)));
    if !fraction.is_empty() {
        out.push('.');
        out.extend(fraction.iter().map(|value| char::from(digit(*value))));
    }
}
