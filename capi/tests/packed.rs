//! Packed records are those of `tests/data/packed.hex`, which the command's own test reads: neither side can change them alone.

use soft_dice_capi::*;
use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs};

const OK: soft_dice_status = soft_dice_status::SOFT_DICE_OK;

fn packed<T>(
    pack: unsafe extern "C" fn(*const T, *mut u8, usize, *mut usize) -> soft_dice_status,
    value: &T,
) -> Vec<u8> {
    let (mut bytes, mut written) = ([0; 256], 0);
    // SAFETY: pointers to values of this function, with their lengths.
    assert_eq!(unsafe { pack(value, bytes.as_mut_ptr(), bytes.len(), &mut written) }, OK);
    bytes[..written].to_vec()
}

#[test]
fn the_format_stays() {
    let report = soft_dice_report {
        frames: 0x0102_0304,
        unscored: 7,
        present: SOFT_DICE_HAS_CONFIDENCE | SOFT_DICE_HAS_EDGE | SOFT_DICE_HAS_BASELINE | SOFT_DICE_HAS_HISTORY,
        confidence: 32000,
        agreement: 0,
        edge: -300,
        detail: 0,
        area: 1234,
        invalid: 5,
        baseline: 32100,
        level: 0,
        mean: 31000,
        least: 29000,
        quantile: 30000,
        drift: 300,
        phases: [SOFT_DICE_PHASE_SETTLED, SOFT_DICE_PHASE_ABSENT, SOFT_DICE_PHASE_PROVISIONAL, SOFT_DICE_PHASE_REFUSED],
        state: SOFT_DICE_DEGRADED,
        cause: SOFT_DICE_CAUSE_EDGE,
        version: 2,
        reserved: [0; 3],
    };
    let event = soft_dice_event {
        frame: 41,
        over: 512,
        changed: 1,
        from: SOFT_DICE_HEALTHY,
        to: SOFT_DICE_DEGRADED,
        cause: SOFT_DICE_CAUSE_EDGE,
        reserved: [0; 2],
    };
    let mut sums = soft_dice_sums::default();
    let (p, t) = ([200u8, 3, 255, 0, 128], [1u8, 0, 1, 0, 0]);
    // SAFETY: pointers to values of this function, with their lengths.
    assert_eq!(unsafe { soft_dice_add_u8_mask(&mut sums, p.as_ptr(), t.as_ptr(), 5) }, OK);

    let quiet = soft_dice_event { changed: 0, ..event };
    assert!(packed(soft_dice_pack_event, &quiet).is_empty(), "no change, no record");
    let records = [
        packed(soft_dice_pack_report, &report),
        packed(soft_dice_pack_event, &event),
        packed(soft_dice_pack_sums, &sums),
    ];
    let mut text = String::new();
    for record in &records {
        assert_eq!(record[0], SOFT_DICE_PACKED_MARK);
        assert_eq!(usize::from(record[3]) + 6, record.len());
        for byte in record {
            write!(text, "{byte:02x}").expect("text grows");
        }
        text.push('\n');
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/packed.hex");
    if env::var_os("SOFT_DICE_BLESS").is_some() {
        fs::write(&path, &text).expect("the file");
    }
    assert_eq!(fs::read_to_string(&path).expect("the file"), text);
}
