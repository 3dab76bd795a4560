"""Meetings 会议: recorded while they run, and held against the rules of the forum, where one holds them."""
