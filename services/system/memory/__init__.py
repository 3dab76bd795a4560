"""Memory: what a process keeps of what it has worked out, and what that weighs."""
