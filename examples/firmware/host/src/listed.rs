//! Whether the proofs call every public function: the crate's own documentation says what there is.
//!
//! `cargo doc` gives a page to every public type, trait and free function; a method has an anchor on the page of its type.
//! A function is called where its path stands in a file: `Type::method` or `module::function`. What is left out on purpose
//! is named there with a reason, `` //! Not here: `name` (reason) ``: a module, a free function, or `Type::method`.

use crate::Done;
use std::collections::BTreeSet;
use std::{fs, io, path::Path};

/// A function's path from the crate on.
type Function = Vec<String>;

pub fn run(doc: &str, files: &[&str]) -> Done {
    let mut calls = BTreeSet::new();
    let mut left_out = BTreeSet::new();
    for file in files {
        let text = fs::read_to_string(file)?;
        for line in text.lines() {
            if let Some(names) = line.strip_prefix("//! Not here: ") {
                left_out.extend(names.split('`').skip(1).step_by(2).map(str::to_string));
            } else if !line.trim_start().starts_with("//") {
                calls.extend(paths(line));
            }
        }
    }
    let mut functions = Vec::new();
    read(Path::new(doc), &["soft_dice".to_string()], &mut functions)?;
    if functions.len() < 100 {
        return Err(format!("{doc} names {} functions: not the crate's documentation", functions.len()).into());
    }
    let last_two = |function: &Function| function[function.len() - 2..].join("::");
    let missing: BTreeSet<String> = functions
        .iter()
        .filter(|function| !calls.contains(&last_two(function)))
        .filter(|function| {
            !left_out.contains(&last_two(function)) && !function.iter().any(|part| left_out.contains(part))
        })
        .map(last_two)
        .collect();
    let stale: Vec<&String> = left_out
        .iter()
        .filter(|name| !functions.iter().any(|function| last_two(function) == **name || function.contains(name)))
        .collect();
    println!("listed: {} public functions, {} without a call", functions.len(), missing.len());
    if missing.is_empty() && stale.is_empty() {
        return Ok(());
    }
    Err(format!("neither called nor left out with a reason: {missing:?}; left out, but not there: {stale:?}").into())
}

/// The paths in a line of code, without their generic arguments, as their last two parts.
fn paths(line: &str) -> Vec<String> {
    let mut plain = String::new();
    let (mut rest, mut depth) = (line, 0);
    while let Some(c) = rest.chars().next() {
        if rest.starts_with("::<") {
            (rest, depth) = (&rest[3..], depth + 1);
            continue;
        }
        match c {
            '<' if depth > 0 => depth += 1,
            '>' if depth > 0 => depth -= 1,
            _ if depth == 0 => plain.push(c),
            _ => {}
        }
        rest = &rest[c.len_utf8()..];
    }
    let words = plain.split(|c: char| !c.is_alphanumeric() && c != '_' && c != ':');
    let pair = |path: &str| {
        let mut parts = path.rsplit("::");
        Some(format!("{1}::{0}", parts.next()?, parts.next()?))
    };
    words.filter_map(pair).collect()
}

/// The functions of a module's pages.
fn read(module: &Path, path: &[String], functions: &mut Vec<Function>) -> io::Result<()> {
    for entry in fs::read_dir(module)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let with = |part: &str| [path, &[part.to_string()]].concat();
        if entry.file_type()?.is_dir() {
            read(&entry.path(), &with(&name), functions)?;
            continue;
        }
        let mut parts = name.split('.');
        let (Some(kind), Some(item)) = (parts.next(), parts.next()) else { continue };
        // Methods of the item itself; what it implements stands further down.
        let end = match kind {
            "fn" => "",
            "struct" | "enum" | "union" => "id=\"trait-implementations\"",
            "trait" => "id=\"implementors\"",
            _ => continue,
        };
        let page = fs::read_to_string(entry.path())?;
        // A page that only leads to where the item is shown.
        if page.contains("http-equiv=\"refresh\"") {
            continue;
        }
        if kind == "fn" {
            functions.push(with(item));
            continue;
        }
        let own = page.split(end).next().unwrap_or_default();
        for anchor in own.split("id=\"").skip(1).filter_map(|rest| rest.split('"').next()) {
            if let Some(method) = anchor.strip_prefix("method.").or_else(|| anchor.strip_prefix("tymethod.")) {
                // The second of one name has `-1` behind it.
                let method = method.split('-').next().unwrap_or(method);
                functions.push([with(item), vec![method.to_string()]].concat());
            }
        }
    }
    Ok(())
}
