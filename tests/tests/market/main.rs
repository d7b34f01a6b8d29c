//! The market's behaviour, told by subject.

mod trading;
