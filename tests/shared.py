"""Data that stays out of the repository: in the folder ``shared`` beside it, or where MULIN_SHARED, MULIN_REAL say."""

import os
from pathlib import Path

import pytest

from services.system.settings import ROOT

ABSENT = "The shared data is not there"


def _beside() -> Path:
    """The folder ``shared`` next to the checkout, or next to the folder of a worktree."""
    near = ROOT.parent / "shared"
    return near if near.is_dir() else ROOT.parent.parent / "shared"


SHARED = Path(os.environ.get("MULIN_SHARED", _beside()))
LEDGER = Path(os.environ.get("MULIN_REAL", SHARED / "real")) / "pingshan_2018.csv"
MECHANISMS = SHARED / "research" / "mechanisms.md"

needs_ledger = pytest.mark.skipif(
    not LEDGER.is_file(), reason=f"{ABSENT}: no real ledger at {LEDGER}; name its folder in MULIN_REAL."
)
needs_articles = pytest.mark.skipif(
    not MECHANISMS.is_file(), reason=f"{ABSENT}: no articles at {SHARED}; name the folder in MULIN_SHARED."
)
