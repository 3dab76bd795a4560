"""Places: where: the tree of areas with their boundaries, and the place packs they come from."""
