//! Powers and cube roots, digit for digit as V8 computes them.
//!
//! The algorithms and constants are those of fdlibm:
//! Copyright (C) 2004 by Sun Microsystems, Inc. All rights reserved. Permission to use, copy, modify, and distribute
//! this software is freely granted, provided that this notice is preserved.

#![allow(clippy::excessive_precision, clippy::approx_constant)]

use super::{high_word, with_high_word, with_low_word};
use crate::libc::sqrt;

/// Whether a number is whole, and if so whether it is odd.
#[derive(Clone, Copy, PartialEq)]
enum Parity {
    Fraction,
    Odd,
    Even,
}

fn parity(x: f64) -> Parity {
    let magnitude = x.abs();
    if magnitude >= 9_007_199_254_740_992.0 {
        Parity::Even
    } else if magnitude as u64 as f64 != magnitude {
        Parity::Fraction
    } else if magnitude as u64 & 1 == 1 {
        Parity::Odd
    } else {
        Parity::Even
    }
}

/// `x ** y`.
pub fn pow(x: f64, y: f64) -> f64 {
    if y == 0.0 {
        return 1.0;
    }
    if x.is_nan() || y.is_nan() || (x.abs() == 1.0 && y.is_infinite()) {
        return f64::NAN;
    }
    let magnitude = x.abs();
    if y.is_infinite() {
        return if (magnitude > 1.0) == (y > 0.0) {
            f64::INFINITY
        } else {
            0.0
        };
    }
    if y == 1.0 {
        return x;
    } else if y == -1.0 {
        return 1.0 / x;
    } else if y == 2.0 {
        return x * x;
    } else if y == 0.5 && x >= 0.0 {
        return sqrt(x + 0.0);
    }
    let parity = parity(y);
    if magnitude == 0.0 || magnitude.is_infinite() || magnitude == 1.0 {
        let z = if y < 0.0 { 1.0 / magnitude } else { magnitude };
        let negative = x.is_sign_negative();
        if negative && magnitude == 1.0 && parity == Parity::Fraction {
            return f64::NAN;
        }
        return if negative && parity == Parity::Odd {
            -z
        } else {
            z
        };
    }
    if x < 0.0 && parity == Parity::Fraction {
        return f64::NAN;
    }
    let sign = if x < 0.0 && parity == Parity::Odd {
        -1.0
    } else {
        1.0
    };
    let high = high_word(magnitude);
    let (t1, t2) = if y.abs() > 2_147_483_648.0 {
        // The result overflows or vanishes, unless x is close to one.
        if !(0x3FEF_FFFF..=0x3FF0_0000).contains(&high) {
            return if (high > 0x3FF0_0000) == (y > 0.0) {
                sign * f64::INFINITY
            } else {
                sign * 0.0
            };
        }
        logarithm_near_one(magnitude)
    } else {
        logarithm(magnitude)
    };
    // Splits y, and multiplies it by the logarithm in two parts.
    let y1 = with_low_word(y, 0);
    let low = (y - y1) * t1 + y * t2;
    sign * exponential(y1 * t1, low)
}

const INVERSE_LN2: f64 = 1.44269504088896338700e+00;
const INVERSE_LN2_HIGH: f64 = 1.44269502162933349609e+00;
const INVERSE_LN2_LOW: f64 = 1.92596299112661746887e-08;

/// The binary logarithm of a number within 2^-20 of one, in two parts.
fn logarithm_near_one(x: f64) -> (f64, f64) {
    let t = x - 1.0;
    let w = (t * t) * (0.5 - t * (0.3333333333333333333333 - t * 0.25));
    let u = INVERSE_LN2_HIGH * t;
    let v = t * INVERSE_LN2_LOW - w * INVERSE_LN2;
    let t1 = with_low_word(u + v, 0);
    (t1, v - (t1 - u))
}

/// The binary logarithm of a positive number, in two parts.
fn logarithm(x: f64) -> (f64, f64) {
    const BASE: [f64; 2] = [1.0, 1.5];
    const BASE_HIGH: [f64; 2] = [0.0, 5.84962487220764160156e-01];
    const BASE_LOW: [f64; 2] = [0.0, 1.35003920212974897128e-08];
    const L: [f64; 6] = [
        5.99999999999994648725e-01,
        4.28571428578550184252e-01,
        3.33333329818377432918e-01,
        2.72728123808534006489e-01,
        2.30660745775561754067e-01,
        2.06975017800338417784e-01,
    ];
    const CP: f64 = 9.61796693925975554329e-01;
    const CP_HIGH: f64 = 9.61796700954437255859e-01;
    const CP_LOW: f64 = -7.02846165095275826516e-09;
    let (x, mut n) = if high_word(x) < 0x0010_0000 {
        (x * 9_007_199_254_740_992.0, -53)
    } else {
        (x, 0)
    };
    let mut high = high_word(x);
    n += (high >> 20) as i32 - 0x3FF;
    let fraction = high & 0x000F_FFFF;
    high = fraction | 0x3FF0_0000;
    let place = if fraction <= 0x3988E {
        0
    } else if fraction < 0xBB67A {
        1
    } else {
        n += 1;
        high -= 0x0010_0000;
        0
    };
    let x = with_high_word(x, high);
    // (x − 1) / (x + 1) or (x − 1.5) / (x + 1.5), in two parts.
    let u = x - BASE[place];
    let v = 1.0 / (x + BASE[place]);
    let s = u * v;
    let s_high = with_low_word(s, 0);
    let sum_high = with_high_word(
        0.0,
        ((high >> 1) | 0x2000_0000) + 0x0008_0000 + ((place as u32) << 18),
    );
    let sum_low = x - (sum_high - BASE[place]);
    let s_low = v * ((u - s_high * sum_high) - s_high * sum_low);
    let s2 = s * s;
    let mut r =
        s2 * s2 * (L[0] + s2 * (L[1] + s2 * (L[2] + s2 * (L[3] + s2 * (L[4] + s2 * L[5])))));
    r += s_low * (s_high + s);
    let s2 = s_high * s_high;
    let t_high = with_low_word(3.0 + s2 + r, 0);
    let t_low = r - ((t_high - 3.0) - s2);
    let u = s_high * t_high;
    let v = s_low * t_high + t_low * s;
    let p_high = with_low_word(u + v, 0);
    let p_low = v - (p_high - u);
    let z_high = CP_HIGH * p_high;
    let z_low = CP_LOW * p_high + p_low * CP + BASE_LOW[place];
    let t = f64::from(n);
    let t1 = with_low_word(((z_high + z_low) + BASE_HIGH[place]) + t, 0);
    (t1, z_low - (((t1 - t) - BASE_HIGH[place]) - z_high))
}

