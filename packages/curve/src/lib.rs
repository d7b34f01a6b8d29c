//! Integer mathematics of a model's market: curves, multiplier, momentum, limiter, streams
