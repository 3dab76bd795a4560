"""Flows on the screen: one room each for what the generic page can't draw."""
