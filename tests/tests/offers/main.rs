//! Offered contributions: offering, drawing, scoring, concluding, attacks, permissions, a walk.

mod attacks;
mod concluding;
mod drawing;
mod offering;
mod permissions;
mod scoring;
mod walk;
