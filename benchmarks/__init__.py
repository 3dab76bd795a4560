"""Measurements of the budgets in the design, side by side with peers, in one run."""
