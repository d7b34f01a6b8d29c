//! Who can still be drawn: all units of a roster except the spans that left.

/// Units of one member: `first` to `first + units − 1`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// The first unit.
    pub first: u64,
    /// How many.
    pub units: u64,
}

impl Span {
    /// Is this unit one of them?
    #[must_use]
    pub fn contains(&self, unit: u64) -> bool {
        unit.checked_sub(self.first).is_some_and(|offset| offset < self.units)
    }

    /// The first unit after it, if there can be one.
    fn end(&self) -> Option<u64> {
        self.first.checked_add(self.units)
    }
}

/// Units that can be drawn. Cost: one entry for each member that left, walked once for each pick.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pool {
    total: u64,
    units: u64,
    /// In the order of units, apart from each other.
    gone: Vec<Span>,
}

impl Pool {
    /// Everybody.
    #[must_use]
    pub fn new(total_units: u64) -> Self {
        Self { total: total_units, units: total_units, gone: Vec::new() }
    }

    /// Units that are left.
    #[must_use]
    pub fn units(&self) -> u64 {
        self.units
    }

    /// Takes a member out, for example one with enough seats. False, and nothing happens, if the span
    /// is empty, reaches out of the roster, or touches one that left before.
    pub fn remove(&mut self, span: Span) -> bool {
        let place = self.gone.partition_point(|gone| gone.first < span.first);
        let (Some(end), Some(left)) = (span.end(), self.units.checked_sub(span.units)) else {
            return false;
        };
        let before = place.checked_sub(1).and_then(|place| self.gone.get(place));
        let starts = before.and_then(Span::end).unwrap_or(0);
        let ends = self.gone.get(place).map_or(self.total, |after| after.first);
        if span.units == 0 || span.first < starts || end > ends {
            return false;
        }
        self.gone.insert(place, span);
        self.units = left;
        true
    }

    /// The unit with this number among those left, counted from 0.
    pub(super) fn unit_at(&self, offset: u64) -> Option<u64> {
        let mut unit = offset;
        for gone in &self.gone {
            if unit < gone.first {
                break;
            }
            unit = unit.checked_add(gone.units)?;
        }
        (unit < self.total).then_some(unit)
    }
}
