"""Parts: what several flows share: parties, clauses, occasions, ledger, items and their uses, answers."""
