"""Exporting: everything that leaves the program: lists, templates for imports, and the whole database."""
