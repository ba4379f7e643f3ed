//! What is known of each file, kept on disk: memory does not grow with a folder but for 32 bytes a file.

use crate::error::{Failure, Outcome};
use crate::read::plain;
use serde::de::DeserializeOwned;
use serde::ser::{Error, SerializeSeq};
use serde::{Serialize, Serializer};
use std::io::{Read, Seek, SeekFrom, Write};
use std::marker::PhantomData;
use std::sync::{Mutex, PoisonError};
use tempfile::SpooledTempFile;

/// Bytes until which no file is begun: a few dozen files' scores.
const IN_MEMORY: usize = 1 << 15;

/// Where one item lies, and what it is ranked by.
#[derive(Clone, Copy, Debug)]
struct Place {
    worth: f64,
    at: u64,
    length: u32,
    /// Of a file, and of a frame in it: what is kept comes back in this order.
    number: u32,
    frame: u32,
}

/// Items that are written once, by any thread, and read one at a time. The file has no name and goes with the run.
#[derive(Debug)]
pub struct Spool<T> {
    places: Vec<Place>,
    lines: Mutex<SpooledTempFile>,
    items: PhantomData<fn() -> T>,
}

/// Of a run that has begun: each item once, in any order.
#[derive(Debug)]
pub struct Filling<T> {
    kept: Mutex<Spool<T>>,
}

impl<T: Serialize + DeserializeOwned> Filling<T> {
    /// Room for that many.
    #[must_use]
    pub fn new(items: usize) -> Self {
        let places = Vec::with_capacity(items);
        let lines = Mutex::new(SpooledTempFile::new(IN_MEMORY));
        Self { kept: Mutex::new(Spool { places, lines, items: PhantomData }) }
    }

    /// Keeps the item of this number. The lesser `worth` ranks first; what has none ranks last.
    ///
    /// # Errors
    ///
    /// A full disk.
    pub fn keep(&self, number: usize, worth: Option<f64>, item: &T) -> Outcome<()> {
        self.keep_frame(number, 0, worth, item)
    }

    /// The same of a frame in a file.
    ///
    /// # Errors
    ///
    /// As [`Self::keep`].
    pub fn keep_frame(&self, number: usize, frame: usize, worth: Option<f64>, item: &T) -> Outcome<()> {
        let many = |_| Failure::new("more files or frames than can be counted", "score them in parts");
        let (number, frame) = (u32::try_from(number).map_err(many)?, u32::try_from(frame).map_err(many)?);
        let line = serde_json::to_vec(item).map_err(|error| Failure::new(error, "report this"))?;
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let Spool { places, lines, .. } = &mut *kept;
        let lines = lines.get_mut().unwrap_or_else(PoisonError::into_inner);
        let at = lines.seek(SeekFrom::End(0)).and_then(|at| lines.write_all(&line).map(|()| at)).map_err(unkept)?;
        let length = u32::try_from(line.len()).map_err(many)?;
        places.push(Place { worth: worth.unwrap_or(f64::INFINITY), at, length, number, frame });
        Ok(())
    }

    /// All of them, in order of their numbers.
    #[must_use]
    pub fn done(self) -> Spool<T> {
        let mut kept = self.kept.into_inner().unwrap_or_else(PoisonError::into_inner);
        kept.places.sort_unstable_by_key(|place| (place.number, place.frame));
        kept
    }
}

impl<T: Serialize + DeserializeOwned> Spool<T> {
    /// The worst first; equals stay in order.
    #[must_use]
    pub fn worst_first(mut self) -> Self {
        self.places.sort_by(|a, b| a.worth.total_cmp(&b.worth));
        self
    }

    /// What each is ranked by; infinite where there is nothing.
    pub fn worths(&self) -> impl Iterator<Item = f64> + '_ {
        self.places.iter().map(|place| place.worth)
    }

    /// Items.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.places.len()
    }

    /// None.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// The item of this rank, read again.
    ///
    /// # Errors
    ///
    /// A disk that fails.
    pub fn get(&self, rank: usize) -> Outcome<Option<T>> {
        self.places.get(rank).map(|place| self.read(*place)).transpose()
    }

    /// All, one at a time.
    pub fn each(&self) -> impl Iterator<Item = Outcome<T>> + '_ {
        self.places.iter().map(|place| self.read(*place))
    }

    /// The first of them.
    ///
    /// # Errors
    ///
    /// As [`Self::get`].
    pub fn first(&self, most: usize) -> Outcome<Vec<T>> {
        self.each().take(most).collect()
    }

    fn read(&self, place: Place) -> Outcome<T> {
        let mut line = vec![0; place.length as usize];
        let mut lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        lines.seek(SeekFrom::Start(place.at)).and_then(|_| lines.read_exact(&mut line)).map_err(unkept)?;
        serde_json::from_slice(&line).map_err(|error| Failure::new(error, "report this"))
    }
}

fn unkept(error: std::io::Error) -> Failure {
    let what = format!("the folder for temporary files: {}", plain(&error));
    Failure::new(what, "free some space there, or name another folder in TMPDIR")
}

/// A list, as if all were in memory.
impl<T: Serialize + DeserializeOwned> Serialize for Spool<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(Some(self.places.len()))?;
        for item in self.each() {
            list.serialize_element(&item.map_err(S::Error::custom)?)?;
        }
        list.end()
    }
}

#[cfg(test)]
mod tests {
    use super::{Filling, IN_MEMORY};

    #[test]
    fn comes_back_in_order_and_then_worst_first_with_what_has_no_worth_last() {
        // Enough of them that a file is begun.
        let long = "x".repeat(IN_MEMORY / 3);
        let items = [Some(0.1 + 0.2), None, Some(0.1), Some(0.3), Some(0.1), Some(-1.0e-17)];
        let filling = Filling::new(items.len());
        for number in [4, 0, 5, 2, 1, 3] {
            filling.keep(number, items[number], &(number, items[number], long.clone())).expect("kept");
        }
        let spool = filling.done();
        let numbers = |spool: &super::Spool<(usize, Option<f64>, String)>| -> Vec<usize> {
            spool.each().map(|item| item.expect("read").0).collect()
        };
        assert_eq!(numbers(&spool), [0, 1, 2, 3, 4, 5]);
        for (number, worth) in items.into_iter().enumerate() {
            let (_, read, text) = spool.get(number).expect("read").expect("kept");
            assert_eq!((read.map(f64::to_bits), text.len()), (worth.map(f64::to_bits), long.len()));
        }
        let spool = spool.worst_first();
        assert_eq!(numbers(&spool), [5, 2, 4, 3, 0, 1]);
        assert_eq!(spool.get(6), Ok(None));
        assert_eq!(spool.first(2).map(|items| items.len()), Ok(2));
        assert_eq!(serde_json::to_value(&spool).expect("JSON").as_array().map(Vec::len), Some(items.len()));
    }
}
