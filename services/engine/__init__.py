"""Engine: states and arrows as data, the moves along them, the events they leave, the deadlines they set."""
