"""Booking 场地预约: a venue, a room or a thing is asked for, for a time; approved where it is free."""
