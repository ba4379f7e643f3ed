//! Which loops this build has, as `cfg(soft_dice_lanes = "…")`. Stable rustc shows neither the name of the target nor the
//! extensions of a Cortex-M core to `cfg`, but a build script sees both: the name, and `-C target-cpu` in the flags.
//!
//! - `vector`: vector registers, through the portable lanes and the x86 ones; what the CPU has is asked at run time. On a target
//!   that is not known to have any, under `--cfg soft_dice_backend="wide"`: for tests of the other order of bytes.
//! - `neon`: the lanes of NEON in place of the portable ones, unless those are forced. Little-endian only: a bit mask and a
//!   vector's lanes would otherwise differ in order, and there is no such machine to test it on.
//! - `udot`: its dot products beside it, under `-C target-feature=+dotprod` or a `target-cpu` that has them.
//! - `dsp`: the DSP extension. All of `thumbv7em`; of `thumbv8m.main` under `-C target-cpu=cortex-m33` and the like, or
//!   `-C target-feature=+dsp`.
//! - `fpu`: a single-precision FPU beside it: the `eabihf` targets. `soft`: none, or not beside the DSP extension.
//! - `helium`: MVE, in place of both, under `-C target-cpu=cortex-m55` and the like.
//! - `swar`: four bytes to a plain word, elsewhere; on the host for tests, under `--cfg soft_dice_backend="swar"`.
//! - `small`: optimised for size: fewer pixels a turn.
//! - `runs`: any of `dsp`, `helium` and `swar`, which take whole runs of pixels.
//! - `thumb1`: the small instruction set of Cortex-M0, M0+ and M23.

use std::env;

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!(
        "cargo:rustc-check-cfg=cfg(soft_dice_lanes, values(\"vector\", \"neon\", \"udot\", \"dsp\", \"fpu\", \"soft\", \"helium\", \"swar\", \"thumb1\", \"runs\", \"small\"))"
    );
    for lanes in lanes() {
        println!("cargo:rustc-cfg=soft_dice_lanes=\"{lanes}\"");
    }
}

fn lanes() -> Vec<&'static str> {
    let read = |name: &str| env::var(name).unwrap_or_default();
    let (target, arch) = (read("TARGET"), read("CARGO_CFG_TARGET_ARCH"));
    let mut lanes = Vec::new();
    let forced = read("CARGO_CFG_SOFT_DICE_BACKEND");
    if forced == "wide" || ["x86_64", "x86", "aarch64", "wasm32"].contains(&arch.as_str()) {
        lanes.push("vector");
        if forced == "swar" {
            lanes.extend(["swar", "soft", "runs"]);
        }
        let features = read("CARGO_CFG_TARGET_FEATURE");
        let has = |name| features.split(',').any(|feature| feature == name);
        let little = read("CARGO_CFG_TARGET_ENDIAN") == "little";
        if arch == "aarch64" && little && has("neon") && forced != "wide" {
            lanes.push("neon");
            if has("dotprod") && forced != "neon" {
                lanes.push("udot");
            }
        }
        return lanes;
    }
    lanes.push("runs");
    if ["s", "z"].contains(&read("OPT_LEVEL").as_str()) {
        lanes.push("small");
    }
    if target.starts_with("thumbv6m") || target.starts_with("thumbv8m.base") {
        lanes.push("thumb1");
    }
    let main = target.starts_with("thumbv8m.main");
    let flags = read("CARGO_ENCODED_RUSTFLAGS");
    let (cpu, features) = (option(&flags, "target-cpu="), option(&flags, "target-feature="));
    let helium = main && ["cortex-m52", "cortex-m55", "cortex-m85"].contains(&cpu);
    let cores = ["cortex-m33", "cortex-m35p"];
    let asked = cores.contains(&cpu) || features.split(',').any(|feature| feature == "+dsp");
    if helium && target.ends_with("hf") {
        lanes.push("helium");
    } else {
        let dsp = target.starts_with("thumbv7em") || helium || main && asked;
        lanes.push(if dsp { "dsp" } else { "swar" });
        lanes.push(if dsp && target.ends_with("hf") { "fpu" } else { "soft" });
    }
    lanes
}

/// The last `-C <name>…` of the flags, which are separated by 0x1F.
fn option<'a>(flags: &'a str, name: &str) -> &'a str {
    let words = flags.split('\u{1f}').map(|word| word.strip_prefix("-C").unwrap_or(word));
    words.filter_map(|word| word.strip_prefix(name)).next_back().unwrap_or("")
}
