"""Cells: what one cell says: a date, a count, a degree, a word of ours, or a refusal."""
