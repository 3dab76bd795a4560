"""Importing this module arms every guard, hook and indicator; whoever moves matters imports it first."""

from services import actions, compliance, deliberations, holds, issues, meetings, paused, publicities

__all__ = ["actions", "compliance", "deliberations", "holds", "issues", "meetings", "paused", "publicities"]
