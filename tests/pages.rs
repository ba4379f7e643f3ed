//! README and the pages of `docs/`: their tables are those of the files that they are made from, and what they name is there.
//!
//! `SOFT_DICE_BLESS=1 cargo test --test pages` writes the tables anew. The package on a registry leaves this test out, as
//! it has neither the benches nor the checks of the repository.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

/// The boards in the order of the table, each with its core.
const BOARDS: [(&str, &str); 9] = [
    ("m0", "Cortex-M0"),
    ("m3", "Cortex-M3"),
    ("m4", "Cortex-M4F"),
    ("m7", "Cortex-M7"),
    ("m33", "Cortex-M33"),
    ("m55", "Cortex-M55"),
    ("a53", "Cortex-A53"),
    ("a76", "Cortex-A76"),
    ("rv32", "RISC-V"),
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(name: &str) -> String {
    fs::read_to_string(root().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// README and all pages, by their path from the root.
fn pages() -> Vec<String> {
    let mut pages: Vec<String> = ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md"].map(String::from).to_vec();
    for entry in fs::read_dir(root().join("docs")).expect("docs") {
        let name = entry.expect("a file").file_name().into_string().expect("UTF-8");
        // Not a page, but what leads the links of the others in rustdoc.
        if name.ends_with(".md") && name != "links.md" {
            pages.push(format!("docs/{name}"));
        }
    }
    pages
}

/// Compares what a page holds between its two marks with what belongs there, or writes it.
fn held(page: &str, made_from: &str, table: &str) {
    let text = read(page);
    let (begin, end) = (format!("<!-- begin: {made_from} -->\n"), "<!-- end -->\n");
    let (before, rest) = text.split_once(&begin).unwrap_or_else(|| panic!("{page}: no {begin}"));
    let (found, after) = rest.split_once(end).unwrap_or_else(|| panic!("{page}: no {end}"));
    let table = format!("\n{table}\n");
    if std::env::var_os("SOFT_DICE_BLESS").is_some() {
        fs::write(root().join(page), format!("{before}{begin}{table}{end}{after}"))
            .expect("a page that can be written");
        return;
    }
    assert!(found == table, "{page} is not what {made_from} says: SOFT_DICE_BLESS=1 cargo test --test pages");
}

#[test]
fn counts_are_those_of_the_boards() {
    let counts = read("benches/counts.txt");
    // Lines `<route> <board> <kernel> <count>`; the route that fetches its compiler is the one that all can repeat.
    let lines: Vec<Vec<&str>> = counts.lines().map(|line| line.split(' ').collect()).collect();
    let lines: Vec<[&str; 3]> =
        lines.iter().filter(|words| words[0] == "rustup").map(|words| [words[1], words[2], words[3]]).collect();
    let kernels: BTreeSet<&str> = lines.iter().map(|[_, kernel, _]| *kernel).collect();
    let boards: BTreeSet<&str> = lines.iter().map(|[board, ..]| *board).collect();
    assert_eq!(boards, BOARDS.iter().map(|(board, _)| *board).collect(), "a board is missing in the table");
    let mut table = String::from("| |");
    BOARDS.iter().for_each(|(board, core)| _ = write!(table, " {core} ({board}) |"));
    let _ = write!(table, "\n|---|{}\n", "---|".repeat(BOARDS.len()));
    for kernel in kernels {
        let _ = write!(table, "| `{kernel}` |");
        for (board, _) in BOARDS {
            let count = lines.iter().find(|line| line[..2] == [board, kernel]).map(|line| line[2]);
            let count: Option<f64> = count.map(|count| count.parse().expect("a number"));
            let _ = match count {
                Some(count) => write!(table, " {count:.2} |"),
                None => write!(table, " |"),
            };
        }
        table.push('\n');
    }
    held("docs/cores.md", "benches/counts.txt", &table);
}

#[test]
fn logits_are_those_of_the_boards() {
    let counts = read("benches/logits.txt");
    // Lines `<board> <function> <by> <count>`, after a heading.
    let lines: Vec<Vec<&str>> = counts.lines().skip(1).map(|line| line.split(' ').collect()).collect();
    let mut table = String::from("| | core | own | integers | micromath | libm |\n|---|---|---|---|---|---|\n");
    let mut before = Vec::new();
    for line in &lines {
        let row = [line[1], line[0]];
        if before.contains(&row) {
            continue;
        }
        before.push(row);
        let core = BOARDS.iter().find(|(board, _)| *board == row[1]).map_or("", |(_, core)| core);
        let _ = write!(table, "| `{}` | {core} |", row[0]);
        for by in ["own", "integer", "micromath", "libm"] {
            let count = lines.iter().find(|line| line[..3] == [row[1], row[0], by]).map_or("", |line| line[3]);
            let _ = write!(table, " {count} |");
        }
        table.push('\n');
    }
    held("docs/numerics.md", "benches/logits.txt", &table);
}

#[test]
fn sizes_are_those_of_the_proofs() {
    let sizes = read("ci/sizes.txt");
    let of = |kind: &str| -> Vec<Vec<String>> {
        let begin = format!("rustup {kind} ");
        let lines = sizes.lines().filter_map(|line| line.strip_prefix(&begin));
        lines.map(|line| line.split(' ').map(String::from).collect()).collect()
    };
    let mut table = String::from("| stream, `update` and score; a frame of a watch | text added |\n|---|---|\n");
    for words in of("alone") {
        let _ = writeln!(table, "| `{}` | {} |", words[0], words[1]);
    }
    table.push_str("\n| call | text reached | stack |\n|---|---|---|\n");
    let shown =
        |name: &str| ["_update", "_finish", "_dice"].iter().any(|end| name.ends_with(end)) || name.starts_with("any_");
    for words in of("call").iter().filter(|words| shown(&words[0])) {
        let _ = writeln!(table, "| `{}` | {} | {} |", words[0], words[1], words[2]);
    }
    held("docs/firmware.md", "ci/sizes.txt", &table);
}

#[test]
fn the_readme_is_short() {
    let lines = read("README.md").lines().count();
    println!("README.md: {lines} lines");
    assert!(lines <= 150, "{lines} lines");
}

/// Where each link leads: the definitions `[label]: path`, and `](path)` in the text.
#[test]
fn links_lead_somewhere() {
    let rustdoc = read("docs/links.md");
    let mut links = 0;
    for page in pages() {
        let text = read(&page);
        let folder = root().join(&page).parent().expect("a folder").to_path_buf();
        let defined: Vec<(&str, &str)> =
            text.lines().filter_map(|line| line.strip_prefix('[')?.split_once("]: ")).collect();
        for (label, path) in &defined {
            assert!(folder.join(path).exists(), "{page}: [{label}] leads to {path}, which is not there");
            assert!(text.matches(&format!("[{label}]")).count() > 1, "{page}: [{label}] is defined and not used");
            assert!(rustdoc.contains(&format!("[{label}]: crate::")), "docs/links.md: no [{label}]");
            links += 1;
        }
        for (at, _) in text.match_indices(".md]") {
            let label = text[..at].rsplit('[').next().unwrap_or_default();
            let label = format!("{label}.md");
            assert!(defined.iter().any(|(defined, _)| *defined == label), "{page}: [{label}] is not defined");
        }
        for part in text.split("](").skip(1) {
            let path = part.split([')', '#']).next().unwrap_or_default();
            if !path.contains("://") && !path.contains("::") && !path.is_empty() {
                assert!(folder.join(path).exists(), "{page}: {path} is not there");
                links += 1;
            }
        }
    }
    println!("{links} links lead somewhere");
    assert!(links >= 10, "{links}");
}

/// Every path in a code span, from the root of the repository.
#[test]
fn named_files_are_there() {
    const ENDS: [&str; 8] = [".rs", ".sh", ".txt", ".md", ".toml", ".h", ".c", "/"];
    let mut named = BTreeSet::new();
    for page in pages() {
        let text = read(&page);
        // What stands in fenced blocks is run, compiled or shown by others.
        let prose: String = text.split("```").step_by(2).collect();
        for span in prose.split('`').skip(1).step_by(2) {
            let path = span.split(' ').next().unwrap_or_default();
            if path.contains('/') && !path.contains('<') && ENDS.iter().any(|end| path.ends_with(end)) {
                assert!(root().join(path).exists(), "{page}: `{path}` is not there");
                named.insert(PathBuf::from(path));
            }
        }
    }
    println!("{} files are named and there", named.len());
    assert!(named.len() > 20, "{}", named.len());
}

/// The floors that ARCHITECTURE.md shows are those that `tests/layers.rs` holds the imports to.
#[test]
fn floors_are_those_of_the_test() {
    let text = read("ARCHITECTURE.md");
    let (_, rest) = text.split_once("<!-- floors: tests/layers.txt -->\n```text\n").expect("the mark and its block");
    let (shown, _) = rest.split_once("```").expect("the end of the block");
    assert_eq!(shown, read("tests/layers.txt"), "ARCHITECTURE.md does not show tests/layers.txt");
}
