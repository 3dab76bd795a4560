"""Public: what the public is told."""
