"""The setup on the screen: forms for areas, organisations, forums, venues and posts; the changes; the first steps."""
