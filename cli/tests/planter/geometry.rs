//! Mistakes in where a number lies.

use super::{Base, Draw, File, Kind, Numbers, Plant, recording};

/// Of either side: `to` tells for each place (row, column, class) which number comes there, `None` for a blank one.
fn rearranged(base: &Base, on_float: bool, to: impl Fn(usize, usize, usize) -> Option<usize>) -> Plant {
    let healthy = base.plant();
    let mut from = Vec::with_capacity(base.float.len());
    for y in 0..base.height {
        for x in 0..base.width {
            from.extend((0..base.classes).map(|class| to(y, x, class)));
        }
    }
    if on_float {
        let values = from.iter().map(|at| at.map_or(0.0, |at| base.float[at])).collect();
        return Plant { float: vec![base.float_file(values)], ..healthy };
    }
    let blank = if base.logits { -128 } else { base.zero_point as i8 };
    let codes = from.iter().map(|at| at.map_or(blank, |at| base.codes[at])).collect();
    Plant { device: vec![base.device_file(codes)], ..healthy }
}

/// What this kind does to a pair.
pub fn moved(kind: Kind, base: &Base, draw: &mut Draw) -> Option<Plant> {
    let [height, width, classes] = base.sizes();
    let place = move |y: usize, x: usize, class: usize| (y * width + x) * classes + class;
    let on_float = draw.yes();
    let side = if on_float { "float model" } else { "device" };
    let (plant, what) = match kind {
        Kind::Layout => {
            if classes < 2 {
                return None;
            }
            // Planes, in a file whose shape says that the classes lie together.
            let planes = move |y: usize, x: usize, class: usize| {
                let at = place(y, x, class);
                Some(at % (height * width) * classes + at / (height * width))
            };
            (rearranged(base, on_float, planes), format!("planes of the {side} in a file of interleaved shape"))
        }
        Kind::Transposed => {
            // Columns one after another, in a file whose shape says rows.
            let columns = move |y: usize, x: usize, class: usize| {
                let at = y * width + x;
                Some(place(at % height, at / height, class))
            };
            (rearranged(base, on_float, columns), format!("columns of the {side} written as rows"))
        }
        Kind::Flip => {
            let upside_down = draw.yes();
            let mirrored = move |y: usize, x: usize, class: usize| {
                Some(if upside_down { place(height - 1 - y, x, class) } else { place(y, width - 1 - x, class) })
            };
            let how = if upside_down { "upside down" } else { "left to right" };
            (rearranged(base, on_float, mirrored), format!("the {side} mirrored {how}"))
        }
        Kind::Turn => turned(base, on_float, draw),
        Kind::Stride => {
            let padded = width + draw.whole(1, (width / 2) as i64) as usize;
            let rows = move |y: usize, x: usize, class: usize| {
                let at = y * width + x;
                (at % padded < width).then(|| place(at / padded, at % padded, class))
            };
            (rearranged(base, on_float, rows), format!("rows of the {side} are {padded} apart and read as {width}"))
        }
        Kind::ClassOrder => {
            if classes < 2 {
                return None;
            }
            let order = order(classes, draw);
            let how = format!("classes of the {side} in the order {order:?}");
            (rearranged(base, on_float, move |y, x, class| Some(place(y, x, order[class]))), how)
        }
        Kind::Shift => {
            let most = |side: usize| (side / 8).max(1) as i64;
            let (down, right) = (draw.whole(-most(height), most(height)), draw.whole(-most(width), most(width)));
            let edge = draw.index(3);
            let along = move |at: usize, by: i64, side: usize| {
                let from = at as i64 - by;
                match edge {
                    0 => usize::try_from(from).ok().filter(|&from| from < side),
                    1 => Some(from.rem_euclid(side as i64) as usize),
                    _ => Some(from.clamp(0, side as i64 - 1) as usize),
                }
            };
            let shifted = move |y: usize, x: usize, class: usize| {
                Some(place(along(y, down, height)?, along(x, right, width)?, class))
            };
            let how = ["blank", "wrapped", "repeated"][edge];
            (rearranged(base, on_float, shifted), format!("the {side} shifted by {down}, {right}, edges {how}"))
        }
        _ => return resized(base, draw),
    };
    Some(Plant { what, ..plant })
}