/// Two to the power of a number in two parts.
fn exponential(high: f64, low: f64) -> f64 {
    const P: [f64; 5] = [
        1.66666666666666019037e-01,
        -2.77777777770155933842e-03,
        6.61375632143793436117e-05,
        -1.65339022054652515390e-06,
        4.13813679705723846039e-08,
    ];
    const LN2: f64 = 6.93147180559945286227e-01;
    const LN2_HIGH: f64 = 6.93147182464599609375e-01;
    const LN2_LOW: f64 = -1.90465429995776804525e-09;
    /// −(1024 − log2(the greatest double + half a unit)).
    const OVERFLOW_TAIL: f64 = 8.0085662595372944372e-17;
    let z = low + high;
    if z >= 1024.0 && (z > 1024.0 || low + OVERFLOW_TAIL > z - high) {
        return f64::INFINITY;
    }
    if z <= -1075.0 && (z < -1075.0 || low <= z - high) {
        return 0.0;
    }
    let mut n = 0i32;
    let mut high = high;
    let word = high_word(z) as i32;
    let magnitude = word & 0x7FFF_FFFF;
    if magnitude > 0x3FE0_0000 {
        // The nearest whole number goes into the exponent.
        let k = (magnitude >> 20) - 0x3FF;
        n = word.wrapping_add(0x0010_0000 >> (k + 1));
        let k = ((n & 0x7FFF_FFFF) >> 20) - 0x3FF;
        let whole = with_high_word(0.0, (n & !(0x000F_FFFF >> k)) as u32);
        n = ((n & 0x000F_FFFF) | 0x0010_0000) >> (20 - k);
        if word < 0 {
            n = -n;
        }
        high -= whole;
    }
    let t = with_low_word(low + high, 0);
    let u = t * LN2_HIGH;
    let v = (low - (t - high)) * LN2 + t * LN2_LOW;
    let z = u + v;
    let w = v - (z - u);
    let t = z * z;
    let t1 = z - t * (P[0] + t * (P[1] + t * (P[2] + t * (P[3] + t * P[4]))));
    // fdlibm subtracts the last term from the quotient; V8 does it so.
    let r = (z * t1) / ((t1 - 2.0) - (w + z * w));
    let z = 1.0 - (r - z);
    let word = (high_word(z) as i32).wrapping_add(n << 20);
    if word >> 20 > 0 {
        with_high_word(z, word as u32)
    } else {
        scaled(z, n)
    }
}

/// `x · 2^n`, where the result is subnormal.
fn scaled(x: f64, n: i32) -> f64 {
    let up = f64::from_bits(((1023 + n + 1000) as u64) << 52);
    x * up * f64::from_bits(((1023 - 1000) as u64) << 52)
}

/// The cube root: a guess by the exponent, a polynomial, then one step of Newton's.
pub fn cbrt(x: f64) -> f64 {
    const P: [f64; 5] = [
        1.87595182427177009643,
        -1.88497979543377169875,
        1.621429720105354466140,
        -0.758397934778766047437,
        0.145996192886612446982,
    ];
    if !x.is_finite() || x == 0.0 {
        return x;
    }
    let sign = high_word(x) & 0x8000_0000;
    let high = high_word(x) & 0x7FFF_FFFF;
    let guess = if high < 0x0010_0000 {
        let normal = x * 1.80143985094819840000e+16;
        (high_word(normal) & 0x7FFF_FFFF) / 3 + 696_219_795
    } else {
        high / 3 + 715_094_163
    };
    let mut t = with_high_word(0.0, sign | guess);
    let r = (t * t) * (t / x);
    t *= (P[0] + r * (P[1] + r * P[2])) + ((r * r) * r) * (P[3] + r * P[4]);
    t = f64::from_bits(t.to_bits().wrapping_add(0x8000_0000) & 0xFFFF_FFFF_C000_0000);
    let s = t * t;
    let r = x / s;
    let w = t + t;
    t + t * ((r - t) / (w + r))
}
