"""Importing this module arms every guard, hook and indicator; whoever moves matters imports it first."""

from services import (
    actions,
    compliance,
    deliberations,
    follow_ups,
    holds,
    issues,
    meetings,
    merges,
    paused,
    publicities,
)

__all__ = [
    "actions",
    "compliance",
    "deliberations",
    "follow_ups",
    "holds",
    "issues",
    "meetings",
    "merges",
    "paused",
    "publicities",
]
