"""Frame: what stands around every page: who it is for, its menu, filter, links and words."""
