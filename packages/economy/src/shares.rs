//! Who holds which weight of what accrues.
