"""Desk: what needs me today, reminder sheets, rules, limits, calendar, the chain."""
