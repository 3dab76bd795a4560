"""Flow files: the folders under data/flows, and those an office adds under flows/ of its local folder.

A folder is a flow; its name is the flow's code. The rows are read as they stand; ``services.engine`` says what they
mean and whether they may.
"""

import tomllib
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

from services.system import data_files
from services.system.settings import DATA, settings

SHIPPED = DATA / "flows"


@lru_cache
def folders() -> dict[str, Path]:
    """The folder of each flow by its code, in the order its ``flow.toml`` asks for."""
    found = {path.parent.name: path.parent for root in _roots() for path in sorted(root.glob("*/flow.toml"))}
    return dict(sorted(found.items(), key=lambda pair: (head(pair[1]).get("order", 99), pair[0])))


def own() -> tuple[str, ...]:
    """The flows an office has added in its local folder, by code."""
    return tuple(code for code, folder in folders().items() if folder.parent != SHIPPED)


def _roots() -> tuple[Path, ...]:
    return (SHIPPED, settings().local_folder / "flows")


def head(folder: Path) -> dict[str, Any]:
    """What ``flow.toml`` says; nothing where it can't be read, which ``services.engine.checks`` tells."""
    try:
        return tomllib.loads((folder / "flow.toml").read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        return {}


@lru_cache
def rows(name: str) -> tuple[dict[str, str], ...]:
    """The rows of every flow's file ``name``, each with ``flow`` and ``row``, its line in the file."""
    return tuple(row for flow, folder in folders().items() for row in _rows(flow, folder, name))


def _rows(flow: str, folder: Path, name: str) -> list[dict[str, str]]:
    if not (folder / name).is_file():
        return []
    return [{**row, "flow": flow, "row": str(at)} for at, row in enumerate(data_files.rows(name, folder), 2)]


@lru_cache
def shared(name: str) -> tuple[dict[str, str], ...]:
    """The rows of the file ``name`` beside the folders, which every flow has; an office's own come last."""
    return tuple(row for root in _roots() for row in _rows("", root, name))


def layered(name: str, key: str, own: Iterable[dict[str, str]]) -> dict[str, dict[str, str]]:
    """The shared rows and a flow's ``own`` by ``key``; what an own row leaves empty is as the shared one has it."""
    found = dict[str, dict[str, str]]()
    for row in (*shared(name), *own):
        said = {column: value for column, value in row.items() if value or column in ("flow", key)}
        found[row.get(key, "")] = found.get(row.get(key, ""), {}) | said
    return found


def forget() -> None:
    """Read the folders again when they are next asked for."""
    for kept in (folders, rows, shared):
        kept.cache_clear()
