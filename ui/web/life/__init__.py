"""The life of the process: what it does beside its answers, and how it ends."""
