"""Importing: somebody else's files become areas, organisations, venues, offices and matters."""
