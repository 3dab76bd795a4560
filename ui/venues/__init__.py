"""Venues on the screen: the register, bookings, duties, headcounts, walking coverage."""
