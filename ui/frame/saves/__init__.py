"""Saves: one click, one change; typed text kept; a second click of the same makes nothing twice."""
