use super::camera::{Camera, Picture, Scaler};
use super::contour::{Contour, Outlined};
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

    /// A whole picture beside a whole mask.
    pub fn look<L: Copy>(
        &mut self,
        picture: Picture<'_>,
        mask: &[L],
        foreground: impl Fn(L) -> bool,
    ) -> Result<Outlined, Error> {
        let rows = self.fits(picture)?;
        self.reset();
        let width = self.contour.width();
        let mut rest = mask;
        for row in 0..rows {
            let bytes = picture.row(row, self.scaler.camera().row_bytes())?;
            if let Some(luma) = self.scaler.row(bytes) {
                let (line, more) = rest.split_at_checked(width).unwrap_or_default();
                rest = more;
                self.contour.row(line.iter().map(|&label| foreground(label)), luma, None)?;
            }
        }
        Ok(self.contour.finish())
    }
}
