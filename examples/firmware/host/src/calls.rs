//! What a call costs: the text that is reached from it, and the deepest chain of calls below it in bytes of stack, from
//! the Thumb disassembly of a linked program.
//!
//! Text is code with its literal pools, up to the next function; constant tables are not in it, and what two calls share
//! counts for both. A frame is everything a function takes off the stack pointer anywhere in its code, so a prologue that is only
//! reached on one path counts always: an upper bound. What cannot be bounded is an error: recursion, a call through a
//! register, a stack pointer moved by a register.

use crate::Done;
use std::collections::{BTreeMap, BTreeSet};
use std::io::BufRead;

#[derive(Default)]
struct Function {
    /// From its label to the next.
    text: u32,
    frame: u32,
    /// Those it comes back from; the frame of the others is given back before (tail calls).
    calls: BTreeSet<String>,
    tails: BTreeSet<String>,
    unbounded: Option<String>,
}

type Functions = BTreeMap<String, Function>;

/// A line for each root: `NAME TEXT STACK CHAIN`. A root of which the compiler left nothing costs nothing.
pub fn run(roots: &[&str], disassembly: impl BufRead) -> Done {
    let lines: Vec<String> = disassembly.lines().collect::<Result<_, _>>()?;
    let functions = read(&lines)?;
    let mut unbounded = Vec::new();
    for root in roots {
        if !functions.contains_key(*root) {
            println!("{root} 0 0 (nothing is left of it)");
            continue;
        }
        let mut reached = BTreeSet::new();
        reach(&functions, root, &mut reached);
        let text: u32 = reached.iter().filter_map(|name| functions.get(*name)).map(|function| function.text).sum();
        match deepest(&functions, root, &mut Vec::new()) {
            Ok(chain) => {
                let path: Vec<String> = chain.iter().map(|(name, frame)| format!("{} {frame}", short(name))).collect();
                println!("{root} {text} {} {}", depth(&chain), path.join(" > "));
            }
            Err(why) => unbounded.push(format!("{root}: {why}")),
        }
    }
    if unbounded.is_empty() { Ok(()) } else { Err(unbounded.join("\n").into()) }
}

/// A mangled name without its hash and its lengths, as far as that is simple.
fn short(name: &str) -> String {
    let Some(mut rest) = name.strip_prefix("_ZN") else { return name.to_string() };
    let mut parts = Vec::new();
    while let Some(end) = rest.find(|c: char| !c.is_ascii_digit())
        && let Ok(length) = rest[..end].parse::<usize>()
        && let Some(part) = rest.get(end..end + length)
    {
        parts.push(part);
        rest = &rest[end + length..];
    }
    // The last is the hash.
    parts.pop();
    parts.join("::")
}

fn reach<'f>(functions: &'f Functions, name: &str, reached: &mut BTreeSet<&'f str>) {
    let Some((name, function)) = functions.get_key_value(name) else { return };
    if reached.insert(name) {
        function.calls.iter().chain(&function.tails).for_each(|callee| reach(functions, callee, reached));
    }
}

fn read(lines: &[String]) -> Result<Functions, String> {
    let mut functions = Functions::new();
    let (mut name, mut from) = (String::new(), 0);
    for line in lines {
        // `00000400 <name>:` begins a function; local labels do not occur in a linked file.
        if let Some((address, rest)) = line.split_once(" <")
            && let Some(label) = rest.strip_suffix(">:")
        {
            from = hexadecimal(address)?;
            name = label.to_string();
            functions.entry(name.clone()).or_default();
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
        // An instruction has 2 bytes or 4; what stands alone behind the last one is alignment.
        let wide = op.contains(".w") || matches!(op.trim(), ".word");
        function.text = hexadecimal(address.trim().trim_end_matches(':'))? + if wide { 4 } else { 2 } - from;
        function.frame += taken(&op, &operands).map_err(|why| format!("{name}: {why}: {line}"))?;
        follow(function, &name, &op, &operands);
    }
    Ok(functions)
}

fn hexadecimal(text: &str) -> Result<u32, String> {
    u32::from_str_radix(text, 16).map_err(|_| format!("no address: {text}"))
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
        let call = op.starts_with("bl") && !is_condition(op);
        // The linker fills gaps with 0xD4D4, which reads as a branch to nowhere.
        let gap = op == "bmi" && inside && symbol != name;
        // A branch to one's own beginning is a loop; a call of oneself is recursion, found by the search.
        if call && (symbol != name || !inside) {
            function.calls.insert(symbol.to_string());
        } else if symbol != name && !gap {
            function.tails.insert(symbol.to_string());
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

fn deepest(functions: &Functions, name: &str, above: &mut Vec<String>) -> Result<Chain, String> {
    let function = functions.get(name).ok_or_else(|| format!("no function {name}"))?;
    if above.iter().any(|caller| caller == name) {
        return Err(format!("recursion: {} > {name}", above.join(" > ")));
    }
    if let Some(call) = &function.unbounded {
        return Err(format!("{name} calls through a register: {call}"));
    }
    above.push(name.to_string());
    let mut best = vec![(name.to_string(), function.frame)];
    for (callees, frame) in [(&function.calls, function.frame), (&function.tails, 0)] {
        for callee in callees {
            let below = deepest(functions, callee, above)?;
            if frame + depth(&below) > depth(&best) {
                best = [vec![(name.to_string(), frame)], below].concat();
            }
        }
    }
    above.pop();
    Ok(best)
}

fn depth(chain: &Chain) -> u32 {
    chain.iter().map(|(_, frame)| frame).sum()
}
