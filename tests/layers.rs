//! The floors of the library: `layers.txt` lists them, lowest first, and imports run down.
//!
//! - A module of `src` imports modules of lower floors, or of its own floor where that makes no circle.
//! - `lib.rs` is imported by nobody: a name that it re-exports is imported from the module that has it.
//! - In a folder a child may use its parent and its parent may use it; children make no circle among themselves.
//! - `oracle`, which judges, imports nothing.
//!
//! Imports are read from the tokens of every file, also in its tests: `crate::…` and `$crate::…` in any nesting of braces,
//! anywhere in the code, and chains of `super::`. What stands in comments and strings is none.

use proc_macro2::{TokenStream, TokenTree};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// A path of modules below the crate: `["loops", "sweep"]`.
type Module = Vec<String>;

/// One import: the module that has it, and the path that is named, from the crate on.
type Import = (Module, Module);

fn tokens(source: &str, of: &str) -> Vec<TokenTree> {
    source.parse::<TokenStream>().unwrap_or_else(|error| panic!("{of}: {error}")).into_iter().collect()
}

/// The ident, `::`, or whatever else begins here, as text; and how many tokens that takes.
fn token(tokens: &[TokenTree], at: usize) -> (String, usize) {
    match (tokens.get(at), tokens.get(at + 1)) {
        (Some(TokenTree::Punct(a)), Some(TokenTree::Punct(b))) if a.as_char() == ':' && b.as_char() == ':' => {
            ("::".into(), 2)
        }
        (Some(TokenTree::Ident(ident)), _) => (ident.to_string(), 1),
        (Some(TokenTree::Group(_)), _) => ("group".into(), 0),
        _ => (String::new(), 1),
    }
}

/// The paths of a use tree that begins at `at`, each after `base`; and the first token after it.
fn paths(tokens: &[TokenTree], mut at: usize, mut base: Module, found: &mut Vec<Module>) -> usize {
    loop {
        if let Some(TokenTree::Group(group)) = tokens.get(at) {
            let inner: Vec<TokenTree> = group.stream().into_iter().collect();
            let mut from = 0;
            while from < inner.len() {
                from = paths(&inner, from, base.clone(), found);
                // To the next branch: over the comma, and over `as name`.
                while from < inner.len() && !matches!(&inner[from], TokenTree::Punct(p) if p.as_char() == ',') {
                    from += 1;
                }
                from += 1;
            }
            return at + 1;
        }
        let (name, taken) = token(tokens, at);
        match name.as_str() {
            "super" => drop(base.pop()),
            // In `a::{self}` it is what stands before.
            "self" | "" | "::" => {}
            _ => base.push(name),
        }
        at += taken.max(1);
        if token(tokens, at).0 != "::" || !matches!(tokens.get(at + 2), Some(TokenTree::Ident(_) | TokenTree::Group(_)))
        {
            found.push(base);
            return at;
        }
        at += 2;
    }
}

/// Every import in some tokens of `module`.
fn read(tokens: &[TokenTree], module: &Module, found: &mut Vec<Import>) {
    let mut at = 0;
    while at < tokens.len() {
        let (name, taken) = token(tokens, at);
        let goes_on = token(tokens, at + taken).0 == "::";
        match (name.as_str(), tokens.get(at + 1)) {
            ("crate", _) if goes_on => {
                let mut named = Vec::new();
                at = paths(tokens, at + 3, Module::new(), &mut named);
                found.extend(named.into_iter().map(|path| (module.clone(), path)));
            }
            ("super", _) if goes_on => {
                let mut named = Vec::new();
                at = paths(tokens, at, module.clone(), &mut named);
                found.extend(named.into_iter().map(|path| (module.clone(), path)));
            }
            ("mod", Some(TokenTree::Ident(child))) => {
                // A module within the file, if its block follows.
                if let Some(TokenTree::Group(block)) = tokens.get(at + 2) {
                    let child = [module.clone(), vec![child.to_string()]].concat();
                    read(&block.stream().into_iter().collect::<Vec<_>>(), &child, found);
                    at += 1;
                }
                at += 2;
            }
            ("group", _) => {
                if let TokenTree::Group(group) = &tokens[at] {
                    read(&group.stream().into_iter().collect::<Vec<_>>(), module, found);
                }
                at += 1;
            }
            _ => at += taken,
        }
    }
}

