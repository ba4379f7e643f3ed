//! `--model`: scale, zero point, type and layout come from the model's output tensor, and contradict the file aloud.

mod support;

use soft_dice_cli::read::Dtype;
use soft_dice_cli::tflite::parse;
use std::path::{Path, PathBuf};
use support::{folder, json, line, run, write};

/// A flatbuffer, written from its front: places that lead on are filled in when what they lead to is there.
#[derive(Default)]
struct Builder(Vec<u8>);

impl Builder {
    fn align(&mut self, to: usize) {
        while !self.0.len().is_multiple_of(to) {
            self.0.push(0);
        }
    }

    /// A table of fields of 4 bytes; the numbers of those that lead on are given back as their places.
    fn table(&mut self, fields: &[Option<u32>]) -> (usize, Vec<usize>) {
        self.align(4);
        let vtable = self.0.len();
        self.0.extend((4 + 2 * fields.len() as u16).to_le_bytes());
        self.0.extend((4 + 4 * fields.len() as u16).to_le_bytes());
        for (number, field) in fields.iter().enumerate() {
            self.0.extend(field.map_or(0, |_| 4 + 4 * number as u16).to_le_bytes());
        }
        self.align(4);
        let at = self.0.len();
        self.0.extend(((at - vtable) as i32).to_le_bytes());
        let mut places = Vec::new();
        for field in fields {
            places.push(self.0.len());
            self.0.extend(field.unwrap_or(0).to_le_bytes());
        }
        (at, places)
    }

    fn leads(&mut self, from: usize, to: usize) {
        self.0[from..][..4].copy_from_slice(&((to - from) as u32).to_le_bytes());
    }

    fn vector(&mut self, count: usize, bytes: &[u8]) -> usize {
        self.align(8);
        self.0.extend([0; 4]);
        let at = self.0.len();
        self.0.extend((count as u32).to_le_bytes());
        self.0.extend(bytes);
        at
    }
}

struct Tensor<'t> {
    name: &'t str,
    shape: &'t [i32],
    kind: u8,
    quantised: Option<(f32, i64)>,
}

/// A model of nothing but its outputs.
fn model(tensors: &[Tensor<'_>]) -> Vec<u8> {
    let mut b = Builder(vec![0, 0, 0, 0, b'T', b'F', b'L', b'3']);
    let (root, places) = b.table(&[Some(3), None, Some(0)]);
    b.leads(0, root);
    let graphs = b.vector(1, &[0; 4]);
    b.leads(places[2], graphs);
    let (graph, places) = b.table(&[Some(0), None, Some(0)]);
    b.leads(graphs + 4, graph);
    let all = b.vector(tensors.len(), &vec![0; 4 * tensors.len()]);
    b.leads(places[0], all);
    let outputs: Vec<u8> = (0..tensors.len() as i32).flat_map(i32::to_le_bytes).collect();
    let outputs = b.vector(tensors.len(), &outputs);
    b.leads(places[2], outputs);
    for (number, tensor) in tensors.iter().enumerate() {
        let quantised = tensor.quantised.map(|_| 0);
        let (at, places) = b.table(&[Some(0), Some(tensor.kind.into()), None, Some(0), quantised]);
        b.leads(all + 4 + 4 * number, at);
        let shape: Vec<u8> = tensor.shape.iter().flat_map(|side| side.to_le_bytes()).collect();
        let shape = b.vector(tensor.shape.len(), &shape);
        b.leads(places[0], shape);
        let name = b.vector(tensor.name.len(), tensor.name.as_bytes());
        b.leads(places[3], name);
        if let Some((scale, zero)) = tensor.quantised {
            let (at, inner) = b.table(&[None, None, Some(0), Some(0)]);
            b.leads(places[4], at);
            let scale = b.vector(1, &scale.to_le_bytes());
            b.leads(inner[2], scale);
            let zero = b.vector(1, &zero.to_le_bytes());
            b.leads(inner[3], zero);
        }
    }
    b.0
}

const INT8: u8 = 9;
const FLOAT32: u8 = 0;

fn data(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/command").join(name)
}

#[test]
fn the_output_says_what_its_codes_are() {
    let folder = folder();
    let one = [Tensor { name: "mask", shape: &[1, 30, 40, 1], kind: INT8, quantised: Some((1.0 / 256.0, -128)) }];
    let path = write(&folder, "net.tflite", &model(&one));
    let [q1, f1] = ["q1.npy", "f1.npy"].map(data);
    let with = json("score @ @ --model @", &[&q1, &f1, &path]);
    let without = json("score @ @ --tflite", &[&q1, &f1]);
    assert_eq!(with["pooled"], without["pooled"]);
    let with = json("compare @ @ --model @", &[&f1, &q1, &path]);
    assert_eq!(with["pooled"], json("compare @ @ --tflite", &[&f1, &q1])["pooled"]);
    let refused = |arguments: &str, files: &[&Path], words: &[&str]| {
        let output = run(line(arguments, files));
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{said}");
        words.iter().for_each(|word| assert!(said.contains(word), "{word}: {said}"));
    };
    refused(
        "score @ @ --model @",
        &[&data("q1_asu8.npy"), &f1, &path],
        &["`mask` of the model is int8", "holds uint8"],
    );
    refused("score @ @ --model @", &[&data("soft_q8.npy"), &data("tbool.npy"), &path], &["[1, 30, 40, 1]", "[12, 16]"]);
    refused("score @ @ --model @ --tflite", &[&q1, &f1, &path], &["cannot be used with"]);
    refused("score @ @ --model @", &[&q1, &f1, &f1], &["not a readable TensorFlow Lite model"]);
}

#[test]
fn one_of_several_outputs_and_its_layout() {
    let folder = folder();
    let several = [
        Tensor { name: "embedding", shape: &[1, 64], kind: FLOAT32, quantised: None },
        Tensor { name: "classes", shape: &[1, 30, 40, 3], kind: INT8, quantised: Some((1.0 / 256.0, -128)) },
    ];
    let path = write(&folder, "net.tflite", &model(&several));
    let [q3, f3] = ["q3.npy", "f3.npy"].map(data);
    let asked = run(line("score @ @ --model @", &[&q3, &f3, &path]));
    let said = String::from_utf8_lossy(&asked.stderr).into_owned();
    assert!(
        said.contains("2 outputs: 0 `embedding` [1, 64], 1 `classes`") && said.contains("`--model-output`"),
        "{said}"
    );
    // What would be a question without the model: classes, or a stack?
    for output in ["1", "classes"] {
        let with = json(&format!("score @ @ --model @ --model-output {output}"), &[&q3, &f3, &path]);
        assert_eq!(with["pooled"], json("score @ @ --tflite --layout hwc", &[&q3, &f3])["pooled"]);
        assert_eq!(with["layout"], "hwc");
    }
}

#[test]
fn bytes_that_lie_are_an_error() {
    let good = model(&[Tensor { name: "m", shape: &[1, 2, 2, 1], kind: INT8, quantised: Some((0.5, 3)) }]);
    let outputs = parse(&good).expect("a model");
    assert_eq!((outputs[0].dtype, outputs[0].quantised), (Some(Dtype::I8), Some((0.5, 3))));
    // Cut anywhere and with any byte changed: an error or another model, and never a panic.
    for at in 0..good.len() {
        let _ = parse(&good[..at]);
        for value in [0, 1, 0x7F, 0x80, 0xFF] {
            let mut changed = good.clone();
            changed[at] = value;
            let _ = parse(&changed);
        }
    }
    assert!(parse(&good[..good.len() / 2]).is_err());
}
