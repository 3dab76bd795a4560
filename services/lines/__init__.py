"""Lines: the one line of a matter and what is owed on it."""
