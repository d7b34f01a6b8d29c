//! A model token that is its own bonding curve
