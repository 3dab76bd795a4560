"""Looks 看法: a board, a calendar and the biography of a place, of whatever flows there are."""
