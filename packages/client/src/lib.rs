//! Typed client of a Modelbond deployment: query, sign, broadcast, confirm, events
