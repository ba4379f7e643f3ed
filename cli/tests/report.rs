//! The pages in a real browser: they render, without an error, and their figures are the JSON's.

mod recorded;

use recorded::{SIDE, disc, done, npy};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The browser, or a word on why there is none.
fn browser() -> Option<PathBuf> {
    let names = ["chromium", "chromium-browser", "google-chrome"];
    let named = std::env::var_os("SOFT_DICE_BROWSER").map(PathBuf::from);
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = named.or_else(|| {
        std::env::split_paths(&path).flat_map(|folder| names.map(|name| folder.join(name))).find(|file| file.is_file())
    });
    if found.is_none() {
        println!("not run: no chromium; on Debian or Ubuntu:  sudo apt-get install chromium");
        assert!(std::env::var_os("CI").is_none(), "in CI there is a browser");
    }
    found
}

/// What the browser wrote to its standard output and to its log.
fn open(browser: &Path, folder: &Path, page: &Path, options: &[String]) -> (String, String) {
    let profile = tempfile::tempdir_in(folder).expect("a folder");
    let output = Command::new(browser)
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"])
        .args([
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--enable-logging=stderr",
        ])
        .arg(format!("--user-data-dir={}", profile.path().display()))
        .args(options)
        .arg(format!("file://{}", page.display()))
        .output()
        .expect("the browser");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(output.status.success(), "{}", text(&output.stderr));
    (text(&output.stdout), text(&output.stderr))
}

/// Figures of a page: where in the JSON, and what is shown.
fn figures(dom: &str) -> Vec<(&str, &str)> {
    let parts = dom.split("data-json=\"").skip(1);
    parts
        .map(|part| {
            let (pointer, rest) = part.split_once("\">").expect("an attribute that ends");
            (pointer, rest.split_once('<').expect("a text that ends").0)
        })
        .collect()
}

/// Every figure is the JSON's; returns how many there were.
fn equal(dom: &str, json: &Value) -> usize {
    let figures = figures(dom);
    for (pointer, shown) in &figures {
        let value = json.pointer(pointer).unwrap_or_else(|| panic!("{pointer} is not in the JSON"));
        let expected = value.as_f64().map_or("-".to_string(), |value| format!("{value:.4}"));
        assert_eq!(*shown, expected, "{pointer}");
    }
    figures.len()
}

/// Pixels of these colours in a picture of the page, with the reader's system light or dark.
fn picture(browser: &Path, folder: &Path, page: &Path, dark: bool, colours: &[[u8; 3]]) -> Vec<usize> {
    let shot = match std::env::var_os("SOFT_DICE_SCREENSHOTS") {
        Some(kept) => PathBuf::from(kept).join(format!(
            "{}_{}.png",
            page.file_stem().expect("a name").to_string_lossy(),
            if dark { "dark" } else { "light" }
        )),
        None => folder.join("shot.png"),
    };
    let scheme = format!("--blink-settings=preferredColorScheme={}", u8::from(!dark));
    let options = [format!("--screenshot={}", shot.display()), "--window-size=1100,4600".into(), scheme];
    let (_, log) = open(browser, folder, page, &options);
    assert!(!log.contains("CONSOLE"), "{log}");
    let file = std::io::BufReader::new(std::fs::File::open(&shot).expect("a picture"));
    let mut reader = png::Decoder::new(file).read_info().expect("a PNG");
    let mut pixels = vec![0; reader.output_buffer_size().expect("a size")];
    let info = reader.next_frame(&mut pixels).expect("its pixels");
    let step = info.color_type.samples();
    colours.iter().map(|colour| pixels.chunks(step).filter(|pixel| pixel[..3] == *colour).count()).collect()
}

/// Nothing is fetched, and nothing runs but the page's own few lines.
fn self_contained(page: &str) {
    for foreign in
        ["http:", "https:", "<script ", "@import", "url(", "src=\"/", "<iframe", "onload", "fetch(", "import("]
    {
        assert!(!page.contains(foreign), "{foreign}");
    }
    assert_eq!(page.matches("<script>").count(), 1);
}

