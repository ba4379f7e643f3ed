//! Numbers of a map as they are decoded, in pieces: what is held grows by a piece, whatever a header promises, is never copied as it
//! grows, and is given back as it is read.

use std::collections::VecDeque;
use std::io::Read;

/// Bytes of a piece.
const PIECE: usize = 1 << 18;

/// Bytes, first in, first out.
#[derive(Default)]
pub(super) struct Pieces {
    pieces: VecDeque<Vec<u8>>,
    /// Bytes of the first piece that were read.
    read: usize,
    length: usize,
}

impl Pieces {
    /// Bytes that were put in.
    pub(super) const fn len(&self) -> usize {
        self.length
    }

    /// Puts bytes behind the others.
    pub(super) fn extend(&mut self, mut bytes: &[u8]) {
        self.length += bytes.len();
        while !bytes.is_empty() {
            if self.pieces.back().is_none_or(|last| last.len() >= PIECE) {
                self.pieces.push_back(Vec::with_capacity(PIECE));
            }
            let Some(last) = self.pieces.back_mut() else { return };
            let (now, later) = bytes.split_at(bytes.len().min(PIECE - last.len()));
            last.extend_from_slice(now);
            bytes = later;
        }
    }

    /// Puts a whole vector behind the others, without a copy.
    pub(super) fn push(&mut self, bytes: Vec<u8>) {
        self.length += bytes.len();
        self.pieces.push_back(bytes);
    }
}

impl Read for Pieces {
    fn read(&mut self, to: &mut [u8]) -> std::io::Result<usize> {
        let Some(first) = self.pieces.front() else { return Ok(0) };
        let left = &first[self.read..];
        let taken = left.len().min(to.len());
        to[..taken].copy_from_slice(&left[..taken]);
        self.read += taken;
        if self.read == first.len() {
            self.pieces.pop_front();
            self.read = 0;
            if taken == 0 && !to.is_empty() {
                return self.read(to);
            }
        }
        Ok(taken)
    }
}
