use super::camera::{Camera, Picture, Scaler};
use super::contour::{Contour, Readings};
use crate::error::Error;

/// What looks at the camera's picture: rows brought to the map's size, and the mask's contour on them.
#[derive(Debug)]
pub(super) struct Sight<'a> {
    pub scaler: Scaler<'a>,
    pub contour: Contour<'a>,
    /// Rows of the map.
    pub height: usize,
}

impl<'a> Sight<'a> {
    pub fn new(camera: Camera, memory: &'a mut [u8], pixels: usize) -> Result<Self, Error> {
        let width = camera.width;
        let height = pixels.checked_div(width).filter(|height| height.checked_mul(width) == Some(pixels));
        let height = height.ok_or(Error::Rows)?;
        if memory.len() < camera.bytes() {
            return Err(Error::Length);
        }
        let (rows, rest) = memory.split_at_mut_checked(Contour::bytes(width)).ok_or(Error::Length)?;
        Ok(Self { contour: Contour::new(width, rows)?, scaler: Scaler::new(camera, rest)?, height })
    }

    pub fn reset(&mut self) {
        self.contour.reset();
        self.scaler.reset();
    }

    /// The camera's rows, if the picture has them all.
    pub fn fits(&self, picture: Picture<'_>) -> Result<usize, Error> {
        let camera = self.scaler.camera();
        let rows = self.height.checked_mul(usize::from(camera.every)).ok_or(Error::Rows)?;
        if let Some(last) = rows.checked_sub(1) {
            picture.row(last, camera.row_bytes())?;
        }
        Ok(rows)
    }

    /// A whole picture, which [`Self::fits`], beside the bytes of a whole map: a mask from `cut` on once their bits `flip` are
    /// inverted.
    ///
    /// # Errors
    ///
    /// [`Error::Rows`] if the picture has not all its rows.
    pub fn whole(&mut self, picture: Picture<'_>, map: (&[u8], u8), cut: u16) -> Result<Readings, Error> {
        self.reset();
        let Self { scaler, contour, height } = self;
        let Camera { every, .. } = scaler.camera();
        let (bytes, width, (mut rest, flip)) = (scaler.camera().row_bytes(), contour.width(), map);
        for row in 0..*height * usize::from(every) {
            if scaler.row(picture.row(row, bytes)?, contour) {
                let (line, more) = rest.split_at_checked(width).ok_or(Error::Rows)?;
                rest = more;
                contour.end_everywhere(line, flip, cut);
            }
        }
        Ok(contour.end_whole().readings())
    }

    /// Takes the camera's next row, the `rows`-th, of a map whose first `ready` pixels are there: whether a row of the map's
    /// size is gathered, whose luma is in its place and whose mask lies from where it says on. With row 0 a picture begins, and
    /// what there was of another is forgotten.
    ///
    /// # Errors
    ///
    /// [`Error::Rows`] if the row has another length than the camera's, or there are more than belong to the map, or the
    /// map's row that it belongs to is not yet there. All is as it was.
    pub fn row(&mut self, row: &[u8], rows: usize, ready: usize) -> Result<Option<usize>, Error> {
        if rows == 0 {
            self.reset();
        }
        let Self { scaler, contour, height } = self;
        let (camera, width) = (scaler.camera(), contour.width());
        if row.len() != camera.row_bytes() || Some(rows) >= height.checked_mul(usize::from(camera.every)) {
            return Err(Error::Rows);
        }
        let at = contour.rows().checked_mul(width).ok_or(Error::Rows)?;
        if contour.rows() < *height && at.checked_add(width).is_none_or(|end| end > ready) {
            return Err(Error::Rows);
        }
        Ok(scaler.row(row, contour).then_some(at))
    }

    /// What was seen of the whole picture, once its last row is there.
    pub fn done(&mut self) -> Option<Readings> {
        (self.contour.rows() == self.height).then(|| self.contour.finish().readings())
    }
}
