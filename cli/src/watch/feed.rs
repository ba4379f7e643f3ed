use crate::prediction::Planes;
use soft_dice::confidence::Kept;
use soft_dice::{F32, F32Fine, I8, Q15, U8, U8Affine, U16};

/// An element that a recording may have: its frames are of one type, which is known when the first is read.
pub trait Raws: Kept {
    /// The pixels, if they are this element's.
    fn raws(planes: &Planes) -> Option<&[Self::Raw]>;
}

macro_rules! raws {
    ($($element:ident)*) => {$(
        impl Raws for $element {
            fn raws(planes: &Planes) -> Option<&[Self::Raw]> {
                match planes {
                    Planes::$element(_, raws) => Some(raws),
                    _ => None,
                }
            }
        }
    )*};
}

raws! { U8 U16 Q15 I8 U8Affine F32 F32Fine }
