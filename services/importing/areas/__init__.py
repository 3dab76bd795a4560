"""Areas: a sheet or a drawn file becomes the tree of a place."""
