//! The run as a picture.

use super::model::WatchReport;
use crate::report::{series, standalone};

/// As SVG, light or dark as the reader's system is.
#[must_use]
pub fn picture(report: &WatchReport) -> String {
    standalone(&series(report))
}
