"""Program: what runs here, by its own name."""

import tomllib
from functools import lru_cache

from services.system.settings import ROOT


@lru_cache
def version() -> str:
    """The version of the program, as its project file has it."""
    return str(tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"])
