//! What of a payment goes where.
