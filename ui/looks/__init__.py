"""Looks: the list, the board, the calendar and the biography of a place, for any flow."""
