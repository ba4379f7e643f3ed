//! The deepest chain of calls below a function, in bytes of stack, from a Thumb disassembly.
//!
//! A frame is everything a function takes off the stack pointer anywhere in its code, so a prologue that is only
//! reached on one path counts always: an upper bound. What cannot be bounded is an error: recursion, a call through a
//! register, a stack pointer moved by a register.

use crate::Done;
use std::collections::{BTreeMap, BTreeSet};
use std::io::BufRead;

#[derive(Default)]
struct Function {
    frame: u32,
    calls: BTreeSet<String>,
    unbounded: Option<String>,
}

/// Each root is `name=limit`.
pub fn run(roots: &[&str], disassembly: impl BufRead) -> Done {
    let lines: Vec<String> = disassembly.lines().collect::<Result<_, _>>()?;
    let functions = read(&lines)?;
    let mut over = Vec::new();
    for root in roots {
        let (name, limit) = root.split_once('=').ok_or("a root is NAME=LIMIT")?;
        let limit: u32 = limit.parse()?;
        let chain = deepest(&functions, name, &mut Vec::new())?;
        let depth: u32 = chain.iter().map(|(_, frame)| frame).sum();
        let path: Vec<String> = chain.iter().map(|(name, frame)| format!("{name} {frame}")).collect();
        println!("stack {name} {depth} (at most {limit}): {}", path.join(" > "));
        if depth > limit {
            over.push(name);
        }
    }
    if over.is_empty() { Ok(()) } else { Err(format!("over the limit: {}", over.join(" ")).into()) }
}

fn read(lines: &[String]) -> Result<BTreeMap<String, Function>, String> {
    let mut functions = BTreeMap::new();
    let mut name = String::new();
    for line in lines {
        // `00000400 <name>:` begins a function; local labels do not occur in a linked file.
        if let Some((_, rest)) = line.split_once(" <")
            && let Some(label) = rest.strip_suffix(">:")
        {
            name = label.to_string();
            functions.entry(name.clone()).or_insert_with(Function::default);
            continue;
        }
        let mut fields = line.split('\t');
        let (Some(address), Some(op)) = (fields.next(), fields.next()) else { continue };
        if !address.trim_end().ends_with(':') {
            continue;
        }
        let operands = fields.collect::<Vec<_>>().join(" ");
        let operands = operands.split([';', '@']).next().unwrap_or("").trim().to_string();
        let op = op.trim().trim_end_matches(".n").trim_end_matches(".w").to_string();
        let function = functions.get_mut(&name).ok_or("an instruction before the first function")?;
        function.frame += taken(&op, &operands).map_err(|why| format!("{name}: {why}: {line}"))?;
        follow(function, &name, &op, &operands);
    }
    Ok(functions)
}

/// Bytes an instruction takes off the stack pointer.
fn taken(op: &str, operands: &str) -> Result<u32, &'static str> {
    let immediate = |text: &str| -> Option<i64> { text.rsplit_once('#')?.1.trim_end_matches([']', '!']).parse().ok() };
    match op {
        "push" => Ok(4 * registers(operands)),
        "vpush" => Ok(width(operands) * registers(operands)),
        "stmdb" | "stmfd" if operands.starts_with("sp!") => Ok(4 * registers(operands)),
        "vstmdb" if operands.starts_with("sp!") => Ok(width(operands) * registers(operands)),
        "sub" | "subw" | "subs" if operands.starts_with("sp,") => {
            immediate(operands).map(|bytes| bytes as u32).ok_or("the stack pointer moves by a register")
        }
        "add" | "addw" if operands.starts_with("sp,") => {
            let bytes = immediate(operands).ok_or("the stack pointer moves by a register")?;
            // Back up, or (rare) down by a negative number.
            Ok(bytes.min(0).unsigned_abs() as u32)
        }
        "str" | "strd" if operands.contains("[sp, #-") && operands.ends_with("]!") => {
            immediate(operands).map(|bytes| bytes.unsigned_abs() as u32).ok_or("an unknown store")
        }
        "mov" | "bic" | "and" | "ldr" | "msr" if operands.starts_with("sp,") || operands.starts_with("MSP,") => {
            Err("the stack pointer is set")
        }
        _ => Ok(0),
    }
}

/// Bytes of an FPU register in a list: double or single.
fn width(list: &str) -> u32 {
    if list.contains("{d") { 8 } else { 4 }
}

/// How many registers `{r4, r6-r8}` names.
fn registers(list: &str) -> u32 {
    let number = |name: &str| -> u32 {
        match name {
            "sl" => 10,
            "fp" => 11,
            "ip" => 12,
            "lr" => 14,
            "pc" => 15,
            _ => name[1..].parse().unwrap_or(0),
        }
    };
    let list = list.rsplit('{').next().unwrap_or("").trim_end_matches('}');
    list.split(',')
        .map(|item| match item.trim().split_once('-') {
            Some((from, to)) => number(to) - number(from) + 1,
            None => 1,
        })
        .sum()
}

/// Notes where an instruction leads.
fn follow(function: &mut Function, name: &str, op: &str, operands: &str) {
    let branch = op.starts_with('b') && !matches!(op, "bic" | "bics" | "bfi" | "bfc" | "bkpt")
        || matches!(op, "cbz" | "cbnz" | "le" | "letp" | "wls" | "wlstp");
    if let Some((_, target)) = operands.rsplit_once('<').filter(|_| branch) {
        let target = target.trim_end_matches('>');
        let (symbol, inside) = target.rsplit_once("+0x").map_or((target, false), |(symbol, _)| (symbol, true));
        // A branch to one's own beginning is a loop; a call of oneself is recursion, found by the search.
        if symbol != name || op.starts_with("bl") && !inside && !is_condition(op) {
            function.calls.insert(symbol.to_string());
        }
    } else if op == "blx" || op.starts_with("bx") && operands != "lr" {
        function.unbounded = Some(format!("{op} {operands}"));
    }
}

/// `bls`, `blt`, `ble` are branches, not calls.
fn is_condition(op: &str) -> bool {
    matches!(op, "bls" | "blt" | "ble")
}

type Chain = Vec<(String, u32)>;

fn deepest(functions: &BTreeMap<String, Function>, name: &str, above: &mut Vec<String>) -> Result<Chain, String> {
    let function = functions.get(name).ok_or_else(|| format!("no function {name}"))?;
    if above.iter().any(|caller| caller == name) {
        return Err(format!("recursion: {} > {name}", above.join(" > ")));
    }
    if let Some(call) = &function.unbounded {
        return Err(format!("{name} calls through a register: {call}"));
    }
    above.push(name.to_string());
    let mut best = Chain::new();
    for callee in &function.calls {
        let chain = deepest(functions, callee, above)?;
        if depth(&chain) > depth(&best) {
            best = chain;
        }
    }
    above.pop();
    best.insert(0, (name.to_string(), function.frame));
    Ok(best)
}

fn depth(chain: &Chain) -> u32 {
    chain.iter().map(|(_, frame)| frame).sum()
}