/// The files of modules below a folder, `lib.rs` left out.
fn files(folder: &Path, module: &Module, found: &mut Vec<(Module, PathBuf)>) {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    for path in paths {
        let name = path.file_stem().and_then(|name| name.to_str()).expect("a name").to_string();
        let child = [module.clone(), vec![name.clone()]].concat();
        if path.is_dir() {
            files(&path, &child, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") && name != "lib" {
            found.push((child, path));
        }
    }
}

/// What is wrong with the imports of some modules. `floors` are lists of top-level modules, lowest first.
fn violations(modules: &BTreeSet<Module>, imports: &[Import], floors: &[Vec<String>]) -> Vec<String> {
    let floor = |name: &str| floors.iter().position(|floor| floor.iter().any(|module| module == name));
    let mut wrong = Vec::new();
    // The arrows between the children of a module: by parent, from child to children.
    let mut arrows: BTreeMap<Module, BTreeMap<String, BTreeSet<String>>> = BTreeMap::new();
    for (from, to) in imports {
        let (file, path) = (from.join("::"), to.join("::"));
        let Some(top) = to.first().filter(|top| modules.contains(&vec![(*top).clone()])) else {
            wrong.push(format!("{file} imports crate::{path}: lib.rs is imported by nobody"));
            continue;
        };
        if *top != from[0] {
            match (floor(&from[0]), floor(top)) {
                (Some(low), Some(high)) if low < high => {
                    wrong.push(format!("{file} imports crate::{path}: {top} is on a higher floor than {}", from[0]));
                }
                _ => {}
            }
        }
        let alike = from.iter().zip(to).take_while(|(a, b)| a == b).count();
        let Some((a, b)) = from.get(alike).zip(to.get(alike)) else { continue };
        let parent = from[..alike].to_vec();
        let is_module = |name: &String| modules.contains(&[parent.clone(), vec![name.clone()]].concat());
        if is_module(a) && is_module(b) {
            arrows.entry(parent.clone()).or_default().entry(a.clone()).or_default().insert(b.clone());
        }
    }
    for module in modules.iter().filter(|module| module.len() == 1 && module[0] != "oracle" && !floors.is_empty()) {
        if floor(&module[0]).is_none() {
            wrong.push(format!("{} is on no floor", module[0]));
        }
    }
    if imports.iter().any(|(from, _)| from[0] == "oracle") {
        wrong.push("oracle imports something".into());
    }
    for name in floors.iter().flatten().filter(|name| !modules.contains(&vec![(*name).clone()])) {
        wrong.push(format!("{name} has a floor and is no module"));
    }
    for (parent, arrows) in &arrows {
        for start in arrows.keys() {
            // Each circle is told at the least of its modules.
            if let Some(circle) = circle(arrows, start).filter(|circle| circle.iter().min() == Some(start)) {
                let inside = if parent.is_empty() { String::new() } else { format!("in {}: ", parent.join("::")) };
                wrong.push(format!("{inside}a circle: {} → {start}", circle.join(" → ")));
            }
        }
    }
    wrong
}

/// The shortest way from a module back to itself.
fn circle(arrows: &BTreeMap<String, BTreeSet<String>>, start: &String) -> Option<Vec<String>> {
    let mut ways = vec![vec![start.clone()]];
    let mut seen = BTreeSet::new();
    while !ways.is_empty() {
        let mut longer = Vec::new();
        for way in &ways {
            for next in way.last().and_then(|last| arrows.get(last)).into_iter().flatten() {
                if next == start {
                    return Some(way.clone());
                }
                if seen.insert(next.clone()) {
                    longer.push([way.clone(), vec![next.clone()]].concat());
                }
            }
        }
        ways = longer;
    }
    None
}

/// What is wrong with a folder of sources; and that its imports were read at all.
fn check(folder: &str, floors: &[Vec<String>]) -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let (mut found, mut imports) = (Vec::new(), Vec::new());
    files(&root, &Module::new(), &mut found);
    for (module, path) in &found {
        let source = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        read(&tokens(&source, &path.display().to_string()), module, &mut imports);
    }
    assert!(imports.len() >= found.len(), "{folder}: {} imports in {} files", imports.len(), found.len());
    println!("{folder}: {} files, {} imports", found.len(), imports.len());
    violations(&found.into_iter().map(|(module, _)| module).collect(), &imports, floors)
}

