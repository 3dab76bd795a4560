"""Flow: the engine: states and arrows as data, the events they leave, the deadlines they set."""
