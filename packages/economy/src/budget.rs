//! Block rewards of an epoch.
