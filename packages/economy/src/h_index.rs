//! An h-index kept in constant time.
