"""Pure: no clock, environment, logging, network, files or randomness; data arrives as values."""
