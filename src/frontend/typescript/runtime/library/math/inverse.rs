//! Arcsine, arccosine and arctangent, digit for digit as V8 computes them.
//!
//! The algorithms and constants are those of fdlibm:
//! Copyright (C) 1993 by Sun Microsystems, Inc. All rights reserved. Developed at SunSoft, a Sun Microsystems, Inc.
//! business. Permission to use, copy, modify, and distribute this software is freely granted, provided that this notice
//! is preserved.

#![allow(clippy::excessive_precision, clippy::approx_constant)]

use super::{high_word, with_low_word};
use crate::libc::sqrt;

const HALF_PI: f64 = 1.57079632679489655800e+00;
const HALF_PI_LOW: f64 = 6.12323399573676603587e-17;
const PI: f64 = 3.1415926535897931160e+00;
const PI_LOW: f64 = 1.2246467991473531772e-16;

/// (asin(√z) − √z) / √z, as a rational function.
fn ratio(z: f64) -> f64 {
    const P: [f64; 6] = [
        1.66666666666666657415e-01,
        -3.25565818622400915405e-01,
        2.01212532134862925881e-01,
        -4.00555345006794114027e-02,
        7.91534994289814532176e-04,
        3.47933107596021167570e-05,
    ];
    const Q: [f64; 4] = [
        -2.40339491173441421878e+00,
        2.02094576023350569471e+00,
        -6.88283971605453293030e-01,
        7.70381505559019352791e-02,
    ];
    let p = z * (P[0] + z * (P[1] + z * (P[2] + z * (P[3] + z * (P[4] + z * P[5])))));
    let q = 1.0 + z * (Q[0] + z * (Q[1] + z * (Q[2] + z * Q[3])));
    p / q
}

pub fn asin(x: f64) -> f64 {
    let magnitude = x.abs();
    if x.is_nan() || magnitude > 1.0 {
        return f64::NAN;
    } else if magnitude == 1.0 {
        return x * HALF_PI + x * HALF_PI_LOW;
    }
    let high = high_word(magnitude);
    if high < 0x3FE0_0000 {
        return if high < 0x3E40_0000 {
            x
        } else {
            x + x * ratio(x * x)
        };
    }
    let t = (1.0 - magnitude) * 0.5;
    let r = ratio(t);
    let s = sqrt(t);
    let result = if high >= 0x3FEF_3333 {
        HALF_PI - (2.0 * (s + s * r) - HALF_PI_LOW)
    } else {
        let w = with_low_word(s, 0);
        let c = (t - w * w) / (s + w);
        let p = 2.0 * s * r - (HALF_PI_LOW - 2.0 * c);
        let q = 0.5 * HALF_PI - 2.0 * w;
        0.5 * HALF_PI - (p - q)
    };
    if x < 0.0 { -result } else { result }
}

pub fn acos(x: f64) -> f64 {
    let magnitude = x.abs();
    if x.is_nan() || magnitude > 1.0 {
        return f64::NAN;
    } else if magnitude == 1.0 {
        return if x > 0.0 { 0.0 } else { PI + 2.0 * HALF_PI_LOW };
    }
    let high = high_word(magnitude);
    if high < 0x3FE0_0000 {
        if high <= 0x3C60_0000 {
            return HALF_PI + HALF_PI_LOW;
        }
        return HALF_PI - (x - (HALF_PI_LOW - x * ratio(x * x)));
    }
    if x < 0.0 {
        let z = (1.0 + x) * 0.5;
        let s = sqrt(z);
        let w = ratio(z) * s - HALF_PI_LOW;
        return PI - 2.0 * (s + w);
    }
    let z = (1.0 - x) * 0.5;
    let s = sqrt(z);
    let df = with_low_word(s, 0);
    let c = (z - df * df) / (s + df);
    let w = ratio(z) * s + c;
    2.0 * (df + w)
}

pub fn atan(x: f64) -> f64 {
    const HIGH: [f64; 4] = [
        4.63647609000806093515e-01,
        7.85398163397448278999e-01,
        9.82793723247329054082e-01,
        1.57079632679489655800e+00,
    ];
    const LOW: [f64; 4] = [
        2.26987774529616870924e-17,
        3.06161699786838301793e-17,
        1.39033110312309984516e-17,
        6.12323399573676603587e-17,
    ];
    const A: [f64; 11] = [
        3.33333333333329318027e-01,
        -1.99999999998764832476e-01,
        1.42857142725034663711e-01,
        -1.11111104054623557880e-01,
        9.09088713343650656196e-02,
        -7.69187620504482999495e-02,
        6.66107313738753120669e-02,
        -5.83357013379057348645e-02,
        4.97687799461593236017e-02,
        -3.65315727442169155270e-02,
        1.62858201153657823623e-02,
    ];
    if x.is_nan() {
        return x;
    }
    let magnitude = x.abs();
    let high = high_word(magnitude);
    if high >= 0x4410_0000 {
        return (HIGH[3] + LOW[3]).copysign(x);
    }
    let (place, reduced) = match high {
        0..0x3E20_0000 => return x,
        0x3E20_0000..0x3FDC_0000 => (None, x),
        0x3FDC_0000..0x3FE6_0000 => (Some(0), (2.0 * magnitude - 1.0) / (2.0 + magnitude)),
        0x3FE6_0000..0x3FF3_0000 => (Some(1), (magnitude - 1.0) / (magnitude + 1.0)),
        0x3FF3_0000..0x4003_8000 => (Some(2), (magnitude - 1.5) / (1.0 + 1.5 * magnitude)),
        _ => (Some(3), -1.0 / magnitude),
    };
    let z = reduced * reduced;
    let w = z * z;
    let s1 = z * (A[0] + w * (A[2] + w * (A[4] + w * (A[6] + w * (A[8] + w * A[10])))));
    let s2 = w * (A[1] + w * (A[3] + w * (A[5] + w * (A[7] + w * A[9]))));
    match place {
        None => reduced - reduced * (s1 + s2),
        Some(place) => (HIGH[place] - ((reduced * (s1 + s2) - LOW[place]) - reduced)).copysign(x),
    }
}

pub fn atan2(y: f64, x: f64) -> f64 {
    if x.is_nan() || y.is_nan() {
        return f64::NAN;
    }
    if x == 1.0 {
        return atan(y);
    }
    let behind = x.is_sign_negative();
    if y == 0.0 {
        return if behind { PI.copysign(y) } else { y };
    }
    if x == 0.0 {
        return HALF_PI.copysign(y);
    }
    if x.is_infinite() {
        let magnitude = match (y.is_infinite(), behind) {
            (true, false) => PI / 4.0,
            (true, true) => 3.0 * PI / 4.0,
            (false, false) => 0.0,
            (false, true) => PI,
        };
        return magnitude.copysign(y);
    }
    if y.is_infinite() {
        return HALF_PI.copysign(y);
    }
    let difference = (high_word(y.abs()) as i32 - high_word(x.abs()) as i32) >> 20;
    let (z, behind) = if difference > 60 {
        (HALF_PI + 0.5 * PI_LOW, false)
    } else if behind && difference < -60 {
        (0.0, true)
    } else {
        (atan((y / x).abs()), behind)
    };
    match (behind, y.is_sign_negative()) {
        (false, false) => z,
        (false, true) => -z,
        (true, false) => PI - (z - PI_LOW),
        (true, true) => (z - PI_LOW) - PI,
    }
}
