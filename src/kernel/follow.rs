//! A map with its own mask, and beside the last map, which it replaces: what a watch takes of every frame, in one pass where
//! there is a loop for it, as there is on every microcontroller.

use crate::element::Element;
use crate::pixels::Tally;

/// The sums of the map with its mask from `cut` on, and those beside the last map, which is as long, with their minima; the map
/// is written in its place. `None` where the core has no loop for the element: then nothing was done.
#[inline(always)]
pub(crate) fn follow<E: Element>(
    element: &E,
    map: &[E::Raw],
    last: &mut [E::Raw],
    cut: u32,
) -> Option<[Tally<u64>; 2]> {
    #[cfg(soft_dice_lanes = "runs")]
    {
        crate::cores::follow(element, map, last, cut)
    }
    #[cfg(not(soft_dice_lanes = "runs"))]
    {
        let _ = (element, map, last, cut);
        None
    }
}
