//! The same classes in another order.

use super::judge::Fine;
use super::places::{GAIN, Placed};
use super::side::{Grid, Side};
use crate::model::{Mistake, Whose};

/// Pixels at which classes are set against each other.
const PIXELS: usize = 4096;

/// The order of the device's classes in which both maps agree best: Σmin over all pairs of classes, and the assignment
/// of classes to classes whose sum is greatest. Σp + Σt is the same in every order, so that this is the greatest
/// agreement of all orders.
pub fn order(device: &Side, float: &Side, grid: Grid, stationary: &Fine) -> Option<Placed> {
    let (classes, pixels) = (grid.classes, grid.pixels());
    if classes < 2 {
        return None;
    }
    let step = pixels.div_ceil(PIXELS);
    // Steps that share no factor with the width, or one column would be looked at alone.
    let step = (step..).find(|step| gcd(*step, grid.width) == 1).unwrap_or(1);
    let plane = |side: &Side, class: usize| -> Vec<f32> {
        let values = &side.values[class * pixels..][..pixels];
        values.iter().step_by(step).map(|v| if v.is_nan() { 0.0 } else { v.clamp(0.0, 1.0) }).collect()
    };
    let [of_device, of_float] =
        [device, float].map(|side| (0..classes).map(|class| plane(side, class)).collect::<Vec<_>>());
    // Costs, for the float model's class in each row: what is not shared. The order as given wins where all are alike.
    let cost: Vec<f64> = (0..classes * classes)
        .map(|at| {
            let (t, p) = (at / classes, at % classes);
            let shared: f32 = of_float[t].iter().zip(&of_device[p]).map(|(t, p)| t.min(*p)).sum();
            -f64::from(shared) - if t == p { 1e-3 } else { 0.0 }
        })
        .collect();
    let order = assign(&cost, classes);
    let moved: Vec<usize> = (0..classes).filter(|&class| order[class] != class).collect();
    if moved.is_empty() {
        return None;
    }
    let values: Vec<f32> = order.iter().flat_map(|&from| &device.values[from * pixels..][..pixels]).copied().collect();
    let fine = Fine::of(&values, grid).with(stationary);
    let shown =
        moved.iter().take(6).map(|&class| format!("{} as {class}", order[class])).collect::<Vec<_>>().join(", ");
    let more = if moved.len() > 6 { format!(" and {} more", moved.len() - 6) } else { String::new() };
    let mut message = format!(
        "the classes of the two sides are in different orders: read the device's class {shown}{more}; the maps do not say \
         which side is wrong: take the order of the classes from the model that was trained, and write the other's so"
    );
    if classes == 2 {
        message += " (of two classes that sum to 1 this is the same as 1 - p)";
    }
    Some(Placed {
        mistake: Mistake::ClassOrder,
        whose: Whose::Either,
        message,
        device: values,
        float: float.values.clone(),
        fine,
        margin: GAIN,
    })
}

const fn gcd(a: usize, b: usize) -> usize {
    if b == 0 { a } else { gcd(b, a % b) }
}

/// The column for each row whose costs sum to the least (Kuhn's method with potentials).
fn assign(cost: &[f64], size: usize) -> Vec<usize> {
    // Row and column 0 are the root of the search; `of[column]` is the row that has it.
    let (mut rows, mut columns) = (vec![0.0; size + 1], vec![0.0; size + 1]);
    let (mut of, mut before) = (vec![0; size + 1], vec![0; size + 1]);
    for row in 1..=size {
        of[0] = row;
        let mut column = 0;
        let mut least = vec![f64::INFINITY; size + 1];
        let mut done = vec![false; size + 1];
        while of[column] != 0 {
            done[column] = true;
            let (here, mut step, mut next) = (of[column], f64::INFINITY, 0);
            for other in (1..=size).filter(|&other| !done[other]) {
                let slack = cost[(here - 1) * size + other - 1] - rows[here] - columns[other];
                if slack < least[other] {
                    (least[other], before[other]) = (slack, column);
                }
                if least[other] < step {
                    (step, next) = (least[other], other);
                }
            }
            for other in 0..=size {
                if done[other] {
                    rows[of[other]] += step;
                    columns[other] -= step;
                } else {
                    least[other] -= step;
                }
            }
            column = next;
        }
        while column != 0 {
            of[column] = of[before[column]];
            column = before[column];
        }
    }
    let mut assigned = vec![0; size];
    (1..=size).for_each(|column| assigned[of[column] - 1] = column - 1);
    assigned
}

#[cfg(test)]
mod tests {
    use super::assign;

    #[test]
    fn the_least_of_all_orders_is_found() {
        let mut state = 1_u64;
        for _ in 0..50 {
            let cost: Vec<f64> = (0..16)
                .map(|_| {
                    state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                    (state >> 40) as f64
                })
                .collect();
            let total =
                |order: &[usize]| order.iter().enumerate().map(|(row, &column)| cost[row * 4 + column]).sum::<f64>();
            let mut least = f64::INFINITY;
            for at in 0..256_usize {
                let order = [at & 3, at >> 2 & 3, at >> 4 & 3, at >> 6];
                if (0..4).all(|column| order.contains(&column)) {
                    least = least.min(total(&order));
                }
            }
            assert!((total(&assign(&cost, 4)) - least).abs() < 1e-9);
        }
    }
}
