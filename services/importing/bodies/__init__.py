"""Bodies: a sheet becomes organisations, venues, offices or forums."""
