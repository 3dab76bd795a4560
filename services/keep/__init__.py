"""Keep: copies and proofs: backups, and the check that nothing was changed since it was written."""
