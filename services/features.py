"""Importing this module arms every guard, hook and indicator; whoever moves matters imports it first."""

from services import (
    actions,
    compliance,
    deliberations,
    durations,
    follow_ups,
    holds,
    issues,
    meetings,
    merges,
    paused,
    publicities,
    three_rates,
)

__all__ = [
    "actions",
    "compliance",
    "deliberations",
    "durations",
    "follow_ups",
    "holds",
    "issues",
    "meetings",
    "merges",
    "paused",
    "publicities",
    "three_rates",
]
