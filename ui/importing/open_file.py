"""The desk: the file this session is about to import, how it is read, and what the last check found."""

from dataclasses import dataclass, field

import streamlit as st
from sqlmodel import Session

from services.importing.guess.unknown_words import Word, find, settled
from services.importing.job.reports import Report
from services.importing.mapping.mapping import Mapping
from services.importing.source.source import Layer, Source
from services.system.errors import Refused

_KEY = "import-desk"


@dataclass
class Desk:
    """A file on the desk. ``checked`` is the mapping that ``report`` was made with; ``written`` is what came of it."""

    source: Source
    layer: int
    mapping: Mapping
    round: int = 0
    report: Report | None = None
    checked: Mapping | None = None
    words: dict[str, list[Word]] | None = None
    asked: str = ""
    strange: tuple[list[str], bool] = field(default_factory=lambda: ([], False))
    refused: Refused | None = None
    written: Report | None = None

    @property
    def sheet(self) -> Layer:
        """The sheet that is read."""
        return self.source.layers[self.layer]

    @property
    def fresh(self) -> Report | None:
        """What the last check found, if nothing was changed since."""
        return self.report if self.checked == self.settled else None

    def unknown(self, session: Session) -> dict[str, list[Word]]:
        """The words of the file that our rules don't know; looked up once for each reading of its columns.

        Refused, and not tried again for this reading, where that takes too long.
        """
        asked = self.mapping.model_dump_json(exclude={"values"})
        if self.words is None or self.asked != asked:
            self.words, self.asked, self.strange, self.refused = {}, asked, ([], False), None
            try:
                found = find(session, self.source, self.layer, self.mapping)
                self.words, self.strange = found.unknown, (found.strange, found.astray)
            except Refused as refused:
                self.refused = refused
        if self.refused:
            raise self.refused
        return self.words

    @property
    def settled(self) -> Mapping:
        """The mapping with a meaning for every unknown word: the one chosen, else the one suggested."""
        return settled(self.mapping, self.words or {})

    def turn(self, mapping: Mapping) -> None:
        """Read the file another way: the tables in which a person corrects it are drawn anew."""
        self.mapping, self.words = mapping, None
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
