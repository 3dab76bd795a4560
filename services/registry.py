"""Importing this module arms every guard, hook and indicator; whoever moves matters imports it first."""

from services.flows.action import actions
from services.flows.deliberation import compliance, deliberations, meetings, publicities
from services.flows.issue import follow_ups, holds, issues, lessons, merges

__all__ = [
    "actions",
    "compliance",
    "deliberations",
    "follow_ups",
    "holds",
    "issues",
    "lessons",
    "meetings",
    "merges",
    "publicities",
]
