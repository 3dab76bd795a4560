"""Processes: several serve one address, and whichever answers finds what another one has begun."""
