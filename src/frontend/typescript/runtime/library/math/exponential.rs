//! Exponentials and hyperbolic functions, digit for digit as V8 computes them.
//!
//! The algorithms and constants are those of fdlibm:
//! Copyright (C) 1993 by Sun Microsystems, Inc. All rights reserved. Developed at SunSoft, a Sun Microsystems, Inc.
//! business. Permission to use, copy, modify, and distribute this software is freely granted, provided that this notice
//! is preserved.

#![allow(clippy::excessive_precision, clippy::approx_constant)]

use super::high_word;

const LN2_HIGH: f64 = 6.93147180369123816490e-01;
const LN2_LOW: f64 = 1.90821492927058770002e-10;
const INVERSE_LN2: f64 = 1.44269504088896338700e+00;
const OVERFLOW: f64 = 7.09782712893383973096e+02;
const HALF_LN2: u32 = 0x3FD6_2E42;
const THREE_HALVES_LN2: u32 = 0x3FF0_A2B2;

/// 2^exponent, for exponents of normal numbers.
fn power_of_two(exponent: i32) -> f64 {
    f64::from_bits(((1023 + exponent) as u64) << 52)
}

pub fn exp(x: f64) -> f64 {
    const P: [f64; 5] = [
        1.66666666666666019037e-01,
        -2.77777777770155933842e-03,
        6.61375632143793436117e-05,
        -1.65339022054652515390e-06,
        4.13813679705723846039e-08,
    ];
    let magnitude = high_word(x) & 0x7FFF_FFFF;
    if x.is_nan() {
        return x;
    } else if x > OVERFLOW {
        return f64::INFINITY;
    } else if x < -7.45133219101941108420e+02 {
        return 0.0;
    }
    let (mut high, mut low, mut k, mut reduced) = (0.0, 0.0, 0, x);
    if magnitude > HALF_LN2 {
        if magnitude < THREE_HALVES_LN2 {
            // The general way gets the last bit of this one wrong.
            if x == 1.0 {
                return core::f64::consts::E;
            }
            k = if x < 0.0 { -1 } else { 1 };
        } else {
            k = (INVERSE_LN2 * x + if x < 0.0 { -0.5 } else { 0.5 }) as i32;
        }
        high = x - f64::from(k) * LN2_HIGH;
        low = f64::from(k) * LN2_LOW;
        reduced = high - low;
    } else if magnitude < 0x3E30_0000 {
        return 1.0 + x;
    }
    let t = reduced * reduced;
    let c = reduced - t * (P[0] + t * (P[1] + t * (P[2] + t * (P[3] + t * P[4]))));
    if k == 0 {
        return 1.0 - ((reduced * c) / (c - 2.0) - reduced);
    }
    let y = 1.0 - ((low - (reduced * c) / (2.0 - c)) - high);
    match k {
        1024 => y * 2.0 * power_of_two(1023),
        -1021.. => y * power_of_two(k),
        _ => y * power_of_two(k + 1000) * power_of_two(-1000),
    }
}

