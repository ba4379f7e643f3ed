//! What the operating system says of this machine: its CPU, cache sizes and free memory.
use std::fs;

/// A working set, all operands together.
#[derive(Clone, Copy)]
pub struct Level {
    pub name: &'static str,
    pub bytes: usize,
    pub rounds: usize,
}

pub struct Machine {
    pub levels: Vec<Level>,
    /// What the reader of the figures has to know.
    pub notes: Vec<String>,
    /// The CPU's name.
    pub cpu: String,
    /// What it has of what the backends ask for.
    pub extensions: Vec<&'static str>,
    /// The load average of the last minute: other work moves the figures.
    pub load: String,
}

impl Machine {
    pub fn read() -> Self {
        let mut notes = Vec::new();
        let mut size = |level, kind, assumed: usize| {
            cache(level, kind).unwrap_or_else(|| {
                notes.push(format!("L{level} size unknown, {assumed} bytes assumed"));
                assumed
            })
        };
        let l1 = size(1, "Data", 32 << 10);
        let l2 = size(2, "Unified", 1 << 20);
        let l3 = size(3, "Unified", 32 << 20);
        let mut third = 8 * l2;
        if third > l3 / 2 {
            third = l3 / 2;
            notes.push(format!("L3 level is half of L3, {third} bytes, instead of 8 x L2"));
        }
        // Twice the last cache leaves at most half of it in place; a quarter of the free memory keeps the machine usable.
        let wanted = 2 * l3;
        let free = memory().unwrap_or(1 << 30);
        let far = wanted.min(free / 4);
        if far < wanted {
            notes.push(format!("DRAM level capped at {far} bytes; twice L3 would be {wanted}"));
        }
        if far <= l3 {
            notes.push("the DRAM level fits L3: read it as L3".into());
        }
        notes.push(format!("caches: L1d {l1}, L2 {l2}, L3 {l3} bytes; L3 may be shared with other machines"));
        let level = |name, bytes, rounds| Level { name, bytes, rounds };
        let levels = vec![
            level("px512", 0, 61),
            level("L1", l1 / 2, 61),
            level("L2", l2 / 2, 61),
            level("L3", third, 41),
            level("DRAM", far, 7),
        ];
        Machine { levels, notes, cpu: cpu(), extensions: extensions(), load: load() }
    }
}

/// The kind of CPU whose instructions this run has: one table for each.
pub fn family() -> &'static str {
    match soft_dice::backend() {
        "avx512" | "avx512vbmi" => "AVX-512",
        "avx2" | "avxvnni" => "AVX2",
        "neon" | "dotprod" => "NEON",
        other => other,
    }
}

fn cpu() -> String {
    let text = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let line = text.lines().find(|line| line.starts_with("model name"));
    line.and_then(|line| line.split_once(": ")).map_or("an unknown CPU".into(), |(_, name)| name.to_string())
}

#[cfg(target_arch = "x86_64")]
fn extensions() -> Vec<&'static str> {
    macro_rules! detected {
        ($($name:tt)*) => { vec![$(($name, is_x86_feature_detected!($name))),*] };
    }
    let all = detected!("sse2" "avx2" "fma" "avxvnni" "avx512f" "avx512bw" "avx512vl" "avx512vnni" "avx512vbmi");
    // A build that is kept to AVX2 has no use for more.
    let used = |name: &str| match soft_dice::backend() {
        "avx2" => !name.starts_with("avx512") && name != "avxvnni",
        "avxvnni" => !name.starts_with("avx512"),
        _ => true,
    };
    all.into_iter().filter_map(|(name, has)| (has && used(name)).then_some(name)).collect()
}

#[cfg(not(target_arch = "x86_64"))]
fn extensions() -> Vec<&'static str> {
    vec!["what the build promises"]
}

fn load() -> String {
    let text = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split(' ').next().filter(|load| !load.is_empty()).unwrap_or("unknown").to_string()
}

fn cache(level: u32, kind: &str) -> Option<usize> {
    (0..8).find_map(|index| {
        let file = |name| {
            let path = format!("/sys/devices/system/cpu/cpu0/cache/index{index}/{name}");
            fs::read_to_string(path).map(|text| text.trim().to_string())
        };
        let found = file("level").ok()? == level.to_string() && file("type").ok()? == kind;
        let text = file("size").ok()?;
        let kib = text.strip_suffix('K')?.parse::<usize>().ok()?;
        found.then_some(kib << 10)
    })
}

fn memory() -> Option<usize> {
    let text = fs::read_to_string("/proc/meminfo").ok()?;
    let line = text.lines().find(|line| line.starts_with("MemAvailable:"))?;
    line.split_whitespace().nth(1)?.parse::<usize>().ok().map(|kib| kib << 10)
}
