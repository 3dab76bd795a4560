"""Flows of a test's own: folders under the office's local folder, read anew and forgotten again."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from services.engine import flows
from services.system.settings import settings

ROLES = "secretary,staff,grid_worker,viewer"


def write(code: str, **files: str) -> Path:
    """A folder for the flow ``code``; ``toml`` is its flow.toml, ``states`` its states.csv and so on."""
    folder = settings().local_folder / "flows" / code
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        path = folder / ("flow.toml" if name == "toml" else f"{name}.csv")
        path.write_text(text.strip() + "\n", encoding="utf-8")
    return folder


def rights(*actions: str) -> str:
    """Rows by which secretary and staff may do everything in their area."""
    return "\n".join([f"action,{ROLES}", *(f"{action},area,area,," for action in ("create", *actions))])


@contextmanager
def fresh() -> Iterator[None]:
    """Flows as the folders have them now, and as they were afterwards."""
    flows.forget()
    try:
        yield
    finally:
        flows.forget()
