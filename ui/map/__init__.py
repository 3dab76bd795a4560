"""Map: the map with its controls, legend and cards."""
