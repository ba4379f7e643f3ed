//! The worst frames: what was found, made up and missed, and where.

use super::page::{Picture, Tiles, Value};
use super::{colour, overlay, shown};
use maud::{Markup, html};

pub fn pictures(pictures: &[Picture]) -> Result<Markup, png::EncodingError> {
    let frames = pictures.iter().map(picture).collect::<Result<Vec<_>, _>>()?;
    let tiled = pictures.iter().any(|picture| picture.tiles.is_some());
    Ok(html! {
        section {
            h2 { "The worst frames" }
            p.note {
                "Where there is nothing to find, the prediction itself in grey."
                @if tiled { " On the right the soft Dice of each tile: pale is 0.8, hatched has nothing to score." }
            }
            div.key {
                @for (name, colour) in [
                    ("found (true positive)", colour::TRUE_POSITIVE),
                    ("made up (false positive)", colour::FALSE_POSITIVE),
                    ("missed (false negative)", colour::FALSE_NEGATIVE),
                    ("left out", colour::LEFT_OUT),
                ] {
                    span { b style={ "background:" (colour::hex(colour)) } {} (name) }
                }
            }
            div.pictures { @for frame in &frames { (frame) } }
        }
    })
}

fn picture(picture: &Picture) -> Result<Markup, png::EncodingError> {
    let (address, width, height) = overlay::png(picture)?;
    Ok(html! {
        figure {
            div.frame style=[picture.tiles.is_none().then_some("grid-template-columns:1fr")] {
                img src=(address) width=(width) height=(height) alt={ "errors of " (picture.name) };
                @if let Some(tiles) = &picture.tiles { (map(tiles, picture)) }
            }
            figcaption { (picture.name) " " span { "soft Dice " (shown(Value::Score(picture.score))) } }
        }
    })
}

/// Each tile in the colour of its score, in the proportions of the picture.
fn map(tiles: &Tiles, picture: &Picture) -> Markup {
    let columns = tiles.columns.max(1);
    let rows = tiles.scores.len().div_ceil(columns).max(1);
    let (width, height) = (picture.width.max(1) as f64, picture.height.max(1) as f64);
    let (across, down) = (width / columns as f64, height / rows as f64);
    html! {
        svg viewBox={ "0 0 " (width) " " (height) } role="img" aria-label={ "soft Dice of each tile of " (picture.name) } {
            defs {
                pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)" {
                    rect width="6" height="6" style="fill:var(--track)" {}
                    line x1="0" y1="0" x2="0" y2="6" style="stroke:var(--line);stroke-width:3" {}
                }
            }
            @for (at, score) in tiles.scores.iter().enumerate() {
                @let fill = score.map_or_else(|| String::from("url(#hatch)"), |score| colour::hex(colour::ramp(score)));
                rect x=(format!("{:.2}", (at % columns) as f64 * across)) y=(format!("{:.2}", (at / columns) as f64 * down))
                    width=(format!("{:.2}", across * 0.97)) height=(format!("{:.2}", down * 0.97)) fill=(fill) {
                    title { "row " (at / columns) ", column " (at % columns) ": " (shown(Value::Score(*score))) }
                }
            }
        }
    }
}
