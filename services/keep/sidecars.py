"""Sidecars: what stands beside a backup: its checksum, as sha256sum reads it, and in remarks what it was taken of."""

import re
from pathlib import Path

from services.keep.anchor_text import Anchor
from services.keep.known_anchors import Mark, written
from services.system import private_files
from services.system.errors import Refused

_SAID = re.compile(r"^#?[ \t]*(?P<name>anchor|key|mark):(?P<told>.+)$", re.MULTILINE | re.IGNORECASE)


def beside(path: Path) -> Path:
    """Where the sidecar of a backup stands."""
    return path.with_name(f"{path.name}.sha256")


def write(path: Path, digest: str, anchor: Anchor, mark: Mark) -> None:
    """Write the sidecar of the backup at ``path``."""
    lines = (f"{digest}  {path.name}", f"# anchor: {anchor.text}", f"# key: {mark.key}", f"# mark: {written(mark)}")
    private_files.write(beside(path), "".join(f"{line}\n" for line in lines))


def digest(path: Path) -> str:
    """The checksum that the sidecar of ``path`` tells; Refused where there is none."""
    if not beside(path).is_file():
        raise Refused("The checksum {name} is missing. Put it beside the backup.", name=beside(path).name)
    return next(iter(beside(path).read_text(encoding="utf-8", errors="replace").split()), "")


def said(path: Path) -> dict[str, str]:
    """What a sidecar, or any text with such lines, says: ``anchor``, ``key``, ``mark``."""
    text = path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""
    return {found["name"].lower(): found["told"].strip() for found in _SAID.finditer(text)}
