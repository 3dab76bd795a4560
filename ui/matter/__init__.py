"""Matter: the pieces of a matter's page: facts, steps, timeline, line."""
