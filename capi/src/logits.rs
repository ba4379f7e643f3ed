//! Logits: what a network gives before its last layer, and the tables that take 8-bit ones to probabilities.

use crate::map::Map;
use crate::memory::{self, Span};
use crate::status::{Done, SOFT_DICE_VERSION, soft_dice_status, status};
use core::ptr;
use soft_dice::F32;
use soft_dice::activation::{Sigmoid, SigmoidTable, SoftmaxTable, Tabled};

/// The sigmoid of each 8-bit logit, worked out once: codes of 2^-23. `soft_dice_sigmoid_init_...` writes it; it need not be zeroed.
/// It may be constant from then on, and many calls may read it at once. Each call looks whether it is what was written.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct soft_dice_sigmoid {
    /// By the logit, counted from the lowest.
    pub codes: [u32; 256],
    /// The logits and the format.
    pub kind: u32,
    /// Of the codes.
    pub check: u32,
}

/// What the greatest logit of a pixel leaves to one that is so many codes lower, worked out once: codes of 2^-23.
/// `soft_dice_softmax_init` writes it; else it is as `soft_dice_sigmoid`.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct soft_dice_softmax {
    /// By the distance.
    pub codes: [u32; 256],
    /// The format.
    pub kind: u32,
    /// Of the codes.
    pub check: u32,
}

/// Signed 8-bit logits.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct soft_dice_logits_i8 {
    /// A logit for each pixel.
    pub data: *const i8,
    /// How many.
    pub pixels: usize,
    /// A table of `soft_dice_sigmoid_init_i8`.
    pub table: *const soft_dice_sigmoid,
}

/// Unsigned 8-bit logits.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct soft_dice_logits_u8 {
    /// A logit for each pixel.
    pub data: *const u8,
    /// How many.
    pub pixels: usize,
    /// A table of `soft_dice_sigmoid_init_u8`.
    pub table: *const soft_dice_sigmoid,
}

/// Logits as float, of which the sigmoid is taken within 1.2e-7: its sums are those of `soft_dice_f32`. A NaN is left out and
/// counted as invalid; infinities are 0 and 1. Without an FPU a pixel takes thousands of instructions.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct soft_dice_logits_f32 {
    /// A logit for each pixel.
    pub data: *const f32,
    /// How many.
    pub pixels: usize,
}

/// What stands in `kind`; another format of the table would be another number.
const SIGMOID_I8: u32 = 0x5D1C_0101;
const SIGMOID_U8: u32 = 0x5D1C_0102;
const SOFTMAX: u32 = 0x5D1C_0103;

/// The codes of a table, if this library wrote them and nothing has touched them since.
///
/// # Safety
///
/// What becomes of the table is read for as long as a call takes, and nothing writes to it during that time.
unsafe fn known<'a>(codes: *const [u32; 256], kind: [u32; 2], check: u32) -> Done<&'a [u32; 256]> {
    // SAFETY: the caller's promise.
    let codes = unsafe { memory::shared(codes) }?;
    let [found, wanted] = kind;
    if found == wanted && check == memory::check(wanted, codes) { Ok(codes) } else { Err(SOFT_DICE_VERSION) }
}

/// The table of a sigmoid as Rust has it.
///
/// # Safety
///
/// Unless null or misaligned, the pointer points to a table that nothing writes to for the rest of the call. What is made of it ends
/// with the call, however long the reference says that it lives.
unsafe fn sigmoid(table: *const soft_dice_sigmoid, kind: u32) -> Done<&'static SigmoidTable> {
    // SAFETY: the caller's promise. In memory a `SigmoidTable` is its codes and nothing else.
    unsafe {
        let table = memory::shared(table)?;
        Ok(&*ptr::from_ref(known(&raw const table.codes, [table.kind, kind], table.check)?).cast::<SigmoidTable>())
    }
}

/// The table of a softmax as Rust has it.
///
/// # Safety
///
/// Unless null or misaligned, the pointer points to a table that nothing writes to for `'a`.
pub(crate) unsafe fn softmax<'a>(table: *const soft_dice_softmax) -> Done<&'a SoftmaxTable> {
    // SAFETY: the caller's promise. In memory a `SoftmaxTable` is its codes and nothing else.
    unsafe {
        let table = memory::shared(table)?;
        Ok(&*ptr::from_ref(known(&raw const table.codes, [table.kind, SOFTMAX], table.check)?).cast::<SoftmaxTable>())
    }
}

macro_rules! logits {
    ($map:ty, $raw:ty, $element:ty, |$of:ident| $made:expr) => {
        impl Map for $map {
            type Element = $element;

            unsafe fn element(&self) -> Done<$element> {
                let $of = self;
                $made
            }

            fn pixels(&self) -> usize {
                self.pixels
            }

            fn span(&self) -> Done<Span> {
                Span::of(self.data, self.pixels)
            }

            unsafe fn values<'a>(&self) -> Done<&'a [$raw]> {
                // SAFETY: the caller's promise is that of `slice`.
                unsafe { memory::slice(self.data, self.pixels) }
            }
        }
    };
}

logits!(soft_dice_logits_i8, i8, Tabled<i8>, |map| {
    // SAFETY: that of `element`: the pointer is null, misaligned, or points to a table.
    Ok(Tabled::i8(unsafe { sigmoid(map.table, SIGMOID_I8) }?))
});
logits!(soft_dice_logits_u8, u8, Tabled<u8>, |map| {
    // SAFETY: as above.
    Ok(Tabled::u8(unsafe { sigmoid(map.table, SIGMOID_U8) }?))
});
logits!(soft_dice_logits_f32, f32, Sigmoid<F32>, |_map| Ok(Sigmoid(F32::new())));

macro_rules! tables {
    ($($(#[$doc:meta])* $name:ident($($argument:ident: $type:ty),*): $table:ident, $kind:ident, $made:expr;)*) => {$(
        $(#[$doc])*
        ///
        /// # Safety
        ///
        /// The pointer points to room for a table, or is null or misaligned, which is refused.
        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $name(table: *mut $table, $($argument: $type),*) -> soft_dice_status {
            let made = || {
                memory::placed(table.cast_const())?;
                let made = $made?;
                // SAFETY: `placed` has seen that it is neither null nor misaligned; the caller promises the rest. In its place, for a
                // table that is returned lies on the stack, too.
                unsafe {
                    (*table).codes = *made.codes();
                    (*table).kind = $kind;
                    (*table).check = memory::check($kind, made.codes());
                }
                Ok(())
            };
            status(made())
        }
    )*};
}

tables! {
    /// The table of signed logits (q - zero_point) * scale, each code the nearest to the exact sigmoid. The scale is positive and
    /// finite, the zero point from -128 to 127. It works in double, and takes 3 KB of stack, once.
    soft_dice_sigmoid_init_i8(scale: f32, zero_point: i32): soft_dice_sigmoid, SIGMOID_I8, SigmoidTable::i8(scale, zero_point);
    /// The table of unsigned ones; the zero point is from 0 to 255.
    soft_dice_sigmoid_init_u8(scale: f32, zero_point: i32): soft_dice_sigmoid, SIGMOID_U8, SigmoidTable::u8(scale, zero_point);
    /// The table of a softmax over 8-bit logits of this scale, which is positive and finite; the zero point cancels.
    soft_dice_softmax_init(scale: f32): soft_dice_softmax, SOFTMAX, SoftmaxTable::new(scale);
}
