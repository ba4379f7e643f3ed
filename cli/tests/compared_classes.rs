//! What `compare` says of each class: agreement, and what argmax makes of it, by name, in JSON, table, CSV and page.

mod support;

use support::{folder, json, line, npy, run, write};

#[test]
fn each_class_has_its_agreement_and_its_flips() {
    let folder = folder();
    // Three classes on 4 × 5 pixels, interleaved: the first ten pixels are road, the others sky, and car is nowhere.
    let (rows, columns) = (4, 5);
    let float: Vec<f32> = (0..20).flat_map(|at| if at < 10 { [0.75, 0.0, 0.25] } else { [0.25, 0.0, 0.75] }).collect();
    // On the device two pixels of road are sky's by a clear margin, and one has both alike: the first is taken, road's.
    let device: Vec<f32> = (0..20)
        .flat_map(|at| match at {
            0 | 1 => [0.25, 0.0, 0.75],
            10 => [0.5, 0.0, 0.5],
            at if at < 10 => [0.75, 0.0, 0.25],
            _ => [0.25, 0.0, 0.75],
        })
        .collect();
    let file = |name: &str, values: &[f32]| {
        let bytes: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
        write(&folder, name, &npy("<f4", &[rows, columns, 3], false, &bytes))
    };
    let (float, device) = (file("float.npy", &float), file("device.npy", &device));
    let options = "compare @ @ --classes road,car,sky";
    let report = json(options, &[&float, &device]);
    let argmax = &report["pooled"]["argmax"];
    assert_eq!((&argmax["of"], &argmax["flips"], &argmax["ties"]), (&20.into(), &3.into(), &1.into()));
    // Road: 8 of the first ten and the tie on the device, ten in the float model.
    let road = &argmax["classes"][0];
    assert_eq!((&road["device"], &road["float"], &road["both"]), (&9.into(), &10.into(), &8.into()));
    let dice = road["dice"].as_f64().expect("a number");
    assert!((dice - 16.0 / 19.0).abs() < 1e-12, "{dice}");
    assert!(argmax["classes"][1]["dice"].is_null());
    // Σmin = 9 of road (two pixels at 0.25, eight at 0.75, ten at 0.25), Σp = 9.25, Σt = 10.
    let agreement = report["pooled"]["agreements"][0].as_f64().expect("a number");
    assert!((agreement - 2.0 * 9.0 / (9.25 + 10.0)).abs() < 1e-6, "{agreement}");

    let [csv, page] = ["out.csv", "out.html"].map(|name| folder.path().join(name));
    let output = run(line(&format!("{options} --csv @ --report @"), &[&float, &device, &csv, &page]));
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let table = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(table.contains("argmax: 3 of 20 pixels change class, 1 of them ties"), "{table}");
    let row = |name: &str| table.lines().find(|line| line.split_whitespace().next() == Some(name)).map(str::to_string);
    assert!(row("road").expect("a row").ends_with("0.8421"), "{table}");
    // A class that is nowhere says nothing.
    assert_eq!(row("car"), None, "{table}");

    let csv = std::fs::read_to_string(csv).expect("a CSV");
    let lines: Vec<Vec<&str>> = csv.lines().map(|line| line.split(',').collect()).collect();
    let names: Vec<&str> = lines.iter().map(|line| line[1]).collect();
    assert_eq!(names, ["class", "all", "road", "car", "sky"]);
    assert!(lines.iter().all(|line| line.len() == lines[0].len()), "{csv}");
    assert_eq!(lines[0][3..5], ["argmax", "argmax_flips"]);
    assert_eq!([lines[1][4], lines[2][4], lines[4][4]], ["3", "3", "3"]);

    let page = std::fs::read_to_string(page).expect("a page");
    assert!(page.contains("Agreement of classes") && page.contains(">road</td>") && !page.contains(">car</td>"));
}
