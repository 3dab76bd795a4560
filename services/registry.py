"""Importing this module arms every guard, hook and indicator; whoever moves matters imports it first."""

from services.figures import paused_share
from services.flows.action import actions
from services.flows.deliberation import compliance, deliberations, meetings, publicities, verdicts
from services.flows.issue import follow_ups, holds, issues, merges

__all__ = [
    "actions",
    "compliance",
    "deliberations",
    "follow_ups",
    "holds",
    "issues",
    "meetings",
    "merges",
    "paused_share",
    "publicities",
    "verdicts",
]
