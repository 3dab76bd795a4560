"""Deliberation 议事: a topic taken to a forum, decided, put on notice, carried out and judged."""