/// How many points the circles stand for.
fn points(dom: &str) -> usize {
    let counts = dom.split("data-points=\"").skip(1).filter_map(|rest| rest.split('"').next()?.parse::<usize>().ok());
    counts.sum()
}

/// The page with a script at its end that does what a reader does, and leaves what came of it in its title.
fn acted(browser: &Path, folder: &Path, page: &str, acts: &str) -> String {
    let path = folder.join("acted.html");
    let script = format!("<script>{acts}</script></body>");
    std::fs::write(&path, page.replacen("</body>", &script, 1)).expect("a file");
    let (dom, log) = open(browser, folder, &path, &["--dump-dom".into()]);
    assert!(!log.contains("CONSOLE"), "{log}");
    dom.split_once("<title>").and_then(|(_, rest)| rest.split_once("</title>")).expect("a title").0.to_string()
}

const LIGHT: [u8; 3] = [255, 255, 255];
const DARK: [u8; 3] = [0x14, 0x17, 0x1b];
const RIGHT: [u8; 3] = [222, 226, 230];
const TOO_MUCH: [u8; 3] = [230, 159, 0];
const TOO_LITTLE: [u8; 3] = [86, 180, 233];

#[test]
fn scores_in_a_browser() {
    let folder = tempfile::tempdir().expect("a folder");
    let place = |name: &str| folder.path().join(name);
    let (maps, masks) = (place("maps"), place("masks"));
    std::fs::create_dir(&maps).expect("a folder");
    std::fs::create_dir(&masks).expect("a folder");
    for (file, shift) in [0.0, 0.4, 1.0, 2.0, 3.5, 6.0, 10.0, 0.2].into_iter().enumerate() {
        let (map, mask) = disc(40.0 + 2.0 * file as f64, 50.0 - file as f64, shift);
        // A name that is markup stays a name.
        let name = if file == 4 { "<b>&4.npy".to_string() } else { format!("frame_{file}.npy") };
        npy(&maps.join(&name), "|u1", &[SIDE, SIDE], &map);
        npy(&masks.join(&name), "|u1", &[SIDE, SIDE], &mask);
    }
    let [maps, masks, json, page] = [maps, masks, place("scores.json"), place("scores.html")];
    let [maps, masks, json, page] = [&maps, &masks, &json, &page].map(|path| path.to_str().expect("a path"));
    let asked = ["--threshold", "0.5", "--sweep", "--confusion"];
    done(&[&["score", maps, masks, "--json", json, "--report", page], &asked[..]].concat());
    let text = std::fs::read_to_string(page).expect("a page");
    self_contained(&text);
    assert!(!text.contains("<b>"), "names are escaped");
    let json: Value = serde_json::from_slice(&std::fs::read(json).expect("a file")).expect("JSON");
    assert!(equal(&text, &json) >= 20);
    assert!(text.contains("Expected calibration error") && text.contains("as foreground"));

    let Some(browser) = browser() else { return };
    let page = Path::new(page);
    let (dom, log) = open(&browser, folder.path(), page, &["--dump-dom".into()]);
    assert!(!log.contains("CONSOLE"), "{log}");
    assert_eq!(equal(&dom, &json), equal(&text, &json));
    assert_eq!(points(&dom), 8, "a point for each file");
    // The head of the second column of numbers sorts, and sorts the other way; a frame is enlarged and put away.
    let title = acted(
        &browser,
        folder.path(),
        &text,
        "const t=document.querySelector('table.sortable'),h=t.querySelectorAll('thead button')[1];\
         const all=()=>[...t.tBodies[0].rows].map(r=>+r.cells[2].textContent);\
         h.click();const up=all();h.click();const down=all();\
         const sorted=up.every((v,i)=>!i||up[i-1]<=v)&&down.every((v,i)=>!i||down[i-1]>=v);\
         const d=document.querySelector('dialog');document.querySelector('button.enlarge').click();\
         const open=d.open&&d.querySelectorAll('img').length;d.click();\
         document.title=[sorted,up.length,open,d.open].join();",
    );
    assert_eq!(title, "true,8,1,false");
    assert_eq!(dom.matches("<img").count(), 6, "the worst");
    for (dark, ground) in [(false, LIGHT), (true, DARK)] {
        let seen = picture(&browser, folder.path(), page, dark, &[ground, RIGHT, TOO_MUCH, TOO_LITTLE]);
        println!("dark {dark}: ground, right, too much, too little {seen:?} pixels");
        assert!(seen[0] > 500_000, "the ground is the system's: {seen:?}");
        assert!(seen[1..].iter().all(|&pixels| pixels > 1000), "overlays are drawn: {seen:?}");
    }
}

