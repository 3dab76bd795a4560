"""Seals 封签: what the program writes into any table people read is sealed as it is written. See docs/adr/0018."""
