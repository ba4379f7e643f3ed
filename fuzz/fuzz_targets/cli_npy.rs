//! A .npy file whose header is text of any kind, or as numpy writes it with parts that lie: what gets past the guard
//! must not break its parser, and an array fills its shape.
#![no_main]

use libfuzzer_sys::fuzz_target;
use soft_dice_cli::read::{Raw, Source};
use soft_dice_fuzz::{Made, npy};

#[derive(Debug, arbitrary::Arbitrary)]
enum Input<'a> {
    Made { file: Made<'a>, shape: [u8; 3], axes: u8, more: i8 },
    Parts { version: u8, descr: &'a str, fortran: bool, shape: &'a str, numbers: &'a [u8] },
    Text { version: u8, text: &'a str, numbers: &'a [u8] },
}

fuzz_target!(|input: Input| {
    let (file, more) = match input {
        Input::Made { file, shape, axes, more } => {
            let sides = &shape.map(u32::from)[..usize::from(axes % 4)];
            (file.file(sides).0, more)
        }
        Input::Parts { version, descr, fortran, shape, numbers } => {
            let fortran = if fortran { "True" } else { "False" };
            let text = format!("{{'descr': '{descr}', 'fortran_order': {fortran}, 'shape': ({shape}), }}\n");
            ([npy::head(version % 4, &text), numbers.to_vec()].concat(), 0)
        }
        Input::Text { version, text, numbers } => ([npy::head(version % 4, text), numbers.to_vec()].concat(), 0),
    };
    // A file may grow or shrink after it was measured.
    let length = (file.len() as u64).saturating_add_signed(more.into());
    let open = || Source::from_bytes(&file[..], length, "npy", &Raw::default());
    match open().and_then(Source::array) {
        Ok(array) => {
            assert_eq!(array.values.len(), array.shape.iter().product::<usize>());
            // By frames, as a recording is read.
            let mut source = open().expect("as before");
            let frames = array.shape[0];
            for _ in 0..frames {
                assert_eq!(
                    source.take(array.values.len() / frames).expect("as before").len() * frames,
                    array.values.len()
                );
            }
        }
        Err(failure) => assert_eq!(failure.to_string().lines().count(), 1),
    }
});
