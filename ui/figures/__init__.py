"""Figures: indicators, breakdowns and cards on the screen."""
