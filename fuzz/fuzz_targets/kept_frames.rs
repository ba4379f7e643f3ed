//! Frames one after another: a frame with itself agrees, another length is refused, and the frame that was kept stays.
#![no_main]

use libfuzzer_sys::fuzz_target;
use soft_dice::confidence::{Kept, Last};
use soft_dice::*;

#[derive(Debug, arbitrary::Arbitrary)]
struct Input<'a> {
    codes: &'a [u8],
    floats: Vec<f32>,
    words: Vec<i16>,
}

fn check<P: Kept>(e: P, frames: &[P::Raw], room: usize)
where
    <P::As as Element>::Raw: Default,
{
    let mut buffer = vec![<P::As as Element>::Raw::default(); room];
    let mut last = Last::new(e, &mut buffer);
    if room == 0 {
        return;
    }
    for frame in frames.chunks_exact(room) {
        let first = last.compare(frame);
        let again = last.compare(frame);
        assert_eq!(first.is_ok(), again.is_ok());
        if let Ok(Some(compared)) = again {
            assert!(compared.agreement_q15.is_none_or(|agreement| agreement == 1 << 15), "{compared:?}");
        }
        assert!(last.compare(&frame[1..]).is_err());
    }
}

fuzz_target!(|input: Input| {
    for room in [1, 3, 16] {
        check(U8, input.codes, room);
        check(F32::new(), &input.floats, room);
        check(Q15::new().range(Range::Clamp), &input.words, room);
        check(F32Fine::new().range(Range::Refuse), &input.floats, room);
    }
});
