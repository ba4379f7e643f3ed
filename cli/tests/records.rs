//! Records of many files pooled by a database that knows nothing of this program: the same f64 as `--json`, to the bit.

mod support;

use serde_json::Value;
use std::path::PathBuf;
use std::process::Command;
use support::{folder, line, npy, run};

/// The query of the documentation.
const QUERY: &str = "SELECT class, CAST(SUM(numerator) AS DOUBLE) / CAST(SUM(denominator) AS DOUBLE) AS dice \
    FROM read_csv('{}/*.csv') GROUP BY class, unit_p, unit_t, zero_point_p, zero_point_t, kind ORDER BY class";

/// A Python that has DuckDB (`pip install duckdb`), or a word on why there is none.
fn python() -> Option<PathBuf> {
    let named = std::env::var_os("SOFT_DICE_PYTHON").map(PathBuf::from);
    let python = named.unwrap_or_else(|| "python3".into());
    let there = Command::new(&python).args(["-c", "import duckdb"]).output();
    if there.is_ok_and(|output| output.status.success()) {
        return Some(python);
    }
    assert!(std::env::var_os("CI").is_none(), "in CI there is a Python with DuckDB");
    println!("not run: no Python with DuckDB; pip install duckdb, and name that Python in SOFT_DICE_PYTHON");
    None
}

#[test]
fn a_plain_sum_is_the_pooled_dice() {
    let Some(python) = python() else { return };
    let (maps, masks, out) = (folder(), folder(), folder());
    let (height, width, classes) = (24, 40, 3);
    let pixels = height * width;
    for at in 0..30_usize {
        let code = |place: usize| ((place * 73 + at * 131 + place * place % 97) % 256) as u8;
        let codes: Vec<u8> = (0..classes * pixels).map(code).collect();
        let labels: Vec<u8> = (0..pixels).map(|place| code(place * 5) % classes as u8).collect();
        let names = [maps.path().join(format!("{at:02}.npy")), masks.path().join(format!("{at:02}.npy"))];
        std::fs::write(&names[0], npy("|i1", &[classes, height, width], false, &codes)).expect("a file");
        std::fs::write(&names[1], npy("|u1", &[height, width], false, &labels)).expect("a file");
    }
    for (engine, options) in [("tflite", "--tflite"), ("onnxruntime", "--onnxruntime")] {
        // As two machines of a fleet would have written them.
        let folder = out.path().join(engine);
        std::fs::create_dir(&folder).expect("a folder");
        let both = [maps.path(), masks.path()];
        let records = folder.join("all.csv");
        let done = run(line(&format!("score @ @ {options} --quiet --records @"), &[both[0], both[1], &records]));
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        let text = std::fs::read_to_string(&records).expect("records");
        let rows: Vec<&str> = text.lines().collect();
        assert_eq!(rows.len(), 1 + 30 * classes);
        let (head, rows) = rows.split_first().expect("a head");
        for (part, rows) in rows.chunks(50).enumerate() {
            std::fs::write(folder.join(format!("{part}.csv")), format!("{head}\n{}\n", rows.join("\n")))
                .expect("a file");
        }
        std::fs::remove_file(&records).expect("gone");
        let query = QUERY.replace("{}", &folder.display().to_string());
        let script = format!("import duckdb\nfor c, d in duckdb.sql(\"{query}\").fetchall(): print(c, d.hex())");
        let output = Command::new(&python).args(["-c", &script]).output().expect("Python");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let found: Vec<String> = String::from_utf8(output.stdout).expect("UTF-8").lines().map(String::from).collect();
        let report = support::json(&format!("score @ @ {options}"), &both);
        let pooled = report["pooled"]["classes"].as_array().expect("classes");
        assert_eq!(found.len(), pooled.len());
        for (class, (line, one)) in found.iter().zip(pooled).enumerate() {
            let expected = one["dice"].as_f64().expect("a score");
            assert_eq!(*line, format!("{class} {}", hex(expected)), "{engine}");
        }
    }
}

/// As Python writes a float below 1 with all its bits.
fn hex(value: f64) -> String {
    let bits = value.to_bits();
    let exponent = (bits >> 52) as i64 - 1023;
    format!("0x1.{:013x}p{exponent:+}", bits & ((1 << 52) - 1))
}

#[test]
fn a_row_for_each_file_and_class() {
    let data = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/data/command");
    let output = run(line("score @ @ --records -", &[&data.join("soft3_chw.npy"), &data.join("lab.png")]));
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    let rows: Vec<&str> = text.lines().collect();
    assert_eq!(rows.len(), 4, "{text}");
    assert!(rows[0].starts_with("file,class,name,kind,version,pixels"), "{text}");
    let report: Value = support::json("score @ @", &[&data.join("soft3_chw.npy"), &data.join("lab.png")]);
    let sums = &report["pooled"]["classes"][1]["sums"];
    assert!(
        rows[2].starts_with("soft3_chw,1,1,hard,1,192,0,0,0,") && rows[2].contains(&sums["pt"].to_string()),
        "{text}"
    );
}
