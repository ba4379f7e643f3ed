//! The worst frames of a recording: the device's mask, over the picture where there is one, and the map itself.

use super::figure::figure;
use super::look::enlarged;
use super::overlay::{self, Pixel};
use super::page::legend;
use crate::args::WatchArgs;
use crate::error::Outcome;
use crate::measure::{Cut, hard_planes};
use crate::target::Target;
use crate::watch::model::{Seen, WatchReport};
use crate::watch::{Again, again};
use maud::{Markup, html};
use std::collections::BTreeMap;

/// Frames that are shown.
const SHOWN: usize = 6;

/// The section; of a recording that cannot be read twice it says so.
pub fn worst(report: &WatchReport, args: &WatchArgs) -> Markup {
    let masks = report.target.is_some();
    let worth = |seen: &Seen| if masks { seen.hard } else { seen.confidence }.unwrap_or(-1.0);
    let mut order: Vec<&Seen> = report.frames.iter().filter(|seen| seen.refused.is_none()).collect();
    order.sort_by(|a, b| worth(a).total_cmp(&worth(b)).then(a.frame.cmp(&b.frame)));
    order.truncate(SHOWN);
    if order.is_empty() {
        return html! {};
    }
    let read = again(args, order.iter().map(|seen| seen.frame).collect());
    let drawn =
        read.and_then(|all| all.into_iter().map(|one| Ok((one.frame, pictures(&one, args)?))).collect::<Outcome<_>>());
    html! {
        section {
            h2 { "The worst frames" }
            @match drawn {
                Err(failure) => { p.note { "They cannot be shown, for the recording could not be read again: " (failure) "." } }
                Ok(drawn) => { (shown(&order, &drawn, masks, report.picture.is_some())) }
            }
        }
    }
}

fn shown(order: &[&Seen], drawn: &BTreeMap<usize, [Drawn; 2]>, masks: bool, picture: bool) -> Markup {
    let what = if masks { "hard Dice with the masks" } else { "confidence" };
    html! {
        p.note {
            "Those of least " (what) ". Left the device's mask" @if picture { " over the picture" }
            @if masks { ", and where the true one differs" } "; right the map, from black for 0 to white for 1."
        }
        @if masks { (legend(false)) }
        div.frames {
            @for seen in order {
                @if let Some(pictures) = drawn.get(&seen.frame) {
                    @let at = seen.frame;
                    figure {
                        figcaption {
                            strong { "frame " (at) } " " (format!("{:?}", seen.report.state)) ", confidence "
                            (figure(&format!("/frames/{at}/confidence"), seen.confidence))
                            @if masks { ", hard Dice " (figure(&format!("/frames/{at}/hard"), seen.hard)) }
                        }
                        @for (Drawn { address, size }, says) in pictures.iter().zip(["Mask", "Map"]) {
                            (enlarged(address, *size, &format!("{says} of frame {at}")))
                        }
                    }
                }
            }
        }
    }
}

/// A picture as an address, and its size.
struct Drawn {
    address: String,
    size: [usize; 2],
}

fn pictures(of: &Again, args: &WatchArgs) -> Outcome<[Drawn; 2]> {
    let Again { prediction, target, luma, every, .. } = of;
    let size = [prediction.map.height, prediction.map.width];
    // Without a true mask the device's own is all right: it is shown as what is foreground.
    let own = || Target::Mask(hard_planes(prediction, Cut::AtLeast(args.threshold)));
    let pixels: Vec<Pixel> = match target {
        Some(target) => overlay::pixels(prediction, target, args.threshold),
        None => overlay::pixels(prediction, &own(), args.threshold),
    };
    let mask = match luma {
        Some(luma) => overlay::over(&pixels, luma, size, *every)?,
        None => overlay::picture(&pixels, size[0], size[1])?,
    };
    let map = overlay::grey(&prediction.values(), size)?;
    Ok([mask, map].map(|address| Drawn { address, size }))
}
