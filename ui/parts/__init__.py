"""Parts on the screen: clauses with their versions and citations, occasions, for whatever flow has them."""
