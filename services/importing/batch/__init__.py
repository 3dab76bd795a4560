"""Batch: a file checked and written as a whole, remembered, and taken back as a whole."""