/// The shipped maps of a real network: float, and int8 as a device has them.
#[test]
fn a_comparison_in_a_browser() {
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("a folder above").join("tests/data");
    let folder = tempfile::tempdir().expect("a folder");
    let place = |name: &str| folder.path().join(name).to_str().expect("a path").to_string();
    for side in ["q8", "f32"] {
        std::fs::create_dir(place(side)).expect("a folder");
        for name in ["selfie256_astronaut", "selfie256_camera"] {
            let file = format!("{name}_{side}.npy");
            std::fs::copy(shipped.join(&file), Path::new(&place(side)).join(&file)).expect("a copy");
        }
    }
    let [float, device, json, page] = ["f32", "q8", "compare.json", "compare.html"].map(place);
    let suffixes = ["--pred-suffix", "_q8", "--float-suffix", "_f32"];
    done(&[&["compare", &float, &device, "--tflite", "--json", &json, "--report", &page], &suffixes[..]].concat());
    let text = std::fs::read_to_string(&page).expect("a page");
    self_contained(&text);
    let json: Value = serde_json::from_slice(&std::fs::read(json).expect("a file")).expect("JSON");
    assert!(equal(&text, &json) >= 9);

    let Some(browser) = browser() else { return };
    let (dom, log) = open(&browser, folder.path(), Path::new(&page), &["--dump-dom".into()]);
    assert!(!log.contains("CONSOLE"), "{log}");
    assert_eq!(equal(&dom, &json), equal(&text, &json));
    assert_eq!(dom.matches("<img").count(), 2);
    for (dark, ground) in [(false, LIGHT), (true, DARK)] {
        let seen = picture(&browser, folder.path(), Path::new(&page), dark, &[ground, RIGHT]);
        assert!(seen[0] > 500_000 && seen[1] > 1000, "dark {dark}: {seen:?}");
    }
}

