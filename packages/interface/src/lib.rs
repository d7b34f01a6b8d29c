//! Messages, responses and typed events of every Modelbond contract
