"""Target: the place an import goes into, there already or made from its name."""
