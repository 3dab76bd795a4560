"""Rights: who may do what, and the audit lines that say what was done outside any matter."""
