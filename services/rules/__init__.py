"""Rules: what the book says: quorums, limits, calendars and clocks, each with its source."""
