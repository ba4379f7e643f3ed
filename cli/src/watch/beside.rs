//! What lies beside a recording, frame by frame: masks, and the camera's picture.

use super::recording::Recording;
use crate::error::{Failure, Outcome};
use crate::map::{Layout, Map};
use crate::read::{Dtype, Nature, Raw, Values};
use std::path::{Path, PathBuf};

/// Masks: a byte a pixel, or a bit, lowest first, with each frame beginning a byte.
pub struct Masks {
    bytes: Recording,
    packed: bool,
    height: usize,
    width: usize,
}

impl Masks {
    /// Opens the masks of a recording: `.npy` of [frames, height, width], or bits of [frames, bytes]; without a header
    /// bytes or bits, told apart by the file's length.
    ///
    /// # Errors
    ///
    /// Another number of frames or pixels than the recording has.
    pub fn open(path: &Path, of: &Recording) -> Outcome<Self> {
        let (count, (height, width)) = (of.count(), of.size());
        let row = (height * width).div_ceil(8);
        let has_header = path.extension().is_some_and(|kind| kind.eq_ignore_ascii_case("npy"));
        if has_header {
            let bytes = Recording::open_flat(path, &Raw::default())?;
            let packed = bytes.size() == (1, row) && (height, width) != (1, row);
            if bytes.count() != count || !(packed || bytes.size() == (height, width)) {
                let [of, there] = [of, &bytes].map(|it| format!("{} frames of {:?}", it.count(), it.size()));
                return Err(
                    Failure::new(format!("{there}, and the recording has {of}"), "give a mask for each").at(path)
                );
            }
            return Ok(Self { bytes, packed, height, width });
        }
        let length = length(path)?;
        let packed = length == (count * row) as u64 && row != height * width;
        if !packed && length != (count * height * width) as u64 {
            let (bytes, bits) = (count * height * width, count * row);
            return Err(Failure::new(
                format!("{length} bytes of masks; {count} frames of {height}×{width} take {bytes}, or {bits} as bits"),
                "give a mask for each frame, a byte or a bit a pixel",
            )
            .at(path));
        }
        let shape = if packed { vec![count, 1, row] } else { vec![count, height, width] };
        let bytes = Recording::open(path, &Raw { dtype: Some(Dtype::U8), shape: Some(shape), ..Raw::default() })?;
        Ok(Self { bytes, packed, height, width })
    }

    /// How they were read, in words.
    pub const fn kind(&self) -> &'static str {
        if self.packed { "bits, the lowest first" } else { "a value a pixel" }
    }

    /// The next frame's mask.
    ///
    /// # Errors
    ///
    /// The file ends within it.
    pub fn next(&mut self) -> Outcome<Option<Map>> {
        let Some(map) = self.bytes.next()? else { return Ok(None) };
        if !self.packed {
            return Ok(Some(map));
        }
        let (height, width) = (self.height, self.width);
        let Values::U8(bytes) = map.values else {
            return Err(Failure::new("bit-packed masks that are no bytes", "save them as uint8"));
        };
        let bits = (0..height * width).map(|at| bytes.get(at / 8).map_or(0, |byte| byte >> (at % 8) & 1)).collect();
        Ok(Some(Map {
            height,
            width,
            classes: 1,
            layout: Layout::Hw,
            dtype: Dtype::U8,
            values: Values::U8(bits),
            nature: Nature::Numbers,
        }))
    }
}

/// Luma of the camera's pictures: of the map's size, or an integer multiple of it.
pub struct Pictures {
    frames: Recording,
    every: usize,
    path: PathBuf,
}

impl Pictures {
    /// Opens the pictures of a recording: `.npy` of u8 [frames, height, width], or bytes without a header.
    ///
    /// # Errors
    ///
    /// Another number of frames, or a size that is no multiple of the map's.
    pub fn open(path: &Path, of: &Recording) -> Outcome<Self> {
        let (count, (height, width)) = (of.count(), of.size());
        let has_header = path.extension().is_some_and(|kind| kind.eq_ignore_ascii_case("npy"));
        let raw = if has_header {
            Raw::default()
        } else {
            let length = length(path)?;
            let fits = |every: usize| length == (count * height * width * every * every) as u64;
            let every = (1..=64).find(|&every| fits(every)).ok_or_else(|| {
                Failure::new(
                    format!("{length} bytes are no luma of {count} frames of {height}×{width} or a multiple"),
                    "save the pictures as .npy of u8 [frames, height, width]",
                )
                .at(path)
            })?;
            Raw { dtype: Some(Dtype::U8), shape: Some(vec![count, height * every, width * every]), ..Raw::default() }
        };
        let frames = Recording::open(path, &raw)?;
        let size = frames.size();
        let every = size.0 / height.max(1);
        let fits = (1..=64).contains(&every) && size == (height * every, width * every);
        if !fits || frames.count() != count {
            return Err(Failure::new(
                format!(
                    "{} pictures of {size:?}, and the recording has {count} frames of {:?}",
                    frames.count(),
                    of.size()
                ),
                "give a picture for each frame, of the map's size or 2 to 64 times as wide and high",
            )
            .at(path));
        }
        Ok(Self { frames, every, path: path.into() })
    }

    /// Pixels of the picture in a row of one of the map.
    pub const fn every(&self) -> usize {
        self.every
    }

    /// The next picture's luma.
    ///
    /// # Errors
    ///
    /// The file ends within it, or holds other numbers than bytes.
    pub fn next(&mut self) -> Outcome<Option<Vec<u8>>> {
        match self.frames.next()?.map(|map| map.values) {
            None => Ok(None),
            Some(Values::U8(luma)) => Ok(Some(luma)),
            Some(_) => Err(Failure::new("pictures of other numbers than bytes", "save luma as uint8").at(&self.path)),
        }
    }
}

fn length(path: &Path) -> Outcome<u64> {
    let about = std::fs::metadata(path);
    let about = about.map_err(|error| Failure::new(crate::read::plain(&error), "check the path").at(path))?;
    Ok(about.len())
}
