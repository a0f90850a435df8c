//! Logarithms and the inverses of the hyperbolic functions, digit for digit as V8 computes them.
//!
//! The algorithms and constants are those of fdlibm:
//! Copyright (C) 1993 by Sun Microsystems, Inc. All rights reserved. Developed at SunSoft, a Sun Microsystems, Inc.
//! business. Permission to use, copy, modify, and distribute this software is freely granted, provided that this notice
//! is preserved.

#![allow(clippy::excessive_precision, clippy::approx_constant)]

use super::{high_word, low_word, with_high_word, with_low_word};
use crate::libc::sqrt;

const LN2: f64 = 6.93147180559945286227e-01;
const LN2_HIGH: f64 = 6.93147180369123816490e-01;
const LN2_LOW: f64 = 1.90821492927058770002e-10;
const TWO_54: f64 = 1.80143985094819840000e+16;

const LG: [f64; 7] = [
    6.666666666666735130e-01,
    3.999999999940941908e-01,
    2.857142874366239149e-01,
    2.222219843214978396e-01,
    1.818357216161805012e-01,
    1.531383769920937332e-01,
    1.479819860511658591e-01,
];

/// What zero, negative numbers, infinity and NaN give.
fn special(x: f64) -> Option<f64> {
    if x == 0.0 {
        Some(f64::NEG_INFINITY)
    } else if x < 0.0 {
        Some(f64::NAN)
    } else if !x.is_finite() {
        Some(x)
    } else {
        None
    }
}

/// Scales a subnormal number up: the number and by how many powers of two it is too large.
fn normal(x: f64) -> (f64, i32) {
    if high_word(x) < 0x0010_0000 {
        (x * TWO_54, -54)
    } else {
        (x, 0)
    }
}

pub fn log(x: f64) -> f64 {
    if let Some(result) = special(x) {
        return result;
    }
    let (x, mut k) = normal(x);
    let high = high_word(x);
    k += (high >> 20) as i32 - 1023;
    let high = (high & 0x000F_FFFF) as i32;
    let i = (high + 0x95F64) & 0x10_0000;
    let x = with_high_word(x, (high | (i ^ 0x3FF0_0000)) as u32);
    k += i >> 20;
    let f = x - 1.0;
    let dk = f64::from(k);
    if 0x000F_FFFF & (2 + high) < 3 {
        if f == 0.0 {
            return if k == 0 {
                0.0
            } else {
                dk * LN2_HIGH + dk * LN2_LOW
            };
        }
        let r = f * f * (0.5 - 0.33333333333333333 * f);
        return if k == 0 {
            f - r
        } else {
            dk * LN2_HIGH - ((r - dk * LN2_LOW) - f)
        };
    }
    let s = f / (2.0 + f);
    let z = s * s;
    let w = z * z;
    let t1 = w * (LG[1] + w * (LG[3] + w * LG[5]));
    let t2 = z * (LG[0] + w * (LG[2] + w * (LG[4] + w * LG[6])));
    let r = t2 + t1;
    if (high - 0x6147A) | (0x6B851 - high) > 0 {
        let half_square = 0.5 * f * f;
        if k == 0 {
            return f - (half_square - s * (half_square + r));
        }
        return dk * LN2_HIGH - ((half_square - (s * (half_square + r) + dk * LN2_LOW)) - f);
    }
    if k == 0 {
        f - s * (f - r)
    } else {
        dk * LN2_HIGH - ((s * (f - r) - dk * LN2_LOW) - f)
    }
}

pub fn log1p(x: f64) -> f64 {
    const LP: [f64; 7] = LG;
    if x < -1.0 {
        return f64::NAN;
    } else if x == -1.0 {
        return f64::NEG_INFINITY;
    } else if !x.is_finite() {
        return x;
    }
    let high = high_word(x) as i32;
    let magnitude = high & 0x7FFF_FFFF;
    let (mut k, mut c, mut f, mut hu) = (1, 0.0, 0.0, 1);
    if high < 0x3FDA_827A {
        if magnitude < 0x3E20_0000 {
            return if magnitude < 0x3C90_0000 {
                x
            } else {
                x - x * x * 0.5
            };
        }
        if high > 0 || high <= 0xBFD2_BEC4u32 as i32 {
            (k, f) = (0, x);
        }
    }
    if k != 0 {
        let mut u;
        if high < 0x4340_0000 {
            u = 1.0 + x;
            hu = high_word(u) as i32;
            k = (hu >> 20) - 1023;
            c = if k > 0 { 1.0 - (u - x) } else { x - (u - 1.0) };
            c /= u;
        } else {
            u = x;
            hu = high_word(u) as i32;
            k = (hu >> 20) - 1023;
        }
        hu &= 0x000F_FFFF;
        if hu < 0x6A09E {
            u = with_high_word(u, (hu | 0x3FF0_0000) as u32);
        } else {
            k += 1;
            u = with_high_word(u, (hu | 0x3FE0_0000) as u32);
            hu = (0x0010_0000 - hu) >> 2;
        }
        f = u - 1.0;
    }
    let dk = f64::from(k);
    let half_square = 0.5 * f * f;
    if hu == 0 {
        if f == 0.0 {
            return if k == 0 {
                0.0
            } else {
                dk * LN2_HIGH + (c + dk * LN2_LOW)
            };
        }
        let r = half_square * (1.0 - 0.66666666666666666 * f);
        return if k == 0 {
            f - r
        } else {
            dk * LN2_HIGH - ((r - (dk * LN2_LOW + c)) - f)
        };
    }
    let s = f / (2.0 + f);
    let z = s * s;
    let r = z
        * (LP[0] + z * (LP[1] + z * (LP[2] + z * (LP[3] + z * (LP[4] + z * (LP[5] + z * LP[6]))))));
    if k == 0 {
        return f - (half_square - s * (half_square + r));
    }
    dk * LN2_HIGH - ((half_square - (s * (half_square + r) + (dk * LN2_LOW + c))) - f)
}

