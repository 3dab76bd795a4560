"""System: the database, its schema, settings, time, refusals: what everything else stands on."""
