//! The committed header is the one that this crate describes.

use std::path::Path;
use std::{env, fs};

/// The functions come from macros, so cbindgen asks the compiler for its expansion, an option kept for nightly.
fn header() -> String {
    // SAFETY: the only test of this binary, and no thread of it runs yet.
    unsafe { env::set_var("RUSTC_BOOTSTRAP", "1") };
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let bindings = cbindgen::generate(root).expect("cbindgen reads the crate");
    let mut text = Vec::new();
    bindings.write(&mut text);
    without_safety(&String::from_utf8(text).expect("UTF-8"))
}

/// The paragraphs on safety are for Rust; the header says the same once, for all functions, where it opens.
fn without_safety(text: &str) -> String {
    let mut kept: Vec<&str> = Vec::new();
    let mut within = false;
    for line in text.lines() {
        if line.trim_start() == "// # Safety" {
            within = true;
            kept.pop();
        }
        within &= line.trim_start().starts_with("//");
        if !within {
            kept.push(line);
        }
    }
    kept.join("\n") + "\n"
}

#[test]
fn header_is_not_stale() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("include/soft_dice.h");
    let now = header();
    if env::var_os("SOFT_DICE_BLESS").is_some() {
        fs::write(&path, &now).unwrap();
    }
    let committed = fs::read_to_string(&path).unwrap_or_default();
    assert!(committed == now, "include/soft_dice.h is stale: SOFT_DICE_BLESS=1 cargo test --test header");
    // A header of nothing would be no proof.
    assert!(now.contains("soft_dice_update_f32_f32_all") && now.contains("typedef struct soft_dice_sums"));
}
