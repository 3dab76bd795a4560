"""What can be done: functions that take a Session first, decide permissions and rules, and write in one transaction."""
