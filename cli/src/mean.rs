//! The mean of what is defined.

/// As the numbers come.
#[derive(Clone, Debug)]
pub struct Mean {
    total: f64,
    count: usize,
}

impl Mean {
    /// Of nothing yet.
    pub const NONE: Self = Self { total: 0.0, count: 0 };

    /// Of all of these.
    pub fn of(numbers: impl IntoIterator<Item = Option<f64>>) -> Self {
        let mut mean = Self::NONE;
        numbers.into_iter().for_each(|number| mean.add(number));
        mean
    }

    /// One more; `None` leaves it as it is.
    pub fn add(&mut self, number: Option<f64>) {
        self.total += number.unwrap_or(0.0);
        self.count += usize::from(number.is_some());
    }

    /// Numbers in it.
    #[must_use]
    pub const fn count(&self) -> usize {
        self.count
    }

    /// `None` of nothing.
    #[must_use]
    pub fn value(&self) -> Option<f64> {
        (self.count > 0).then(|| self.total / self.count as f64)
    }
}
