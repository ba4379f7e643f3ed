//! Records in the text of a log: what `defmt-print` or `probe-rs` makes of `defmt::info!("{}", entry)`, and of `Event::log`.
//!
//! `defmt`'s own stream has no text in it: that stands in the firmware's ELF file, from which those programs take it. What they
//! print of a `Report`, `Event`, `Record` or `Entry` is every field by its name, as Rust's `{:?}` is, so that nothing is lost.

use super::entries::{Form, Read, known};
use serde::de::DeserializeOwned;
use soft_dice::monitor::Entry;

/// All records, in lines that may say more; what has none is passed over.
pub fn read(bytes: &[u8]) -> Read {
    let mut read = Read { form: Form::Text, entries: Vec::new(), unreadable: 0 };
    for line in bytes.split_inclusive(|&byte| byte == b'\n') {
        let found = records(&String::from_utf8_lossy(line));
        if found.is_empty() {
            read.unreadable += line.len();
        }
        read.entries.extend(found);
    }
    read
}

/// The records of a line.
fn records(line: &str) -> Vec<Entry> {
    let mut found = Vec::new();
    let mut rest = line;
    while let Some(at) = rest.find(|letter: char| letter.is_ascii_alphabetic()) {
        rest = &rest[at..];
        if let Some((entry, behind)) = record(rest).or_else(|| change(rest))
            && known(&entry)
        {
            found.push(entry);
            rest = behind;
        } else {
            rest = rest.trim_start_matches(|letter: char| letter.is_ascii_alphanumeric() || letter == '_');
        }
    }
    found
}

/// The record with which the text begins, and what stands behind it.
fn record(text: &str) -> Option<(Entry, &str)> {
    let (name, behind) = word(text)?;
    let kind = ["Report", "Event", "Sums", "Record"].into_iter().find(|&kind| kind == name)?;
    // Only what bears fields: the word alone may stand in any sentence.
    if !behind.trim_start().starts_with(['{', '(']) {
        return None;
    }
    let mut json = String::new();
    let rest = value(text, &mut json, 0)?;
    let entry = match kind {
        _ if behind.trim_start().starts_with('(') => parsed::<Entry>(&json)?,
        "Report" => Entry::Report(parsed(&json)?),
        "Event" => Entry::Event(parsed(&json)?),
        "Record" => Entry::Sums(parsed(&json)?),
        _ => return None,
    };
    Some((entry, rest))
}

/// What `Event::log` writes: `frame 41: Healthy -> Degraded, Drift, 300/256`.
fn change(text: &str) -> Option<(Entry, &str)> {
    let (frame, rest) = text.strip_prefix("frame ")?.split_once(": ")?;
    let (from, rest) = rest.split_once(" -> ")?;
    let (to, rest) = rest.split_once(", ")?;
    let (cause, rest) = rest.split_once(", ")?;
    let (over, rest) = rest.split_once("/256")?;
    let name = |text: &str| word(text).is_some_and(|(_, behind)| behind.is_empty());
    let number = |text: &str| text.bytes().all(|digit| digit.is_ascii_digit());
    if !(name(from) && name(to) && name(cause) && number(frame) && number(over)) {
        return None;
    }
    let event = format!(r#"{{"frame":{frame},"from":"{from}","to":"{to}","cause":"{cause}","over":{over}}}"#);
    Some((Entry::Event(parsed(&event)?), rest))
}

fn parsed<T: DeserializeOwned>(json: &str) -> Option<T> {
    serde_json::from_str(json).ok()
}

/// The name with which the text begins.
fn word(text: &str) -> Option<(&str, &str)> {
    let end = text.find(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_').unwrap_or(text.len());
    (end > 0 && text.starts_with(|letter: char| letter.is_ascii_alphabetic())).then(|| text.split_at(end))
}

/// Deeper than a record is.
const DEEPEST: usize = 8;

/// Turns a value into JSON, and gives what stands behind it.
fn value<'a>(text: &'a str, json: &mut String, depth: usize) -> Option<&'a str> {
    let text = text.trim_start();
    if depth > DEEPEST {
        return None;
    }
    if let Some(inner) = text.strip_prefix('[') {
        return list(inner, ']', json, depth);
    }
    if let Some(inner) = text.strip_prefix('(') {
        return list(inner, ')', json, depth);
    }
    let Some((name, behind)) = word(text) else {
        let digits = text.strip_prefix('-').unwrap_or(text);
        let end = digits.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(digits.len());
        let (number, rest) = text.split_at(text.len() - digits.len() + end);
        json.push_str(number);
        return (end > 0).then_some(rest);
    };
    let after = behind.trim_start();
    if let Some(inner) = after.strip_prefix('{') {
        return fields(inner, json, depth);
    }
    if let Some(inner) = after.strip_prefix('(') {
        // An option's value stands for itself; any other variant is named.
        if name == "Some" {
            return value(inner, json, depth + 1)?.trim_start().strip_prefix(')');
        }
        json.push_str(&format!("{{\"{name}\":"));
        let rest = value(inner, json, depth + 1)?.trim_start().strip_prefix(')')?;
        json.push('}');
        return Some(rest);
    }
    match name {
        "true" | "false" => json.push_str(name),
        "None" => json.push_str("null"),
        _ => json.push_str(&format!("\"{name}\"")),
    }
    Some(behind)
}

