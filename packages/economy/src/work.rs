//! Segments of the line of work, and what they pay.
