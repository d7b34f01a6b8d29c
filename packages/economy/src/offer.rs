//! Draws and commitments of witnesses of offered contributions.
