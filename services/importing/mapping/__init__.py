"""Mapping: what the columns and words of a file mean here."""