/// A quarter turn, in a file of the turned shape, or a half turn.
fn turned(base: &Base, on_float: bool, draw: &mut Draw) -> (Plant, String) {
    let [height, width, classes] = base.sizes();
    let side = if on_float { "float model" } else { "device" };
    let quarters = draw.whole(1, 3);
    if quarters == 2 {
        let half =
            move |y: usize, x: usize, class: usize| Some(((height - 1 - y) * width + width - 1 - x) * classes + class);
        return (rearranged(base, on_float, half), format!("the {side} turned by a half"));
    }
    // Row y, column x of the turned map, which has `width` rows and `height` columns.
    let from = |y: usize, x: usize| {
        let (row, column) = if quarters == 1 { (height - 1 - x, y) } else { (x, width - 1 - y) };
        (row * width + column) * classes
    };
    let places = (0..width).flat_map(|y| (0..height).map(move |x| (y, x)));
    let from: Vec<usize> = places.flat_map(|(y, x)| (0..classes).map(move |class| from(y, x) + class)).collect();
    let mut plant = base.plant();
    let file = if on_float { &mut plant.float[0] } else { &mut plant.device[0] };
    file.shape.swap(0, 1);
    match &mut file.numbers {
        Numbers::F32(values) => *values = from.iter().map(|&at| values[at]).collect(),
        Numbers::I8(codes) => *codes = from.iter().map(|&at| codes[at]).collect(),
        Numbers::U8(codes) => *codes = from.iter().map(|&at| codes[at]).collect(),
    }
    let way = if quarters == 1 { "clockwise" } else { "counter-clockwise" };
    (plant, format!("the {side} turned by a quarter {way}"))
}

/// Reversed, background first for last, or two classes exchanged.
fn order(classes: usize, draw: &mut Draw) -> Vec<usize> {
    let mut order: Vec<usize> = (0..classes).collect();
    match draw.index(3) {
        0 => order.reverse(),
        1 => order.rotate_left(1),
        _ => order.swap(0, draw.whole(1, classes as i64 - 1) as usize),
    }
    order
}

/// The device's map made smaller and enlarged again, with pixel centres where another convention has them.
fn resized(base: &Base, draw: &mut Draw) -> Option<Plant> {
    let [height, width, classes] = base.sizes();
    let by = draw.of(&[2_usize, 4]);
    if height < 24 * by || width < 24 * by || base.logits {
        return None;
    }
    let (rows, columns) = (height / by, width / by);
    let code = |y: usize, x: usize, class: usize| f64::from(base.codes[(y * width + x) * classes + class]);
    let mut small = vec![0.0; rows * columns * classes];
    for (at, mean) in small.iter_mut().enumerate() {
        let (y, x, class) = (at / classes / columns, at / classes % columns, at % classes);
        let square = (0..by * by).map(|within| code(y * by + within / by, x * by + within % by, class));
        *mean = square.sum::<f64>() / (by * by) as f64;
    }
    let corners = draw.yes();
    // Where the small map's row of a row of the large one is; with centres at (n + ½) it would be (y + ½)/by − ½.
    let along = |at: usize, large: usize, small: usize| {
        let place = if corners { at as f64 * (small - 1) as f64 / (large - 1) as f64 } else { at as f64 / by as f64 };
        let first = (place.floor() as usize).min(small - 1);
        (first, (first + 1).min(small - 1), place - place.floor())
    };
    let mut codes = Vec::with_capacity(base.codes.len());
    for y in 0..height {
        let (top, bottom, down) = along(y, height, rows);
        for x in 0..width {
            let (left, right, over) = along(x, width, columns);
            for class in 0..classes {
                let at = |y: usize, x: usize| small[(y * columns + x) * classes + class];
                let [above, below] = [top, bottom].map(|y| at(y, left) * (1.0 - over) + at(y, right) * over);
                codes.push((above * (1.0 - down) + below * down).round() as i8);
            }
        }
    }
    let how = if corners { "corners aligned" } else { "no half pixel" };
    let what = format!("the device's map enlarged {by} times with {how}");
    Some(Plant { what, device: vec![base.device_file(codes)], ..base.plant() })
}

/// A folder whose device files are some frames late: the float model is the recording without rounding errors.
pub fn late(draw: &mut Draw) -> Plant {
    let ([height, width], frames) = recording();
    let count = draw.whole(6, 10) as usize;
    // The camera pans in the first frames, and the maps fail from 30 on.
    let (first, by) = (draw.whole(1, 16) as usize, draw.of(&[-1, 1]));
    let file = |numbers| File { shape: vec![height, width], numbers };
    // A float twin does not round, and differs from its device by noise.
    let mut noisy = |frame: usize| {
        let value = |&code: &i8| ((f64::from(code) + 128.0 + draw.real(-2.0, 2.0)) / 256.0).clamp(0.0, 1.0) as f32;
        file(Numbers::F32(frames[frame].iter().map(value).collect()))
    };
    let float = (0..count).map(|at| noisy(first + at)).collect();
    let device =
        (0..count).map(|at| file(Numbers::I8(frames[(first + at).saturating_add_signed(by)].clone()))).collect();
    Plant {
        what: format!("recording: {count} frames from {first} on, the device's {by:+} frame"),
        float,
        device,
        options: "--tflite".into(),
    }
}
