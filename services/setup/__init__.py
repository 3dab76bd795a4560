"""Setup: areas, organisations, forums, venues and offices, typed in the browser; each change is told and taken back."""
