//! The records of a log, of whichever form they are.

use super::{packed, text};
use serde::{Deserialize, Serialize};
use soft_dice::monitor::Entry;

/// Of which form the records of a log are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Form {
    /// `soft_dice_pack_report` and the like.
    Packed,
    /// `Entry` by `postcard::to_slice_cobs`.
    Postcard,
    /// What a program made of a log of defmt.
    Text,
}

impl Form {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Packed => "packed records of the C interface",
            Self::Postcard => "entries by postcard in COBS",
            Self::Text => "entries as text",
        }
    }
}

/// What a log holds.
pub struct Read {
    pub form: Form,
    pub entries: Vec<Entry>,
    /// Bytes that are no record.
    pub unreadable: usize,
}

/// Reads it in every form: the one that leaves least unread is the log's.
pub fn read(bytes: &[u8]) -> Read {
    let rank = |read: &Read| (read.entries.is_empty(), read.unreadable);
    // Of equals the first.
    [postcards(bytes), text::read(bytes)]
        .into_iter()
        .fold(packed::read(bytes), |best, other| if rank(&other) < rank(&best) { other } else { best })
}

/// Entries that end with a 0 each, as COBS has it.
fn postcards(bytes: &[u8]) -> Read {
    let mut read = Read { form: Form::Postcard, entries: Vec::new(), unreadable: 0 };
    for frame in bytes.split_inclusive(|&byte| byte == 0) {
        let mut room = frame.to_vec();
        match postcard::take_from_bytes_cobs::<Entry>(&mut room) {
            Ok((entry, rest)) if rest.is_empty() && frame.ends_with(&[0]) && known(&entry) => read.entries.push(entry),
            // A 0 alone separates nothing from nothing.
            _ if frame == [0] => {}
            _ => read.unreadable += frame.len(),
        }
    }
    read
}

/// Of a version that this command reads.
pub(super) fn known(entry: &Entry) -> bool {
    match entry {
        Entry::Report(report) => report.version == soft_dice::monitor::Report::VERSION,
        Entry::Event(_) => true,
        Entry::Sums(record) => record.version == soft_dice::Record::VERSION,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use soft_dice::monitor::{Cause, Event, State};

    #[test]
    fn what_lies_between_is_passed_over() {
        let event = |frame| {
            let (from, to, cause) = (State::Healthy, State::Degraded, Cause::Drift);
            Entry::Event(Event { frame, from, to, cause, over: 300 })
        };
        let mut log = Vec::new();
        let mut room = [0; 64];
        for frame in [3, 300] {
            log.extend_from_slice(postcard::to_slice_cobs(&event(frame), &mut room).expect("room"));
            log.extend([7, 9, 0]);
        }
        let Read { form, entries, unreadable } = read(&log);
        assert_eq!((form, entries, unreadable), (Form::Postcard, vec![event(3), event(300)], 6));
        // The end is missing.
        let cut = read(&log[..log.len() - 5]);
        assert_eq!(cut.entries.len(), 1);
        assert!(read(&[]).entries.is_empty() && read(&[0; 9]).entries.is_empty());
    }
}
