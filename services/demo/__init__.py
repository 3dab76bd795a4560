"""Demo: the generated sample records of a place."""
