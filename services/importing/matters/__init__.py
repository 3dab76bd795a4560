"""Matters: a ledger becomes matters with their first events."""
