//! Whole-run loops over lanes. They stand on what a pixel means (`pixels`) and on lane operations (`lanes`), and know
//! no element, no backend and no policy: `kernel` gives them a checked pair and lanes that the CPU has.
//!
//! ```text
//! sweep      the loop over vectors, written once: blocks, chains, strides, the last vector
//! entrance   which sweep takes a pair          table   the sweeps of a family on one backend
//! family     what a family is: its views, its sums, how its codes are taken
//! bytes      what a step adds for 8-bit codes       words   for 16-bit codes       floats   for f32
//! sorted     8-bit codes against bits, on lanes that put bytes in any order
//! short      calls of few pixels
//! twice      soft sums and the counts of decisions in one sweep
//! unlike     bytes against floats        halves   half floats, as the codes that they are
//! mixed      codes of unlike formats, decoded by block        looked_up   bytes through a table, against byte masks
//! marks      hard targets and regions, a vector at a time        shapes   a sweep for each shape of mask
//! channels   interleaved rows against labels        few   of at most four channels, on NEON
//! greatest   the first greatest channel of each pixel, of interleaved bytes        planes   of planar values
//! wins       how often each class has won, beside its labels
//! write      loops that write instead of summing: activations, gradients
//! ```

#[cfg(soft_dice_lanes = "vector")]
pub(crate) mod bytes;
pub(crate) mod channels;
#[cfg(soft_dice_lanes = "vector")]
pub(crate) mod entrance;
#[cfg(soft_dice_lanes = "vector")]
pub(crate) mod family;
#[cfg(soft_dice_lanes = "neon")]
pub(crate) mod few;
#[cfg(soft_dice_lanes = "vector")]
pub(crate) mod floats;
#[cfg(soft_dice_lanes = "vector")]
pub(crate) mod greatest;
#[cfg(soft_dice_lanes = "vector")]
pub(crate) mod halves;
#[cfg(not(soft_dice_lanes = "helium"))]
pub(crate) mod lines;
#[cfg(soft_dice_lanes = "vector")]
mod looked_up;
#[cfg(soft_dice_lanes = "vector")]
mod marks;
#[cfg(soft_dice_lanes = "vector")]
pub(crate) mod mixed;
#[cfg(soft_dice_lanes = "vector")]
pub(crate) mod planes;
#[cfg(soft_dice_lanes = "vector")]
pub(crate) mod shapes;
#[cfg(soft_dice_lanes = "vector")]
pub(crate) mod short;
#[cfg(soft_dice_lanes = "vector")]
mod slices;
#[cfg(target_arch = "x86_64")]
mod sorted;
#[cfg(soft_dice_lanes = "vector")]
pub(crate) mod sweep;
#[cfg(soft_dice_lanes = "vector")]
pub(crate) mod table;
#[cfg(soft_dice_lanes = "vector")]
pub(crate) mod twice;
#[cfg(soft_dice_lanes = "vector")]
mod unlike;
#[cfg(soft_dice_lanes = "vector")]
pub(crate) mod wins;
#[cfg(soft_dice_lanes = "vector")]
pub(crate) mod words;
pub(crate) mod write;
