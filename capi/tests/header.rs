//! The committed header is the one that this crate describes.

use soft_dice::monitor::Settings;
use soft_dice_capi::{LAYOUTS, soft_dice_settings, soft_dice_watched};
use std::collections::HashMap;
use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs};

/// The functions come from macros, so cbindgen asks the compiler for its expansion, an option kept for nightly.
fn header() -> String {
    // SAFETY: the only test of this binary that writes to it, and the others read nothing from there.
    unsafe { env::set_var("RUSTC_BOOTSTRAP", "1") };
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let bindings = cbindgen::generate(root).expect("cbindgen reads the crate");
    let mut text = Vec::new();
    bindings.write(&mut text);
    let text = without_safety(&String::from_utf8(text).expect("UTF-8"));
    let text = typed(&text, &constants(&root.join("src")));
    text.replace("@MAJOR@", env!("CARGO_PKG_VERSION_MAJOR"))
        .replace("@MINOR@", env!("CARGO_PKG_VERSION_MINOR"))
        .replace("@PATCH@", env!("CARGO_PKG_VERSION_PATCH"))
        .replace("@SETTINGS@", &settings(&(&Settings::DEFAULT).into()))
        .replace(END, &format!("{}{END}", layouts()))
}

/// Where everything is declared, still within the guard.
const END: &str = "\n#ifdef __cplusplus\n}  // extern \"C\"\n";

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

/// The type of every constant, as the sources have it.
fn constants(directory: &Path) -> HashMap<String, String> {
    let mut found = HashMap::new();
    for entry in fs::read_dir(directory).expect("sources") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(constants(&path));
            continue;
        }
        let text = fs::read_to_string(&path).expect("a source");
        let mut group = String::new();
        for line in text.lines().map(str::trim) {
            if let Some(rest) = line.strip_prefix("pub const SOFT_DICE_") {
                let (name, rest) = rest.split_once(": ").expect("a type");
                let (kind, _) = rest.split_once(" = ").expect("a value");
                found.insert(format!("SOFT_DICE_{name}"), kind.to_owned());
            } else if let Some((kind, _)) = line.split_once(", soft_dice_") {
                // The head of a list of names, and its lines.
                kind.clone_into(&mut group);
            } else if line.starts_with("SOFT_DICE_") && line.contains(" c\"") && !group.is_empty() {
                let (name, _) = line.split_once(' ').expect("a value");
                found.insert(name.to_owned(), group.clone());
            }
        }
    }
    found
}

/// A constant is of the type whose values it names (MISRA C:2012, rule 10.4); one that the preprocessor may compare bears a
/// suffix alone.
fn typed(text: &str, constants: &HashMap<String, String>) -> String {
    let mut lines = Vec::new();
    for line in text.lines() {
        let defined = line.strip_prefix("#define ").and_then(|rest| rest.split_once(' '));
        let number = defined.and_then(|(name, value)| Some((name, value.parse::<u64>().ok()?)));
        lines.push(match number.and_then(|(name, value)| Some((name, value, constants.get(name)?))) {
            None => line.to_owned(),
            Some((name, value, kind)) => match kind.as_str() {
                "u8" => format!("#define {name} ((uint8_t){value})"),
                "u16" => format!("#define {name} ((uint16_t){value})"),
                "u32" | "usize" => format!("#define {name} {value}u"),
                kind => format!("#define {name} (({kind}){value})"),
            },
        });
    }
    lines.join("\n") + "\n"
}

/// The general settings as an initialiser.
fn settings(settings: &soft_dice_settings) -> String {
    let signal = |watched: &soft_dice_watched| {
        let soft_dice_watched { drift, settled, level, baseline, frames, refined, reserved } = watched;
        let baseline = ["SOFT_DICE_NOT_WATCHED", "SOFT_DICE_KNOWN", "SOFT_DICE_LEARNT"][usize::from(*baseline)];
        format!(
            "{{{{{}u, {}u}}, {{{}u, {}u}}, {level}u, {baseline}, {frames}u, {refined}u, {reserved}u}}",
            drift.allowance, drift.limit, settled.allowance, settled.limit
        )
    };
    let signals = [&settings.confidence, &settings.flicker, &settings.edge, &settings.detail].map(signal);
    let soft_dice_settings { failing, resized, quantile, area_least, area_most, invalid, .. } = settings;
    let soft_dice_settings { failed_after, recovered_after, empty, departure, .. } = settings;
    let soft_dice_settings { silent_after, frozen_after, smoothing, .. } = settings;
    format!(
        "{}, \\\n     {failing}u, {resized}u, {quantile}u, {area_least}u, {area_most}u, {invalid}u, {failed_after}u, \
         {recovered_after}u, {empty}u, {departure}u, {silent_after}u, {frozen_after}u, \\\n     {smoothing}u, \
         SOFT_DICE_SETTINGS_VERSION",
        signals.join(", \\\n     ")
    )
}

/// A line for each struct that a compiler fails at if it lays it out otherwise.
fn layouts() -> String {
    let mut text = String::from(
        "\n// The library was compiled for structs of these sizes. A compiler that lays them out otherwise, for an option that packs\n\
         // structs or shortens enums, stops here.\n\
         #if defined(__cplusplus)\n\
         #define SOFT_DICE_LAYOUT(name, size) static_assert(sizeof(name) == (size), \"another layout than the library's\")\n\
         #elif defined(__STDC_VERSION__) && (__STDC_VERSION__ >= 201112L)\n\
         #define SOFT_DICE_LAYOUT(name, size) _Static_assert(sizeof(name) == (size), \"another layout than the library's\")\n\
         #else\n\
         #define SOFT_DICE_LAYOUT(name, size) typedef char name##_has_another_layout[(sizeof(name) == (size)) ? 1 : -1]\n\
         #endif\n\n\
         SOFT_DICE_LAYOUT(soft_dice_status, 4u);\n",
    );
    for (name, small, large) in LAYOUTS {
        let size =
            if small == large { format!("{small}u") } else { format!("(sizeof(void *) == 4u) ? {small}u : {large}u") };
        writeln!(text, "SOFT_DICE_LAYOUT({name}, {size});").expect("text grows");
    }
    text
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
    assert!(!now.contains('@'), "something was not filled in");
    // Every struct has its size in the list, and an initialiser.
    for name in now.lines().filter_map(|line| line.strip_prefix("typedef struct ")?.strip_suffix(" {")) {
        assert!(LAYOUTS.iter().any(|(listed, ..)| *listed == name), "{name} is not in src/layout.rs");
        let macro_name = format!("#define {}_INIT", name.to_uppercase());
        assert!(now.contains(&macro_name), "cbindgen.toml has no {macro_name}");
    }
    // Every number that is a value of a type is one to C, too.
    for line in now.lines().filter(|line| line.starts_with("#define SOFT_DICE_")) {
        let value = line.rsplit(' ').next().unwrap_or_default();
        let bare = value.parse::<u64>().is_ok() && !line.contains("_VERSION_M") && !line.contains("_VERSION_P");
        assert!(!bare, "{line}: of no type");
    }
}
