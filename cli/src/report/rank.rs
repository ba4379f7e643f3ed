//! Spearman's rank correlation, with equal values sharing their mean rank.

/// `None` of fewer than three points, or where one side does not vary.
#[must_use]
pub fn spearman(points: &[(f64, f64)]) -> Option<f64> {
    if points.len() < 3 {
        return None;
    }
    let (x, y): (Vec<f64>, Vec<f64>) = points.iter().copied().unzip();
    let (x, y) = (ranks(&x), ranks(&y));
    let middle = (points.len() as f64 + 1.0) / 2.0;
    let product = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| (a - middle) * (b - middle)).sum::<f64>();
    let spread = (product(&x, &x) * product(&y, &y)).sqrt();
    (spread > 0.0).then(|| product(&x, &y) / spread)
}

fn ranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|&a, &b| values[a].total_cmp(&values[b]));
    let mut ranks = vec![0.0; values.len()];
    let mut before = 0;
    for run in order.chunk_by(|&a, &b| values[a] == values[b]) {
        for &at in run {
            ranks[at] = before as f64 + (run.len() as f64 + 1.0) / 2.0;
        }
        before += run.len();
    }
    ranks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranks_by_hand() {
        assert_eq!(ranks(&[0.3, 0.1, 0.3, 0.9]), [2.5, 1.0, 2.5, 4.0]);
        assert_eq!(spearman(&[(0.1, 1.0), (0.2, 4.0), (0.3, 9.0)]), Some(1.0));
        assert_eq!(spearman(&[(0.1, 3.0), (0.2, 2.0), (0.3, 1.0)]), Some(-1.0));
        assert_eq!(spearman(&[(0.1, 1.0), (0.1, 2.0), (0.1, 3.0)]), None);
        assert_eq!(spearman(&[(0.1, 1.0)]), None);
    }
}