/// Values up to the end of an array or a tuple.
fn list<'a>(mut text: &'a str, end: char, json: &mut String, depth: usize) -> Option<&'a str> {
    json.push('[');
    loop {
        text = value(text, json, depth + 1)?.trim_start();
        if let Some(rest) = text.strip_prefix(end) {
            json.push(']');
            return Some(rest);
        }
        text = text.strip_prefix(',')?;
        json.push(',');
    }
}

/// Fields up to the end of a struct.
fn fields<'a>(mut text: &'a str, json: &mut String, depth: usize) -> Option<&'a str> {
    json.push('{');
    loop {
        let (name, rest) = word(text.trim_start())?;
        json.push_str(&format!("\"{name}\":"));
        text = value(rest.trim_start().strip_prefix(':')?, json, depth + 1)?.trim_start();
        if let Some(rest) = text.strip_prefix('}') {
            json.push('}');
            return Some(rest);
        }
        text = text.strip_prefix(',')?;
        json.push(',');
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use soft_dice::monitor::{Cause, Event, Phase, Report, State};
    use soft_dice::{Measured, NonZero, Record, Stream, U8};

    fn report() -> Report {
        Report {
            version: Report::VERSION,
            frames: 17,
            unscored: 2,
            state: State::NoSignal,
            cause: Some(Cause::Silent),
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
        }
    }

    fn sums() -> Record {
        let mut stream = Stream::new(U8, NonZero);
        stream.update(&[200, 3, 255], &[1, 0, 1]).expect("three pixels");
        // Numbers that no 64 bits hold.
        Record { p: u128::MAX, squares: Some((1 << 70, 3)), ..stream.sums().record() }
    }

    const EVENT: Event = Event { frame: 41, from: State::Healthy, to: State::Degraded, cause: Cause::Edge, over: 512 };

    /// `{:?}` of Rust is what defmt prints of derived formats; that a board's log is read is tested on the boards.
    #[test]
    fn records_in_lines_that_say_more() {
        let (report, sums) = (report(), sums());
        let log = format!(
            "0.000012 INFO {:?}\n<lvl>INFO</lvl> before {report:?} after\nnothing here\n{{\"data\":\"{EVENT:?}\"}}\n{:?} {:?}\n",
            Entry::Report(report),
            Entry::Event(EVENT),
            Entry::Sums(sums),
        );
        let Read { form, entries, unreadable } = read(log.as_bytes());
        let [report, event, sums] = [Entry::Report(report), Entry::Event(EVENT), Entry::Sums(sums)];
        assert_eq!(entries, [report, report, event, event, sums]);
        assert_eq!((form, unreadable), (Form::Text, "nothing here\n".len()));
        assert_eq!(read(format!("{:?}", self::sums()).as_bytes()).entries, [sums]);
        assert_eq!(read(b"WARN frame 41: Healthy -> Degraded, Edge, 512/256\r\n").entries, [event]);
    }

    /// A line that lacks anything is no record, and none is made up.
    #[test]
    fn what_is_broken_is_passed_over() {
        for whole in [format!("{:?}", report()), format!("{:?}", Entry::Sums(sums())), format!("{EVENT:?}")] {
            // Of an entry without its last bracket the record is whole.
            for end in 0..whole.trim_end_matches(')').len() {
                assert!(read(&whole.as_bytes()[..end]).entries.is_empty(), "{whole} up to {end}");
            }
        }
        let other = format!("{:?}", Report { version: 9, ..report() });
        for no_record in [
            other.as_str(),
            "Report",
            "a Report { of: something }",
            "Event(7)",
            "Sums(Report { })",
            "Report { version: 2 }",
            "frame 7: Healthy -> Fine, Edge, 1/256",
            "frame 7: dice 3 of 32768",
            "((((((((((((((((1))))))))))))))))",
        ] {
            assert!(read(no_record.as_bytes()).entries.is_empty(), "{no_record}");
        }
    }
}