pub fn expm1(x: f64) -> f64 {
    const Q: [f64; 5] = [
        -3.33333333333331316428e-02,
        1.58730158725481460165e-03,
        -7.93650757867487942473e-05,
        4.00821782732936239552e-06,
        -2.01099218183624371326e-07,
    ];
    let magnitude = high_word(x) & 0x7FFF_FFFF;
    if x.is_nan() {
        return x;
    }
    if magnitude >= 0x4043_687A {
        // Beyond 56 ln 2.
        if x < 0.0 {
            return -1.0;
        } else if x > OVERFLOW {
            return f64::INFINITY;
        }
    }
    let (mut k, mut c, mut reduced) = (0, 0.0, x);
    if magnitude > HALF_LN2 {
        let (high, low);
        if magnitude < THREE_HALVES_LN2 {
            k = if x < 0.0 { -1 } else { 1 };
            high = if x < 0.0 { x + LN2_HIGH } else { x - LN2_HIGH };
            low = if x < 0.0 { -LN2_LOW } else { LN2_LOW };
        } else {
            k = (INVERSE_LN2 * x + if x < 0.0 { -0.5 } else { 0.5 }) as i32;
            high = x - f64::from(k) * LN2_HIGH;
            low = f64::from(k) * LN2_LOW;
        }
        reduced = high - low;
        c = (high - reduced) - low;
    } else if magnitude < 0x3C90_0000 {
        return x;
    }
    let x = reduced;
    let half = 0.5 * x;
    let hxs = x * half;
    let r1 = 1.0 + hxs * (Q[0] + hxs * (Q[1] + hxs * (Q[2] + hxs * (Q[3] + hxs * Q[4]))));
    let t = 3.0 - r1 * half;
    let mut e = hxs * ((r1 - t) / (6.0 - x * t));
    if k == 0 {
        return x - (x * e - hxs);
    }
    e = (x * (e - c) - c) - hxs;
    match k {
        -1 => 0.5 * (x - e) - 0.5,
        1 if x < -0.25 => -2.0 * (e - (x + 0.5)),
        1 => 1.0 + 2.0 * (x - e),
        1024 => (1.0 - (e - x)) * 2.0 * power_of_two(1023) - 1.0,
        ..=-2 | 57.. => (1.0 - (e - x)) * power_of_two(k) - 1.0,
        2..20 => ((1.0 - power_of_two(-k)) - (e - x)) * power_of_two(k),
        _ => ((x - (e + power_of_two(-k))) + 1.0) * power_of_two(k),
    }
}

/// From here on the hyperbolic functions overflow.
const HYPERBOLIC_OVERFLOW: f64 = 710.4758600739439;

pub fn sinh(x: f64) -> f64 {
    let half = if x < 0.0 { -0.5 } else { 0.5 };
    let magnitude = x.abs();
    if magnitude < 22.0 {
        if magnitude < 3.725290298461914e-9 {
            return x;
        }
        let t = expm1(magnitude);
        return if magnitude < 1.0 {
            half * (2.0 * t - t * t / (t + 1.0))
        } else {
            half * (t + t / (t + 1.0))
        };
    }
    if magnitude < 709.7822265625 {
        return half * exp(magnitude);
    }
    if magnitude <= HYPERBOLIC_OVERFLOW {
        let w = exp(0.5 * magnitude);
        return half * w * w;
    }
    x * f64::INFINITY
}

pub fn cosh(x: f64) -> f64 {
    let high = high_word(x) & 0x7FFF_FFFF;
    let magnitude = x.abs();
    if high < 0x3FD6_2E43 {
        let t = expm1(magnitude);
        let w = 1.0 + t;
        return if high < 0x3C80_0000 {
            w
        } else {
            1.0 + (t * t) / (w + w)
        };
    }
    if high < 0x4036_0000 {
        let t = exp(magnitude);
        return 0.5 * t + 0.5 / t;
    }
    if high < 0x4086_2E42 {
        return 0.5 * exp(magnitude);
    }
    if magnitude <= HYPERBOLIC_OVERFLOW {
        let w = exp(0.5 * magnitude);
        return 0.5 * w * w;
    }
    if x.is_nan() { x } else { f64::INFINITY }
}

pub fn tanh(x: f64) -> f64 {
    if x.is_nan() {
        return x;
    }
    let high = high_word(x) & 0x7FFF_FFFF;
    let z = if high >= 0x4036_0000 {
        1.0
    } else if high < 0x3E30_0000 {
        return x;
    } else if high >= 0x3FF0_0000 {
        1.0 - 2.0 / (expm1(2.0 * x.abs()) + 2.0)
    } else {
        let t = expm1(-2.0 * x.abs());
        -t / (t + 2.0)
    };
    if x.is_sign_negative() { -z } else { z }
}