pub fn log2(x: f64) -> f64 {
    const INVERSE_HIGH: f64 = 1.44269504072144627571e+00;
    const INVERSE_LOW: f64 = 1.67517131648865118353e-10;
    if let Some(result) = special(x) {
        return result;
    }
    if x == 1.0 {
        return 0.0;
    }
    let (x, mut k) = normal(x);
    let high = high_word(x);
    k += (high >> 20) as i32 - 1023;
    let high = high & 0x000F_FFFF;
    let i = (high + 0x95F64) & 0x10_0000;
    let x = with_high_word(x, high | (i ^ 0x3FF0_0000));
    k += (i >> 20) as i32;
    let f = x - 1.0;
    let half_square = 0.5 * f * f;
    let s = f / (2.0 + f);
    let z = s * s;
    let w = z * z;
    let t1 = w * (LG[1] + w * (LG[3] + w * LG[5]));
    let t2 = z * (LG[0] + w * (LG[2] + w * (LG[4] + w * LG[6])));
    let r = s * (half_square + (t2 + t1));
    // The sum is kept in two parts, so that the multiplication by 1/ln 2 does not lose the low one.
    let hi = with_low_word(f - half_square, 0);
    let lo = (f - hi) - half_square + r;
    let mut high_part = hi * INVERSE_HIGH;
    let mut low_part = (lo + hi) * INVERSE_LOW + lo * INVERSE_HIGH;
    let y = f64::from(k);
    let sum = y + high_part;
    low_part += (y - sum) + high_part;
    high_part = sum;
    low_part + high_part
}

pub fn log10(x: f64) -> f64 {
    const INVERSE_LN10: f64 = 4.34294481903251816668e-01;
    const LOG10_2_HIGH: f64 = 3.01029995663611771306e-01;
    const LOG10_2_LOW: f64 = 3.69423907715893078616e-13;
    if let Some(result) = special(x) {
        return result;
    }
    if high_word(x) == 0x3FF0_0000 && low_word(x) == 0 {
        return 0.0;
    }
    let (x, mut k) = normal(x);
    let high = high_word(x);
    k += (high >> 20) as i32 - 1023;
    let negative = i32::from(k < 0);
    let y = f64::from(k + negative);
    let x = with_high_word(x, (high & 0x000F_FFFF) | ((0x3FF - negative) << 20) as u32);
    let z = y * LOG10_2_LOW + INVERSE_LN10 * log(x);
    z + y * LOG10_2_HIGH
}

pub fn asinh(x: f64) -> f64 {
    let high = high_word(x) & 0x7FFF_FFFF;
    if !x.is_finite() || high < 0x3E30_0000 {
        return x;
    }
    let magnitude = x.abs();
    let w = if high > 0x41B0_0000 {
        log(magnitude) + LN2
    } else if high > 0x4000_0000 {
        log(2.0 * magnitude + 1.0 / (sqrt(x * x + 1.0) + magnitude))
    } else {
        let t = x * x;
        log1p(magnitude + t / (1.0 + sqrt(1.0 + t)))
    };
    if x < 0.0 { -w } else { w }
}

pub fn acosh(x: f64) -> f64 {
    let high = high_word(x) as i32;
    if x.is_nan() || x < 1.0 {
        f64::NAN
    } else if high >= 0x41B0_0000 {
        if x.is_infinite() { x } else { log(x) + LN2 }
    } else if x == 1.0 {
        0.0
    } else if high > 0x4000_0000 {
        let t = x * x;
        log(2.0 * x - 1.0 / (x + sqrt(t - 1.0)))
    } else {
        let t = x - 1.0;
        log1p(t + sqrt(2.0 * t + t * t))
    }
}

pub fn atanh(x: f64) -> f64 {
    let magnitude = x.abs();
    if x.is_nan() || magnitude > 1.0 {
        return f64::NAN;
    } else if magnitude == 1.0 {
        return x * f64::INFINITY;
    }
    let high = high_word(magnitude);
    if high < 0x3E30_0000 {
        return x;
    }
    let t = magnitude + magnitude;
    let result = if high < 0x3FE0_0000 {
        0.5 * log1p(t + t * magnitude / (1.0 - magnitude))
    } else {
        0.5 * log1p(t / (1.0 - magnitude))
    };
    if x < 0.0 { -result } else { result }
}
