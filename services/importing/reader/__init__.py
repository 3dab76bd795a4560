"""The reader: runs in a limited child process, and is the only part that parses what somebody sent us."""
