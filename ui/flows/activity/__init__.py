"""Activity 活动 on the screen: what only its list shows."""
