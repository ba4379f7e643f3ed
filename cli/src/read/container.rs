//! What a file is: by its first bytes, and where these say nothing by what its name ends in. What is not read is called by
//! its name, so that nobody looks for a mistake in the numbers.

use crate::error::Failure;
use serde::{Deserialize, Serialize};

/// A container that is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Container {
    /// numpy.save.
    Npy,
    /// numpy.savez: one array of it.
    Npz,
    /// Portable Network Graphics.
    Png,
    /// NIfTI-1, whole or compressed by gzip.
    Nifti,
    /// Tagged Image File Format, its first picture.
    Tiff,
    /// Numbers without a header.
    #[default]
    Raw,
}

impl Container {
    /// As in a message.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Npy => ".npy",
            Self::Npz => ".npz",
            Self::Png => "PNG",
            Self::Nifti => "NIfTI",
            Self::Tiff => "TIFF",
            Self::Raw => "raw file",
        }
    }
}

/// Endings of names that say what a file must be.
const ENDINGS: [(&str, Container); 8] = [
    ("npy", Container::Npy),
    ("npz", Container::Npz),
    ("png", Container::Png),
    ("nii", Container::Nifti),
    ("nii.gz", Container::Nifti),
    ("tif", Container::Tiff),
    ("tiff", Container::Tiff),
    ("hdr.gz", Container::Nifti),
];

/// First bytes that say what a file is.
const HEADS: [(&[u8], Container); 8] = [
    (b"\x93NUMPY", Container::Npy),
    (b"\x89PNG\r\n\x1a\n", Container::Png),
    (b"II*\0", Container::Tiff),
    (b"MM\0*", Container::Tiff),
    (b"II+\0", Container::Tiff),
    (b"MM\0+", Container::Tiff),
    (b"\x5c\x01\0\0", Container::Nifti),
    (b"\0\0\x01\x5c", Container::Nifti),
];

/// Containers that are not read: first bytes, name, what to do.
const OTHERS: [(&[u8], &str, &str); 16] = [
    (b"\xFF\xD8\xFF", "a JPEG", LOSSY),
    (b"BM", "a BMP picture", PICTURE),
    (b"GIF8", "a GIF picture", PICTURE),
    (b"P1", "a PBM picture", PICTURE),
    (b"P2", "a PGM picture", PICTURE),
    (b"P3", "a PPM picture", PICTURE),
    (b"P4", "a PBM picture", PICTURE),
    (b"P5", "a PGM picture", PICTURE),
    (b"P6", "a PPM picture", PICTURE),
    (b"RIFF", "a WebP picture or another RIFF file", PICTURE),
    (b"\x89HDF", "an HDF5 file", ARRAY),
    (b"NRRD", "an NRRD volume", ARRAY),
    (b"v/1\x01", "an OpenEXR picture", ARRAY),
    (b"MATLAB", "a MATLAB file", ARRAY),
    (b"\x80\x02", "a pickle", ARRAY),
    (b"\x80\x04", "a pickle", ARRAY),
];

/// The same by the ending, where the first bytes say nothing.
const OTHER_ENDINGS: [(&str, &str, &str); 12] = [
    ("csv", "a CSV table", ARRAY),
    ("txt", "a text", ARRAY),
    ("tsv", "a table", ARRAY),
    ("json", "a JSON file", ARRAY),
    ("pt", "a PyTorch file", ARRAY),
    ("pth", "a PyTorch file", ARRAY),
    ("pkl", "a pickle", ARRAY),
    ("dcm", "a DICOM file", ARRAY),
    ("mha", "a MetaImage", ARRAY),
    ("tflite", "a model, not a map", "give it as `--model`"),
    ("onnx", "a model, not a map", "run it, and save what it writes with numpy.save"),
    ("svg", "a drawing", PICTURE),
];

const ARRAY: &str = "save the array with numpy.save";
const PICTURE: &str = "save it as PNG";
const LOSSY: &str = "its compression changes the numbers of a map or mask: save it as PNG or .npy";

/// What the file is. `ending` is what its name ends in, in lower case; `described` says that type and shape are given.
///
/// # Errors
///
/// A container that is not read, or another than the name says.
pub fn container(head: &[u8], ending: &str, described: bool) -> Result<Container, Failure> {
    let named = ENDINGS.iter().find(|(of, _)| *of == ending).map(|&(_, container)| container);
    // Numbers may begin with any bytes: what is described and has no ending of its own is read as it is described.
    if named.is_none() && described {
        return Ok(Container::Raw);
    }
    let zipped = head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06");
    let found = HEADS.iter().find(|(of, _)| head.starts_with(of)).map(|&(_, container)| container);
    let found =
        found.or_else(|| (zipped && matches!(named, Some(Container::Npz | Container::Npy))).then_some(Container::Npz));
    let other = OTHERS.iter().find(|(of, ..)| head.starts_with(of)).map(|&(_, name, remedy)| (name, remedy));
    let other = other.or_else(|| zipped.then_some(("a zip archive", ARRAY)));
    match (named, found, other) {
        (_, Some(found), _) => Ok(found),
        (Some(named), None, Some((name, remedy))) => {
            Err(Failure::new(format!("its name says {}, and it is {name}", named.name()), remedy))
        }
        (Some(named), None, None) => Ok(named),
        (None, None, Some((name, remedy))) => Err(Failure::new(format!("{name} is not read"), remedy)),
        (None, None, None) if head.starts_with(b"\x1f\x8b") => {
            Err(Failure::new("a gzip file that is not named .nii.gz is not read", "unpack it first"))
        }
        (None, None, None) => match OTHER_ENDINGS.iter().find(|(of, ..)| *of == ending) {
            Some((_, name, remedy)) => Err(Failure::new(format!("{name} is not read"), remedy)),
            None => Err(Failure::new(
                "a file without a header",
                "give `--dtype` and `--shape` (of a target `--target-dtype`, `--target-shape`), or save it as .npy or PNG",
            )),
        },
    }
}

/// What a file's name ends in, in lower case: of `a.nii.gz` both.
#[must_use]
pub fn ending(path: &std::path::Path) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
    match name.rsplit_once('.') {
        Some((stem, "gz")) => match stem.rsplit_once('.') {
            Some((_, inner)) => format!("{inner}.gz"),
            None => "gz".into(),
        },
        Some((_, ending)) => ending.into(),
        None => String::new(),
    }
}

/// Whether a folder's file of this ending is a map: of those without a header, if they are described.
#[must_use]
pub fn readable(ending: &str, described: bool) -> bool {
    let named = ENDINGS.iter().any(|(of, _)| *of == ending);
    let other = OTHER_ENDINGS.iter().any(|(of, ..)| *of == ending) || PICTURES.contains(&ending);
    named || (described && !other)
}

/// Endings of pictures that are not read, and of what lies in folders beside maps.
const PICTURES: [&str; 14] =
    ["jpg", "jpeg", "bmp", "gif", "pgm", "ppm", "pbm", "webp", "md", "ini", "db", "xml", "yaml", "yml"];
