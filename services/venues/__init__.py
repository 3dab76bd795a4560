"""Venues 阵地: what stands open, who is on duty, how many came, and how far it is to walk."""
