//! A .npy file whose header is text of any kind: what gets past the guard must not break its parser.
#![no_main]

use libfuzzer_sys::fuzz_target;
use soft_dice_cli::read::{Raw, Source};

#[derive(Debug, arbitrary::Arbitrary)]
struct Input<'a> {
    version: u8,
    descr: &'a str,
    shape: &'a str,
    whole: Option<&'a str>,
    numbers: &'a [u8],
}

fuzz_target!(|input: Input| {
    let Input { version, descr, shape, whole, numbers } = input;
    let made = format!("{{'descr': '{descr}', 'fortran_order': {}, 'shape': ({shape}), }}\n", ["True", "False"][usize::from(version & 1)]);
    let text = whole.unwrap_or(&made);
    let mut file = b"\x93NUMPY".to_vec();
    file.extend([1 + version / 2 % 3, 0]);
    file.extend((text.len() as u16).to_le_bytes());
    if version / 2 % 3 > 0 {
        file.extend([0, 0]);
    }
    file.extend(text.as_bytes());
    file.extend(numbers);
    match Source::from_bytes(&file[..], file.len() as u64, "npy", &Raw::default()).and_then(Source::array) {
        Ok(array) => assert_eq!(array.values.len(), array.shape.iter().product::<usize>()),
        Err(failure) => assert_eq!(failure.to_string().lines().count(), 1),
    }
});
