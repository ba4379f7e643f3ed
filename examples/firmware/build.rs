//! Writes the board's memory map and picks what the `api` proof calls.

use std::{env, fs, path::PathBuf};

/// Flash and RAM of the emulated machines (QEMU's names are in run.sh), and the clock of their timer in Hz. Where the program
/// is loaded into RAM there is no flash.
const BOARDS: [(&str, &str, &str, u32); 9] = [
    ("m0", "0x00000000, LENGTH = 256K", "0x20000000, LENGTH = 16K", 16_000_000),
    ("m3", "0x00000000, LENGTH = 4M", "0x20000000, LENGTH = 4M", 25_000_000),
    ("m4", "0x00000000, LENGTH = 4M", "0x20000000, LENGTH = 4M", 25_000_000),
    ("m7", "0x00000000, LENGTH = 4M", "0x20000000, LENGTH = 4M", 25_000_000),
    ("m33", "0x10000000, LENGTH = 4M", "0x38000000, LENGTH = 4M", 20_000_000),
    ("m55", "0x00000000, LENGTH = 512K", "0x20000000, LENGTH = 512K", 32_000_000),
    ("a53", "", "0x40100000, LENGTH = 4M", 62_500_000),
    ("a76", "", "0x40100000, LENGTH = 4M", 62_500_000),
    ("rv32", "", "0x80000000, LENGTH = 4M", 1_000_000_000),
];

/// All in RAM, which the emulator loads and zeroes; the stack comes down from its end.
const LOADED: &str = "
ENTRY(_start)
SECTIONS {
  .text : { KEEP(*(.text.start)) *(.text .text.*) } > RAM
  .rodata : { *(.rodata .rodata.* .srodata .srodata.*) } > RAM
  .data : { *(.data .data.* .sdata .sdata.*) } > RAM
  .bss (NOLOAD) : { *(.bss .bss.* .sbss .sbss.*) } > RAM
  _stack = ORIGIN(RAM) + LENGTH(RAM);
  /DISCARD/ : { *(.eh_frame .eh_frame_hdr) }
}
";

fn main() {
    let board = env::var("BOARD").unwrap_or_else(|_| "m4".into());
    let (_, flash, ram, clock) = BOARDS
        .into_iter()
        .find(|b| b.0 == board)
        .unwrap_or_else(|| panic!("BOARD is {board}: m0 m3 m4 m7 m33 m55 a53 a76 rv32"));

    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap());
    if flash.is_empty() {
        fs::write(out.join("link.x"), format!("MEMORY {{ RAM : ORIGIN = {ram} }}\n{LOADED}")).unwrap();
    } else {
        let map = format!("MEMORY {{\n  FLASH : ORIGIN = {flash}\n  RAM : ORIGIN = {ram}\n}}\n");
        fs::write(out.join("memory.x"), map).unwrap();
    }
    fs::write(out.join("clock.rs"), format!("{clock}")).unwrap();

    println!("cargo:rustc-link-search={}", out.display());
    println!("cargo:rustc-link-arg-bins=--nmagic");
    println!("cargo:rustc-link-arg-bins=-Tlink.x");
    if env::var_os("CARGO_FEATURE_LOG").is_some() {
        for program in ["monitor", "sight", "watch"] {
            println!("cargo:rustc-link-arg-bin={program}=-Tdefmt.x");
        }
    }
    if env::var_os("CARGO_FEATURE_TRIP").is_some() {
        if env::var_os("CARGO_FEATURE_LOG").is_some() {
            println!("cargo:rustc-link-arg-bin=trip=-Tdefmt.x");
        }
        let settings = env::var("SETTINGS").expect("SETTINGS names what `soft-dice watch --emit` wrote");
        println!("cargo:rustc-env=SETTINGS={settings}");
        println!("cargo:rerun-if-env-changed=SETTINGS");
    }
    println!("cargo:rustc-env=BOARD={board}");
    println!("cargo:rustc-check-cfg=cfg(small)");
    // 16 KiB of RAM: shorter cases.
    if board == "m0" {
        println!("cargo:rustc-cfg=small");
    }

    // One call of the public interface, `all` of them, or `none`: see src/bin/api.rs.
    println!("cargo:rustc-env=API={}", env::var("API").unwrap_or_else(|_| "all".into()));

    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-env-changed=BOARD");
    println!("cargo:rerun-if-env-changed=API");
}
