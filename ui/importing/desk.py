"""The desk: the file this session is about to import, how it is read, and what the last check found."""

from dataclasses import dataclass

import streamlit as st

from services.importing.mapping import Mapping
from services.importing.reports import Report
from services.importing.source import Layer, Source

_KEY = "import-desk"


@dataclass
class Desk:
    """A file on the desk. ``checked`` is the mapping that ``report`` was made with."""

    source: Source
    layer: int
    mapping: Mapping
    round: int = 0
    report: Report | None = None
    checked: Mapping | None = None

    @property
    def sheet(self) -> Layer:
        """The sheet that is read."""
        return self.source.layers[self.layer]

    @property
    def fresh(self) -> Report | None:
        """What the last check found, if nothing was changed since."""
        return self.report if self.checked == self.mapping else None

    def turn(self, mapping: Mapping) -> None:
        """Read the file another way: the tables in which a person corrects it are drawn anew."""
        self.mapping = mapping
        self.round += 1


def now() -> Desk | None:
    """What lies on the desk."""
    found: Desk | None = st.session_state.get(_KEY)
    return found


def put(desk: Desk) -> Desk:
    """Put a file on the desk, in the place of the one before."""
    clear()
    st.session_state[_KEY] = desk
    return desk


def clear() -> None:
    """Take the file off the desk and remove what was read of it."""
    before = st.session_state.pop(_KEY, None)
    if before is not None:
        before.source.close()
