"""Lists: every list the program shows, as it leaves."""
