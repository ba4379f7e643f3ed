//! Records of the C interface: mark, kind, version, length, the struct as a little-endian machine has it, and a check.

use super::entries::{Form, Read, known};
use soft_dice::monitor::{Cause, Entry, Event, Phase, Report, State};
use soft_dice::{Record, Unit};

/// What every record begins with, and the version of the format.
const MARK: u8 = 0x5D;
const VERSION: u8 = 1;
/// Before the struct and behind it.
const HEAD: usize = 4;
const CHECK: usize = 2;

/// All records; what lies between them is passed over.
pub fn read(bytes: &[u8]) -> Read {
    let mut read = Read { form: Form::Packed, entries: Vec::new(), unreadable: 0 };
    let mut rest = bytes;
    while !rest.is_empty() {
        match record(rest) {
            Some((entry, length)) => {
                read.entries.push(entry);
                rest = rest.get(length..).unwrap_or_default();
            }
            None => {
                read.unreadable += 1;
                rest = rest.get(1..).unwrap_or_default();
            }
        }
    }
    read
}

/// The record that begins here, and its length.
fn record(bytes: &[u8]) -> Option<(Entry, usize)> {
    let &[mark, kind, version, length, ..] = bytes else { return None };
    let body = HEAD + usize::from(length);
    if mark != MARK || version != VERSION || bytes.get(body..body + CHECK)? != crc(&bytes[..body]).to_le_bytes() {
        return None;
    }
    let fields = Fields(&bytes[HEAD..body]);
    let entry = match kind {
        1 => Entry::Report(report(&fields)?),
        2 => Entry::Event(event(&fields)?),
        3 => Entry::Sums(sums(&fields)?),
        _ => return None,
    };
    known(&entry).then_some((entry, body + CHECK))
}

/// CRC-16/CCITT-FALSE.
fn crc(bytes: &[u8]) -> u16 {
    bytes.iter().fold(0xFFFF, |crc, &byte| {
        (0..8).fold(crc ^ u16::from(byte) << 8, |crc, _| (crc << 1) ^ if crc & 0x8000 == 0 { 0 } else { 0x1021 })
    })
}

/// The members of a struct, each at its place.
struct Fields<'a>(&'a [u8]);

impl Fields<'_> {
    fn bytes<const N: usize>(&self, at: usize) -> Option<[u8; N]> {
        self.0.get(at..at + N)?.try_into().ok()
    }

    fn u8(&self, at: usize) -> Option<u8> {
        self.0.get(at).copied()
    }

    fn u16(&self, at: usize) -> Option<u16> {
        self.bytes(at).map(u16::from_le_bytes)
    }

    fn u32(&self, at: usize) -> Option<u32> {
        self.bytes(at).map(u32::from_le_bytes)
    }

    fn u64(&self, at: usize) -> Option<u64> {
        self.bytes(at).map(u64::from_le_bytes)
    }

    fn u128(&self, at: usize) -> Option<u128> {
        self.bytes(at).map(u128::from_le_bytes)
    }

    fn unit(&self, at: usize) -> Option<Unit> {
        Some(Unit { mul: self.u32(at)?, div: self.u16(at + 4)?, shift: self.u8(at + 6)? })
    }
}

const STATES: [State; 5] = [State::WarmingUp, State::Healthy, State::Degraded, State::Failed, State::NoSignal];
const PHASES: [Phase; 6] =
    [Phase::Absent, Phase::Learning, Phase::Provisional, Phase::Settled, Phase::Known, Phase::Refused];
/// From 1 on; 0 is none.
const CAUSES: [Cause; 15] = [
    Cause::Learnt,
    Cause::Baseline,
    Cause::Drift,
    Cause::Low,
    Cause::Flicker,
    Cause::Edge,
    Cause::Detail,
    Cause::Area,
    Cause::Frozen,
    Cause::Collapsed,
    Cause::Vanished,
    Cause::Invalid,
    Cause::Silent,
    Cause::Returned,
    Cause::Recovered,
];

fn state(value: u8) -> Option<State> {
    STATES.get(usize::from(value)).copied()
}

/// A cause, or none; an unknown one is no record.
fn cause(value: u8) -> Option<Option<Cause>> {
    match value {
        0 => Some(None),
        _ => CAUSES.get(usize::from(value) - 1).copied().map(Some),
    }
}

