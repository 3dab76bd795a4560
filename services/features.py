"""Importing this module arms every guard and hook of every flow; whoever moves matters imports it first."""

from services import actions, compliance, deliberations, follow_ups, issues, meetings, publicities

__all__ = ["actions", "compliance", "deliberations", "follow_ups", "issues", "meetings", "publicities"]
