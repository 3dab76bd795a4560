"""Importing this module arms every guard, hook and indicator; whoever moves matters imports it first."""

from services.engine import guards, links
from services.figures import paused_share
from services.flows.action import actions
from services.flows.deliberation import compliance, deliberations, meetings, on_the_line, publicities
from services.flows.issue import follow_ups, holds, issues, merges
from services.matters import search

__all__ = [
    "actions",
    "compliance",
    "deliberations",
    "follow_ups",
    "guards",
    "holds",
    "issues",
    "links",
    "meetings",
    "merges",
    "on_the_line",
    "paused_share",
    "publicities",
    "search",
]
