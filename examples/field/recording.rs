//! A recording: maps, pictures, and what is true of every frame.

use crate::Outcome;
use npyz::NpyFile;
use serde_json::Value;
use soft_dice::I8;
use soft_dice::monitor::{Camera, Event, Frame, Monitor, Picture, Settings, Signal, State, Status, Watch};
use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};

/// The folder, and what its index says.
pub struct Field {
    folder: PathBuf,
    index: Value,
    /// All recordings, in order.
    pub names: Vec<String>,
}

/// One recording.
pub struct Recording {
    pub name: String,
    pub kind: String,
    pub network: String,
    pub width: usize,
    pub height: usize,
    element: I8,
    maps: Vec<i8>,
    lumas: Vec<u8>,
    /// Hard Dice with the reference; none where both are empty.
    pub dice: Vec<Option<f64>>,
    /// The reference is empty.
    pub vacant: Vec<bool>,
    /// The map's mask, as a share of the picture.
    pub area: Vec<f64>,
    pub onset: Option<usize>,
    pub mended: Option<usize>,
    pub first_lasting: Option<usize>,
    /// What a monitor is given of each frame, as the watch made it.
    pub frames: Vec<Frame>,
}

/// What was shown after a frame.
#[derive(Clone, Copy)]
pub struct Shown {
    pub state: State,
    pub event: Option<Event>,
    /// A signal that lay further below its baseline than its allowance.
    pub out: Option<Signal>,
}

/// The first signal that is out of its range, if any is.
pub fn out(monitor: &Monitor) -> Option<Signal> {
    Signal::ALL.into_iter().find(|&signal| {
        let Status { reading, baseline, allowance, .. } = monitor.signal(signal);
        reading.zip(baseline).is_some_and(|(reading, baseline)| baseline > reading.saturating_add(allowance))
    })
}

impl Field {
    pub fn open(folder: &Path) -> Outcome<Self> {
        let path = folder.join("field.json");
        let text = std::fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        let index: Value = serde_json::from_slice(&text)?;
        let recordings = index["recordings"].as_object().ok_or("no recordings")?;
        let mut names: Vec<String> = recordings.keys().cloned().collect();
        names.sort();
        Ok(Self { folder: folder.into(), names, index })
    }

    pub fn read(&self, name: &str) -> Outcome<Recording> {
        let about = &self.index["recordings"][name];
        let number = |key: &str| about[key].as_u64().map(|number| number as usize);
        let (width, height) = number("width").zip(number("height")).ok_or("no size")?;
        let count = number("frames").ok_or("no count")?;
        let element = &about["element"];
        let (scale, zero) = (element["scale"].as_f64().ok_or("no scale")?, element["zero_point"].as_i64());
        let dice: Vec<Option<f64>> = about["dice"].as_array().ok_or("no dice")?.iter().map(Value::as_f64).collect();
        let npy = |part: &str| -> Outcome<NpyFile<BufReader<File>>> {
            let path = self.folder.join(format!("{name}_{part}.npy"));
            let file = File::open(&path).map_err(|error| format!("{}: {error}", path.display()))?;
            Ok(NpyFile::new(BufReader::new(file))?)
        };
        let maps: Vec<i8> = npy("q8")?.into_vec()?;
        let lumas: Vec<u8> = npy("luma")?.into_vec()?;
        let bits: Vec<u8> = npy("ref")?.into_vec()?;
        let pixels = width * height;
        if maps.len() != count * pixels || lumas.len() != maps.len() || dice.len() != count {
            return Err(format!("{name}: not {count} frames of {height}×{width}").into());
        }
        let vacant = bits.chunks(pixels.div_ceil(8)).map(|mask| mask.iter().all(|&byte| byte == 0)).collect();
        let share = |map: &[i8]| map.iter().filter(|&&q| q >= 0).count() as f64 / pixels as f64;
        let mut recording = Recording {
            name: name.into(),
            kind: about["kind"].as_str().ok_or("no kind")?.into(),
            network: about["network"].as_str().ok_or("no network")?.into(),
            width,
            height,
            element: I8::new(scale as f32, zero.ok_or("no zero point")? as i32)?,
            area: maps.chunks(pixels).map(share).collect(),
            maps,
            lumas,
            dice,
            vacant,
            onset: number("onset"),
            mended: number("mended"),
            first_lasting: number("first_lasting"),
            frames: Vec::new(),
        };
        recording.frames = recording.seen()?;
        Ok(recording)
    }
}

impl Recording {
    /// Runs the library's watch, and keeps what it made of every frame.
    fn seen(&self) -> Outcome<Vec<Frame>> {
        let mut frames = Vec::new();
        self.watched(Settings::DEFAULT, |watch| frames.push(*watch.seen().expect("a frame was taken")))?;
        Ok(frames)
    }

    /// Puts every frame through a watch.
    pub fn watched(&self, settings: Settings, mut each: impl FnMut(&Watch<'_, I8>)) -> Outcome<Vec<Shown>> {
        let pixels = self.width * self.height;
        let camera = Camera::luma(self.width);
        let (mut buffer, mut memory) = (vec![0; pixels], vec![0; camera.bytes()]);
        let mut watch = Watch::<I8>::new(self.element, &mut buffer, settings)?.seeing(camera, &mut memory)?;
        let mut shown = Vec::with_capacity(self.dice.len());
        for (map, luma) in self.maps.chunks(pixels).zip(self.lumas.chunks(pixels)) {
            let event = watch.frame_with(map, Picture::new(luma, self.width))?;
            each(&watch);
            shown.push(Shown { state: watch.state(), event, out: out(watch.monitor()) });
        }
        Ok(shown)
    }
}
