"""Words: the officials' own terms in both languages, and what is written cleaned and read."""
