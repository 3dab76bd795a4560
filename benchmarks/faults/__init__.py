"""Faults: the program is killed, crowded, blocked, upgraded and driven to its limits; what was told stays."""