#[test]
fn a_watch_in_a_browser() {
    let folder = tempfile::tempdir().expect("a folder");
    let place = |name: &str| folder.path().join(name).to_str().expect("a path").to_string();
    let frames = 60;
    let (mut maps, mut masks) = (Vec::new(), Vec::new());
    for frame in 0..frames {
        // Each frame's edge is as sharp as it happens to be; from 30 on the map fades, at 50 it comes back.
        let (map, mask) = disc(48.0 + (frame as f64 * 0.3).sin(), 48.0, 0.0);
        let worse = if (30..50).contains(&frame) { (frame - 29) as f64 / 20.0 } else { 0.0 };
        maps.extend(map.iter().map(|&code| (f64::from(code) * (1.0 - 0.8 * worse)) as u8));
        masks.extend(mask);
    }
    npy(Path::new(&place("maps.npy")), "|u1", &[frames, SIDE, SIDE], &maps);
    npy(Path::new(&place("masks.npy")), "|u1", &[frames, SIDE, SIDE], &masks);
    let [maps, masks, json, page, plot] = ["maps.npy", "masks.npy", "watch.json", "watch.html", "plot.svg"].map(place);
    done(&["watch", &maps, &masks, "--json", &json, "--report", &page, "--plot", &plot]);
    let text = std::fs::read_to_string(&page).expect("a page");
    self_contained(&text);
    // The worst frames, the mask and the map of each; and the levels that confidence is judged by.
    assert_eq!(text.matches("data:image/png").count(), 12);
    assert!(text.contains("class=\"allowance\"") && text.contains("class=\"failing\""));
    assert!(text.contains("over 60 frames") && text.contains("read as 60 frames"));
    let json: Value = serde_json::from_slice(&std::fs::read(&json).expect("a file")).expect("JSON");
    assert!(equal(&text, &json) >= 6);
    let events = json["events"].as_array().expect("events");
    assert!(events.len() >= 3, "{events:?}");
    for event in events {
        let words =
            format!("{} ({})", event["to"].as_str().expect("a state"), event["cause"].as_str().expect("a cause"));
        assert!(text.contains(&words), "{words}");
    }

    let Some(browser) = browser() else { return };
    let (dom, log) = open(&browser, folder.path(), Path::new(&page), &["--dump-dom".into()]);
    assert!(!log.contains("CONSOLE"), "{log}");
    assert_eq!(equal(&dom, &json), equal(&text, &json));
    const KNOWN: [[u8; 3]; 2] = [[0, 114, 178], [86, 180, 233]];
    for (dark, ground) in [(false, LIGHT), (true, DARK)] {
        let seen = picture(&browser, folder.path(), Path::new(&page), dark, &[ground, KNOWN[usize::from(dark)]]);
        assert!(seen[0] > 500_000 && seen[1] > 500, "dark {dark}: {seen:?}");
    }
    // The picture by itself is SVG that a browser takes.
    let seen = picture(&browser, folder.path(), Path::new(&plot), false, &[KNOWN[0]]);
    assert!(seen[0] > 500, "{seen:?}");
}

/// A picture under the overlay, PNG or JPEG, of any size: what is background shows it.
#[test]
fn pictures_under_overlays() {
    let folder = tempfile::tempdir().expect("a folder");
    let place = |name: &str| folder.path().join(name).to_str().expect("a path").to_string();
    let (map, mask) = disc(40.0, 50.0, 2.0);
    npy(Path::new(&place("map.npy")), "|u1", &[SIDE, SIDE], &map);
    npy(Path::new(&place("mask.npy")), "|u1", &[SIDE, SIDE], &mask);
    let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/command");
    let (jpeg, png) = (shared.join("t.jpg"), shared.join("t255_RGB.png"));
    let page = |picture: &Path, page: &str| {
        let out = place(page);
        let picture = picture.to_str().expect("a path");
        done(&["score", &place("map.npy"), &place("mask.npy"), "--report", &out, "--picture", picture]);
        std::fs::read_to_string(out).expect("a page")
    };
    let bare = place("bare.html");
    done(&["score", &place("map.npy"), &place("mask.npy"), "--report", &bare]);
    let overlay =
        |page: &str| page.split_once("data:image/png;base64,").expect("a picture").1.split('"').next().map(str::len);
    let bare = overlay(&std::fs::read_to_string(bare).expect("a page"));
    let named = folder.path().join("pictures");
    std::fs::create_dir(&named).expect("a folder");
    std::fs::copy(&jpeg, named.join("map.jpg")).expect("a copy");
    let pages = [page(&jpeg, "a.html"), page(&png, "b.html"), page(&named, "c.html")];
    assert!(pages.iter().all(|page| overlay(page) > bare), "colours take more than a palette");
    assert_eq!(overlay(&pages[0]), overlay(&pages[2]));
    let output =
        recorded::run(&["score", &place("map.npy"), &place("mask.npy"), "--picture", jpeg.to_str().expect("a path")]);
    assert_eq!(output.status.code(), Some(2), "a picture that nothing shows is an error");
    for (bad, says) in [(shared.join("t.csv"), "not a picture"), (shared.clone(), "no picture of map")] {
        let words = [
            "score",
            &place("map.npy"),
            &place("mask.npy"),
            "--report",
            &place("d.html"),
            "--picture",
            bad.to_str().expect("a path"),
        ];
        let output = recorded::run(&words);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.code() == Some(2) && said.contains(says), "{said}");
    }
}