fn floors(text: &str) -> Vec<Vec<String>> {
    text.lines().map(|line| line.split_whitespace().map(String::from).collect()).collect()
}

#[test]
fn imports_run_down_the_floors() {
    let wrong = check("src", &floors(include_str!("layers.txt")));
    assert!(wrong.is_empty(), "{} violations:\n{}", wrong.len(), wrong.join("\n"));
}

/// The list that a reader sees is the one that is tested.
#[test]
fn the_architecture_shows_the_floors() {
    let page = include_str!("../ARCHITECTURE.md");
    let shown = page.split_once("<!-- floors: tests/layers.txt -->\n```text\n").expect("the list").1;
    assert_eq!(shown.split_once("```").expect("its end").0, include_str!("layers.txt"), "ARCHITECTURE.md");
}

/// The C interface is a package of its own, which a packaged crate does not have beside it.
#[test]
fn the_c_interface_has_no_circle() {
    if !Path::new(env!("CARGO_MANIFEST_DIR")).join("capi/src").exists() {
        println!("not run: there is no capi/src here");
        return;
    }
    let wrong = check("capi/src", &[]);
    assert!(wrong.is_empty(), "{} violations:\n{}", wrong.len(), wrong.join("\n"));
}

/// Each way to write an import that runs up, or in a circle, is seen; and what looks like one is not.
#[test]
fn upward_imports_and_circles_are_seen() {
    let floors = floors("low\nmiddle beside\nhigh");
    let modules: BTreeSet<Module> =
        ["low", "middle", "beside", "high", "low/a", "low/b", "low/a/deep"].iter().map(|m| split(m)).collect();
    fn split(module: &str) -> Module {
        module.split('/').map(String::from).collect()
    }
    let seen = |sources: &[(&str, &str)]| {
        let mut imports = Vec::new();
        for (module, source) in sources {
            read(&tokens(source, module), &split(module), &mut imports);
        }
        violations(&modules, &imports, &floors)
    };
    for up in [
        "use crate::high::Name;",
        "pub(crate) use crate::high::*;",
        "use crate::{low::a, middle::{Two, self}};",
        "use crate::{low::{a as other, b}, high as h};",
        "fn f() -> crate::high::Name { loop {} }",
        "fn f() { let x = [0; { crate::high::LENGTH }]; }",
        "macro_rules! m { () => { $crate::high::f() } }",
        "m!(crate::high::f());",
        "#[cfg(test)] mod tests { use crate::high::Name; }",
        "mod tests { use super::super::super::high::Name; }",
    ] {
        let wrong = seen(&[("low/a", up)]);
        assert!(wrong.iter().any(|wrong| wrong.contains("is on a higher floor than low")), "{up}: {wrong:?}");
    }
    for up in ["use super::super::super::high::Name;", "type T = super::super::super::high::Name;"] {
        assert!(seen(&[("low/a/deep", up)])[0].contains("is on a higher floor"), "{up}");
    }
    for name in ["use crate::Name;", "use crate::{high::Name, Other as Name};", "use super::Name;"] {
        let wrong = seen(&[("high", name)]);
        assert!(wrong.iter().any(|wrong| wrong.contains("lib.rs is imported by nobody")), "{name}: {wrong:?}");
    }
    let circle = [("middle", "use crate::beside::A;"), ("beside", "use crate::middle::B;")];
    assert_eq!(seen(&circle), ["a circle: beside → middle → beside"]);
    let siblings = [("low/a", "use super::b::B;"), ("low/b", "use crate::low::a::deep::A;")];
    assert_eq!(seen(&siblings), ["in low: a circle: a → b → a"]);
    for right in [
        ("high", "use crate::{low::{a::deep::X, b as c}, middle, beside::{self, Y}};"),
        ("middle", "use crate::beside::A; // use crate::high::B;"),
        ("middle", "/// [`crate::high::B`] and crate::Name\nconst A: &str = \"crate::high::B\";"),
        ("low/a/deep", "use super::{Parent, f}; use super::super::Grandparent; use super::super::b::X;"),
        ("low", "use a::Child; pub use self::b::Other; pub(crate) fn f() {} pub(super) fn g() {}"),
    ] {
        assert_eq!(seen(&[right]), Vec::<String>::new(), "{right:?}");
    }
}
