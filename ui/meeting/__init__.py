"""Meeting: the pieces of the recorder and of what a meeting decided."""
