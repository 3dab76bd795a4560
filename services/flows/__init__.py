"""Flows: one room each for what a flow does that no row can say. Rooms don't know each other."""
