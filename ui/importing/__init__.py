"""The pieces of the import page: the file, what its columns and words mean, the check, and what was imported."""
