//! Sine, cosine and tangent, digit for digit as V8 computes them.
//!
//! The algorithms and constants are those of fdlibm:
//! Copyright (C) 1993 by Sun Microsystems, Inc. All rights reserved. Developed at SunSoft, a Sun Microsystems, Inc.
//! business. Permission to use, copy, modify, and distribute this software is freely granted, provided that this notice
//! is preserved.

#![allow(clippy::excessive_precision, clippy::approx_constant)]

use super::reduce::reduce;
use super::{high_word, with_low_word};

/// High word of the numbers that need no reduction: π/4.
const QUARTER_PI: u32 = 0x3FE9_21FB;

pub fn sin(x: f64) -> f64 {
    if !x.is_finite() {
        return f64::NAN;
    }
    if high_word(x) & 0x7FFF_FFFF <= QUARTER_PI {
        return kernel_sin(x, 0.0, false);
    }
    let (quadrant, high, low) = reduce(x);
    match quadrant & 3 {
        0 => kernel_sin(high, low, true),
        1 => kernel_cos(high, low),
        2 => -kernel_sin(high, low, true),
        _ => -kernel_cos(high, low),
    }
}

pub fn cos(x: f64) -> f64 {
    if !x.is_finite() {
        return f64::NAN;
    }
    if high_word(x) & 0x7FFF_FFFF <= QUARTER_PI {
        return kernel_cos(x, 0.0);
    }
    let (quadrant, high, low) = reduce(x);
    match quadrant & 3 {
        0 => kernel_cos(high, low),
        1 => -kernel_sin(high, low, true),
        2 => -kernel_cos(high, low),
        _ => kernel_sin(high, low, true),
    }
}

pub fn tan(x: f64) -> f64 {
    if !x.is_finite() {
        return f64::NAN;
    }
    if high_word(x) & 0x7FFF_FFFF <= QUARTER_PI {
        return kernel_tan(x, 0.0, false);
    }
    let (quadrant, high, low) = reduce(x);
    kernel_tan(high, low, quadrant & 1 == 1)
}

/// The sine of `x + y` within ±π/4, where `y` is the tail of `x`.
fn kernel_sin(x: f64, y: f64, has_tail: bool) -> f64 {
    const S: [f64; 6] = [
        -1.66666666666666324348e-01,
        8.33333333332248946124e-03,
        -1.98412698298579493134e-04,
        2.75573137070700676789e-06,
        -2.50507602534068634195e-08,
        1.58969099521155010221e-10,
    ];
    if high_word(x) & 0x7FFF_FFFF < 0x3E40_0000 {
        return x;
    }
    let z = x * x;
    let v = z * x;
    let r = S[1] + z * (S[2] + z * (S[3] + z * (S[4] + z * S[5])));
    if has_tail {
        x - ((z * (0.5 * y - v * r) - y) - v * S[0])
    } else {
        x + v * (S[0] + z * r)
    }
}

/// The cosine of `x + y` within ±π/4, where `y` is the tail of `x`.
fn kernel_cos(x: f64, y: f64) -> f64 {
    const C: [f64; 6] = [
        4.16666666666666019037e-02,
        -1.38888888888741095749e-03,
        2.48015872894767294178e-05,
        -2.75573143513906633035e-07,
        2.08757232129817482790e-09,
        -1.13596475577881948265e-11,
    ];
    let high = high_word(x) & 0x7FFF_FFFF;
    if high < 0x3E40_0000 {
        return 1.0;
    }
    let z = x * x;
    let r = z * (C[0] + z * (C[1] + z * (C[2] + z * (C[3] + z * (C[4] + z * C[5])))));
    if high < 0x3FD3_3333 {
        return 1.0 - (0.5 * z - (z * r - x * y));
    }
    let quarter = if high > 0x3FE9_0000 {
        0.28125
    } else {
        f64::from_bits(u64::from(high - 0x0020_0000) << 32)
    };
    let rest = 0.5 * z - quarter;
    let a = 1.0 - quarter;
    a - (rest - (z * r - x * y))
}

/// The tangent of `x + y` within ±π/4, or minus its reciprocal.
fn kernel_tan(x: f64, y: f64, reciprocal: bool) -> f64 {
    const T: [f64; 13] = [
        3.33333333333334091986e-01,
        1.33333333333201242699e-01,
        5.39682539762260521377e-02,
        2.18694882948595424599e-02,
        8.86323982359930005737e-03,
        3.59207910759131235356e-03,
        1.45620945432529025516e-03,
        5.88041240820264096874e-04,
        2.46463134818469906812e-04,
        7.81794442939557092300e-05,
        7.14072491382608190305e-05,
        -1.85586374855275456654e-05,
        2.59073051863633712884e-05,
    ];
    const QUARTER: f64 = 7.85398163397448278999e-01;
    const QUARTER_LOW: f64 = 3.06161699786838301793e-17;
    let high = high_word(x) & 0x7FFF_FFFF;
    let negative = x.is_sign_negative();
    if high < 0x3E30_0000 && !reciprocal {
        return x;
    }
    let large = high >= 0x3FE5_9428;
    let (mut x, mut y) = (x, y);
    if large {
        if negative {
            (x, y) = (-x, -y);
        }
        x = (QUARTER - x) + (QUARTER_LOW - y);
        y = 0.0;
    }
    let z = x * x;
    let w = z * z;
    let r = T[1] + w * (T[3] + w * (T[5] + w * (T[7] + w * (T[9] + w * T[11]))));
    let v = z * (T[2] + w * (T[4] + w * (T[6] + w * (T[8] + w * (T[10] + w * T[12])))));
    let s = z * x;
    let r = y + z * (s * (r + v) + y) + T[0] * s;
    let w = x + r;
    if large {
        let v = if reciprocal { -1.0 } else { 1.0 };
        let result = v - 2.0 * (x - (w * w / (w + v) - r));
        return if negative { -result } else { result };
    }
    if !reciprocal {
        return w;
    }
    // −1/(x+r) alone would be off by up to two units in the last place.
    let z = with_low_word(w, 0);
    let v = r - (z - x);
    let a = -1.0 / w;
    let t = with_low_word(a, 0);
    t + a * ((1.0 + t * z) + t * v)
}
