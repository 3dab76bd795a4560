"""Source: somebody's file on the disk, its size, and its rows as plain lines."""
