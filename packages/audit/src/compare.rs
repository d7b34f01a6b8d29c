//! Books against what contracts answer.

mod market;

pub use market::{compare_market, MarketAnswers};
