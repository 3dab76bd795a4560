"""Seals 封签: what the program writes into any table people read is sealed in the same transaction. See docs/adr/0018."""
