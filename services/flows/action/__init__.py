"""Action item 行动项: what a resolution promises, until it is accepted."""
