"""Deliberation 议事: the pieces of the recorder, and of what a meeting decided."""
