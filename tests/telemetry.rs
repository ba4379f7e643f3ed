//! What travels from a monitor, and how large it is.
#![cfg(feature = "serde")]

use soft_dice::monitor::{Cause, Monitor, Phase, Report, Settings, State};

/// Telemetry and memory: a few tens of bytes a report, settings that travel from the host to the device.
#[test]
fn reports_are_small() {
    let full = Report {
        version: Report::VERSION,
        frames: u32::MAX,
        unscored: u32::MAX,
        state: State::Failed,
        cause: Some(Cause::Frozen),
        confidence: Some(32768),
        agreement: Some(32768),
        edge: Some(i16::MIN),
        detail: Some(i16::MIN),
        area: 32768,
        invalid: 32768,
        baseline: Some(32768),
        phases: [Phase::Settled; 4],
        level: Some(32768),
        mean: Some(32768),
        least: Some(32768),
        quantile: Some(32768),
        drift: 32768,
    };
    let mut bytes = [0; 128];
    let sent = postcard::to_slice(&full, &mut bytes).expect("room");
    println!("the largest report: {} bytes in postcard, {} in memory", sent.len(), size_of::<Report>());
    assert!(sent.len() <= 64);
    assert_eq!(postcard::from_bytes::<Report>(sent), Ok(full));
    let mut bytes = [0; 128];
    let sent = postcard::to_slice(&Settings::DEFAULT, &mut bytes).expect("room");
    assert_eq!(postcard::from_bytes::<Settings>(sent), Ok(Settings::DEFAULT));
    println!("a monitor of 32 scores: {} bytes", size_of::<Monitor<32>>());
    assert!(size_of::<Monitor<32>>() <= 1024);
}
