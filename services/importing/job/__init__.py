"""Job: one run of one file, and the report of what it did or would do."""
