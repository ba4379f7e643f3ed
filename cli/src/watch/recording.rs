use crate::error::{Failure, Outcome};
use crate::map::{Layout, Map};
use crate::read::{Container, Nature, Raw, Source};
use std::path::{Path, PathBuf};

/// A stack of frames, read one at a time: a recording of any length takes the memory of one frame.
pub struct Recording {
    source: Source<'static>,
    path: PathBuf,
    count: usize,
    height: usize,
    width: usize,
    at: usize,
}

impl Recording {
    /// The same, or a stack of rows of shape [N, M]: each is a frame of one row.
    ///
    /// # Errors
    ///
    /// As [`Self::open`].
    pub fn open_flat(path: &Path, raw: &Raw) -> Outcome<Self> {
        let source = Source::open(path, raw)?;
        match *source.shape() {
            [count, width] if !source.fortran() => {
                Ok(Self { source, path: path.into(), count, height: 1, width, at: 0 })
            }
            _ => Self::open(path, raw),
        }
    }

    /// Opens a stack of shape [N, H, W]; an axis of one class may be the second or the last.
    ///
    /// # Errors
    ///
    /// A file that is none, or another shape.
    pub fn open(path: &Path, raw: &Raw) -> Outcome<Self> {
        let source = Source::open(path, raw)?;
        let (count, height, width) = match *source.shape() {
            [n, h, w] | [n, 1, h, w] | [n, h, w, 1] => (n, h, w),
            [n, _, _, _] => {
                return Err(Failure::new(
                    format!("the shape {:?} has {n} frames of several classes", source.shape()),
                    "save the class to be watched as [frames, height, width]",
                )
                .at(path));
            }
            _ => {
                return Err(Failure::new(
                    format!("the shape {:?} is no stack of frames", source.shape()),
                    "a recording has frames, height and width; one map is for `score`",
                )
                .at(path));
            }
        };
        if source.fortran() {
            return Err(Failure::new("numbers in Fortran order", "save it with numpy.ascontiguousarray").at(path));
        }
        Ok(Self { source, path: path.into(), count, height, width, at: 0 })
    }

    /// Frames.
    pub const fn count(&self) -> usize {
        self.count
    }

    /// What kind of file it is, and the shape that it has.
    pub fn file(&self) -> (Container, Vec<usize>) {
        (self.source.container(), self.source.shape().to_vec())
    }

    /// Height and width.
    pub const fn size(&self) -> (usize, usize) {
        (self.height, self.width)
    }

    /// The next frame.
    ///
    /// # Errors
    ///
    /// The file ends within it.
    pub fn next(&mut self) -> Outcome<Option<Map>> {
        if self.at == self.count {
            return Ok(None);
        }
        let frame = self.at;
        self.at += 1;
        let (height, width, dtype) = (self.height, self.width, self.source.dtype());
        let values = self.source.take(height * width);
        let values = values.map_err(|failure| failure.frame(frame).at(&self.path))?;
        Ok(Some(Map { height, width, classes: 1, layout: Layout::Hw, dtype, values, nature: Nature::Numbers }))
    }
}
