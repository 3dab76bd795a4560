"""What the pages of the registers draw."""
