"""Other ways to show the same file, measured in the same run."""
