"""Importing this module arms every guard and hook of every flow; whoever moves matters imports it first."""

from services import actions, compliance, deliberations, issues, meetings, merges, publicities

__all__ = ["actions", "compliance", "deliberations", "issues", "meetings", "merges", "publicities"]
