"""Matters: finding them: one filter for list, map and figures, search, and what the forms offer."""
