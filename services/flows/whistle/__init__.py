"""Whistle 吹哨: what no row can say of it."""
