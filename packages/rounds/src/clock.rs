//! When a phase may end, and which beacon round counts. Pure.

use cosmwasm_std::Timestamp;
use modelbond_interface::training::Window;

/// The block that a message runs in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Now {
    /// Its time.
    pub time: Timestamp,
    /// Its height.
    pub height: u64,
}

const NANOS: u64 = 1_000_000_000;

/// A window that opens now and takes at least `secs` and `blocks`. Times past the end of time stay there.
#[must_use]
pub fn window(now: Now, secs: u64, blocks: u32) -> Window {
    let ends_at = now.time.nanos().saturating_add(secs.saturating_mul(NANOS));
    Window {
        opened_at: now.time,
        ends_at: Timestamp::from_nanos(ends_at),
        ends_height: now.height.saturating_add(blocks.into()),
    }
}

/// Whether a window is over: its time has passed, and so many blocks that nobody was late because the
/// chain stood still.
#[must_use]
pub fn is_over(window: &Window, now: Now) -> bool {
    now.time >= window.ends_at && now.height >= window.ends_height
}

/// Whether the first half of a window's time has passed.
#[must_use]
pub fn is_second_half(window: &Window, now: Now) -> bool {
    let (start, end) = (window.opened_at.nanos(), window.ends_at.nanos());
    let half = end.saturating_sub(start) / 2;
    now.time.nanos() >= start.saturating_add(half)
}

/// The time whose beacon round counts for what is fixed now: the next multiple of `grid_secs` since
/// `start`, and `margin_secs` more. All blocks between two multiples give the same time, and it is
/// always ahead: nobody has seen that round, but for one who holds a central beacon's key. `None` past
/// the end of time, or without a grid.
#[must_use]
pub fn pin_at(start: Timestamp, grid_secs: u64, margin_secs: u64, now: Now) -> Option<Timestamp> {
    let grid = grid_secs.checked_mul(NANOS)?;
    let since = now.time.nanos().saturating_sub(start.nanos());
    let next = since.checked_div(grid)?.checked_add(1)?.checked_mul(grid)?;
    let at = start.nanos().checked_add(next)?.checked_add(margin_secs.checked_mul(NANOS)?)?;
    Some(Timestamp::from_nanos(at))
}
