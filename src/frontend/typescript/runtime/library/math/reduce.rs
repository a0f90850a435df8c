//! The remainder of a number by π/2, in two doubles.
//!
//! For numbers up to 2^19 · π/2 the algorithm and constants are those of fdlibm:
//! Copyright (C) 1993 by Sun Microsystems, Inc. All rights reserved. Developed at SunSoft, a Sun Microsystems, Inc.
//! business. Permission to use, copy, modify, and distribute this software is freely granted, provided that this notice
//! is preserved.
//! Larger numbers are multiplied by as many bits of 2/π as matter, in whole numbers.

#![allow(clippy::excessive_precision, clippy::approx_constant)]

use super::high_word;

const INVERSE: f64 = 6.36619772367581382433e-01;
/// The first, second and third 33 bits of π/2, each with what follows it.
const PARTS: [(f64, f64); 3] = [
    (1.57079632673412561417e+00, 6.07710050650619224932e-11),
    (6.07710050630396597660e-11, 2.02226624879595063154e-21),
    (2.02226624871116645580e-21, 8.47842766036889956997e-32),
];

fn exponent(x: f64) -> i32 {
    (high_word(x) >> 20 & 0x7FF) as i32
}

/// How many quarter turns (modulo 4 at least), and the rest with its tail. `x` is finite.
pub fn reduce(x: f64) -> (i32, f64, f64) {
    let magnitude = x.abs();
    let (quadrant, high, low) = if high_word(magnitude) <= 0x4139_21FB {
        reduce_medium(magnitude)
    } else {
        reduce_large(magnitude)
    };
    if x < 0.0 {
        (-quadrant, -high, -low)
    } else {
        (quadrant, high, low)
    }
}

fn reduce_medium(x: f64) -> (i32, f64, f64) {
    let quadrant = (x * INVERSE + 0.5) as i32;
    let turns = f64::from(quadrant);
    let mut rest = x - turns * PARTS[0].0;
    let mut tail = turns * PARTS[0].1;
    let mut high = rest - tail;
    // Where much is cancelled, more bits of π/2 are taken.
    for (part, limit) in [(PARTS[1], 16), (PARTS[2], 49)] {
        if exponent(x) - exponent(high) <= limit {
            break;
        }
        let before = rest;
        let next = turns * part.0;
        rest = before - next;
        tail = turns * part.1 - ((before - rest) - next);
        high = rest - tail;
    }
    (quadrant, high, (rest - high) - tail)
}

/// The bits of 2/π after the point, 64 at a time.
const TWO_OVER_PI: [u64; 20] = [
    0xA2F9_836E_4E44_1529,
    0xFC27_57D1_F534_DDC0,
    0xDB62_9599_3C43_9041,
    0xFE51_63AB_DEBB_C561,
    0xB724_6E3A_424D_D2E0,
    0x0649_2EEA_09D1_921C,
    0xFE1D_EB1C_B129_A73E,
    0xE882_35F5_2EBB_4484,
    0xE99C_7026_B45F_7E41,
    0x3991_D639_8353_39F4,
    0x9C84_5F8B_BDF9_283B,
    0x1FF8_97FF_DE05_980F,
    0xEF2F_118B_5A0A_6D1F,
    0x6D36_7ECF_27CB_09B7,
    0x4F46_3F66_9E5F_EA2D,
    0x7527_BAC7_EBE5_F17B,
    0x3D07_39F7_8A52_92EA,
    0x6BFB_5FB1_1F8D_5D08,
    0x5603_3046_FC7B_6BAB,
    0xF0CF_BC20_9AF4_361D,
];

/// 64 bits of 2/π from a position on, which may lie before the point.
fn bits_from(position: i32) -> u64 {
    let word = |index: i32| {
        usize::try_from(index)
            .ok()
            .and_then(|index| TWO_OVER_PI.get(index))
            .copied()
            .unwrap_or(0)
    };
    let (index, shift) = (position.div_euclid(64), position.rem_euclid(64));
    if shift == 0 {
        word(index)
    } else {
        word(index) << shift | word(index + 1) >> (64 - shift)
    }
}

fn reduce_large(x: f64) -> (i32, f64, f64) {
    let mantissa = x.to_bits() & ((1 << 52) - 1) | 1 << 52;
    let power = exponent(x) - 1075;
    // The product of the mantissa and 192 bits of 2/π that begin where the product has the weight of two turns, modulo 4.
    let start = power - 2;
    let words = [
        bits_from(start),
        bits_from(start + 64),
        bits_from(start + 128),
    ];
    let low = u128::from(mantissa) * u128::from(words[2]);
    let middle = u128::from(mantissa) * u128::from(words[1]) + (low >> 64);
    let top = mantissa
        .wrapping_mul(words[0])
        .wrapping_add((middle >> 64) as u64);
    let fraction = u128::from(top) << 64 | u128::from(middle as u64);
    // Two bits of quadrant, then the fraction of a quarter turn, as a number from −1/2 to 1/2.
    let rounded = fraction.wrapping_add(1 << 125);
    let quadrant = (rounded >> 126) as i32;
    let signed = (fraction << 2) as i128;
    let rest = low as u64;
    let negative = signed < 0;
    let mut magnitude = signed.unsigned_abs();
    if magnitude < 1 << 96 {
        // Few bits are left: those of the lowest word count.
        magnitude = magnitude.wrapping_add(u128::from(rest >> 62));
    }
    let high = magnitude as f64;
    let low = (magnitude as i128).wrapping_sub(high as i128) as f64;
    let scale = f64::from_bits((1023 - 128) << 52);
    let (high, low) = (high * scale, low * scale);
    // Times π/2, in two doubles.
    const HALF_PI: (f64, f64) = (1.57079632679489655800e+00, 6.12323399573676603587e-17);
    let product = high * HALF_PI.0;
    let error = product_error(high, HALF_PI.0, product) + (high * HALF_PI.1 + low * HALF_PI.0);
    let first = product + error;
    let second = error - (first - product);
    if negative {
        (quadrant, -first, -second)
    } else {
        (quadrant, first, second)
    }
}

/// What rounding took from a product.
fn product_error(a: f64, b: f64, product: f64) -> f64 {
    let split = |x: f64| {
        let c = 134_217_729.0 * x;
        let high = c - (c - x);
        (high, x - high)
    };
    let ((a_high, a_low), (b_high, b_low)) = (split(a), split(b));
    ((a_high * b_high - product) + a_high * b_low + a_low * b_high) + a_low * b_low
}