fn report(fields: &Fields<'_>) -> Option<Report> {
    let present = fields.u16(8)?;
    let word = |bit: u16, at: usize| Some(if present & bit != 0 { Some(fields.u16(at)?) } else { None });
    let signed = |bit: u16, at: usize| Some(word(bit, at)?.map(|word| word as i16));
    let [a, b, c, d] = fields.bytes(34)?.map(|phase: u8| PHASES.get(usize::from(phase)).copied());
    Some(Report {
        version: fields.u8(40)?,
        frames: fields.u32(0)?,
        unscored: fields.u32(4)?,
        state: state(fields.u8(38)?)?,
        cause: cause(fields.u8(39)?)?,
        confidence: word(1, 10)?,
        agreement: word(2, 12)?,
        edge: signed(4, 14)?,
        detail: signed(8, 16)?,
        area: fields.u16(18)?,
        invalid: fields.u16(20)?,
        baseline: word(16, 22)?,
        phases: [a?, b?, c?, d?],
        level: word(32, 24)?,
        mean: word(64, 26)?,
        least: word(64, 28)?,
        quantile: word(64, 30)?,
        drift: fields.u16(32)?,
    })
}

fn event(fields: &Fields<'_>) -> Option<Event> {
    Some(Event {
        frame: fields.u32(0)?,
        over: fields.u16(4)?,
        from: state(fields.u8(7)?)?,
        to: state(fields.u8(8)?)?,
        cause: cause(fields.u8(9)?)??,
    })
}

fn sums(fields: &Fields<'_>) -> Option<Record> {
    let kept = fields.u8(172)?;
    let pair =
        |bit: u8, at: usize| Some(if kept & bit != 0 { Some((fields.u128(at)?, fields.u128(at + 16)?)) } else { None });
    Some(Record {
        version: fields.u16(168)?,
        unit_p: fields.unit(144)?,
        unit_t: fields.unit(152)?,
        zero_point_p: fields.u32(160)? as i32,
        zero_point_t: fields.u32(164)? as i32,
        rounded: fields.u8(170)?,
        hard: fields.u8(171)? != 0,
        count: fields.u64(0)?,
        ignored: fields.u64(8)?,
        invalid: fields.u64(16)?,
        clamped: fields.u64(24)?,
        p: fields.u128(32)?,
        t: fields.u128(48)?,
        pt: fields.u128(64)?,
        squares: pair(1, 80)?,
        minima: pair(2, 112)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    /// What the C interface packs, as its own test holds it.
    fn packed() -> Vec<u8> {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../capi/tests/data/packed.hex");
        let text = std::fs::read_to_string(path).expect("the records");
        let digits: Vec<u8> = text.bytes().filter(|digit| !digit.is_ascii_whitespace()).collect();
        let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).expect("ASCII"), 16).expect("digits");
        digits.chunks(2).map(byte).collect()
    }

    #[test]
    fn as_c_packs_them() {
        let Read { entries, unreadable, .. } = read(&packed());
        let report = Report {
            version: 2,
            frames: 0x0102_0304,
            unscored: 7,
            state: State::Degraded,
            cause: Some(Cause::Edge),
            confidence: Some(32000),
            agreement: None,
            edge: Some(-300),
            detail: None,
            area: 1234,
            invalid: 5,
            baseline: Some(32100),
            phases: [Phase::Settled, Phase::Absent, Phase::Provisional, Phase::Refused],
            level: None,
            mean: Some(31000),
            least: Some(29000),
            quantile: Some(30000),
            drift: 300,
        };
        let (from, to) = (State::Healthy, State::Degraded);
        let event = Event { frame: 41, from, to, cause: Cause::Edge, over: 512 };
        let mut stream = soft_dice::Stream::new(soft_dice::U8, soft_dice::NonZero);
        stream.update(&[200, 3, 255, 0, 128], &[1, 0, 1, 0, 0]).expect("five pixels");
        let sums = soft_dice::Measured::record(stream.sums());
        assert_eq!(entries, [Entry::Report(report), Entry::Event(event), Entry::Sums(sums)]);
        assert_eq!(unreadable, 0);
    }

    /// Any byte that is lost or changed costs its record, and no other.
    #[test]
    fn what_is_broken_is_passed_over() {
        let whole = packed();
        for at in 0..whole.len() {
            let mut changed = whole.clone();
            changed[at] ^= 0x40;
            assert_eq!(read(&changed).entries.len(), 2, "byte {at} changed");
            let mut lost = whole.clone();
            lost.remove(at);
            assert_eq!(read(&lost).entries.len(), 2, "byte {at} lost");
        }
    }
}
