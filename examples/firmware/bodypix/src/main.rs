//! BodyPix (MobileNet-0.50, int8) on a picture of 129 × 129, its 17 × 17 logits, and their soft Dice against the map of
//! the float network. The host has the logits of the same engine, and works out the rest itself.

#![no_std]
#![no_main]

use board::Out;
use cases::bodypix::{self, PIXELS, SIDE};
use core::array;
use cortex_m_rt::entry;
use microflow::buffer::Buffer4D;
use nalgebra::SMatrix;

board::panic_exits!();

// The network, its input after the header of the file, and the float network's map: see build.rs.
include!(concat!(env!("OUT_DIR"), "/network.rs"));

/// Pixels a side of the input, and bytes of a pixel.
const INPUT: usize = 129;
const COLOURS: usize = 3;

#[entry]
fn main() -> ! {
    let mut out = Out::open();
    let code = u32::from(bodypix::write(&mut out, &logits(), REFERENCE).is_err());
    out.exit(code)
}

fn logits() -> [i8; PIXELS] {
    let pixels = &PICTURE[bodypix::HEADER..];
    let image: Buffer4D<i8, 1, INPUT, INPUT, COLOURS> = [SMatrix::from_fn(|row, column| {
        array::from_fn(|colour| pixels[(row * INPUT + column) * COLOURS + colour] as i8)
    })];
    let [output] = Network::predict_quantized(image);
    array::from_fn(|at| bodypix::code(output[(at / SIDE, at % SIDE)][0]))
}
