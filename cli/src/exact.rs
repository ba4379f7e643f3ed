//! Sums of f64 that come out the same in any order: threads finish as they like, and the figures stay.

/// A sum in steps of 2⁻⁶⁰. A number below 2⁶⁰ is rounded to its step once, by at most 2⁻⁶¹; nothing after it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Exact(i128);

const STEPS: f64 = (1_u64 << 60) as f64;

impl Exact {
    /// Of nothing yet.
    pub const ZERO: Self = Self(0);

    /// One number.
    #[must_use]
    pub fn of(number: f64) -> Self {
        Self((number * STEPS).round() as i128)
    }

    /// One more sum.
    pub const fn add(&mut self, more: Self) {
        self.0 = self.0.saturating_add(more.0);
    }

    /// The nearest f64.
    #[must_use]
    pub const fn f64(self) -> f64 {
        self.0 as f64 / STEPS
    }
}

#[cfg(test)]
mod tests {
    use super::Exact;

    #[test]
    fn any_order_gives_the_same_bits() {
        let numbers: Vec<f64> = (1..1000).map(|n| f64::from(n).sqrt() * 1e3_f64.powi(n % 4 - 2)).collect();
        let sum = |numbers: &mut dyn Iterator<Item = &f64>| {
            let mut all = Exact::default();
            numbers.for_each(|&number| all.add(Exact::of(number)));
            all.f64()
        };
        let (there, back) = (sum(&mut numbers.iter()), sum(&mut numbers.iter().rev()));
        assert_eq!(there.to_bits(), back.to_bits());
        // What plain sums do not give: or this test would show nothing.
        assert_ne!(numbers.iter().sum::<f64>().to_bits(), numbers.iter().rev().sum::<f64>().to_bits());
        assert!((there - numbers.iter().sum::<f64>()).abs() < 1e-6);
    }
}
