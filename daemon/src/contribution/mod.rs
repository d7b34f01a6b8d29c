//! Offered contributions: what a witness finds, and what it keeps between commit and reveal.
//!
//! | question | where |
//! |---|---|
//! | how good is the data | [`scored`] |
//! | what was committed to, and with which salt | [`kept`] |

pub mod kept;
pub mod scored;
