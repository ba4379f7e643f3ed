use super::{Event, Report};
use crate::sums::Record;

/// What a device sends home: one entry after the other, each of a known kind. With the feature `serde` it goes through
/// `postcard` (`to_slice_cobs`, so that a log can be read from any place on), with the feature `defmt` through `defmt::info!("{}", entry)`,
/// and `soft-dice log` reads either on the host, the latter as the text that `defmt-print` makes of it.
///
/// Entries are of one watch, in the order in which they came: the report that follows an event is that of the same frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Entry {
    /// All that the monitor knew after a frame.
    Report(Report),
    /// A change of state.
    Event(Event),
    /// The exact sums of a frame.
    Sums(Record),
}
