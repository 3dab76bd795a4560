"""Questions: which list somebody asks for, and where, as the page's own address says it."""

from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Select
from sqlmodel import Session

from models.area import Area
from services.exporting.lists.list_columns import Column, Extract, Words
from services.places import areas
from services.places.areas import Scope
from services.rights import reader_texts
from services.rights.permissions import Actor, only_public

_BATCH = 1000


@dataclass(frozen=True)
class Question:
    """Who asks in which session, the area in view, and the parameters of the page's address."""

    session: Session
    actor: Actor
    here: Scope
    params: Mapping[str, str]
    words: Words = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "words", Words(self.actor.language))

    def unit(self) -> str:
        """The unit that reports: the place the area lies in."""
        place = areas.place_at(self.session, self.here.path)
        return place.name if place else self.here.name

    def root(self) -> str:
        """The path of the place the area lies in; its own path above or outside every place."""
        place = areas.place_at(self.session, self.here.path)
        return self.session.get_one(Area, place.area_id).path if place else self.here.path

    def scope(self) -> str:
        """The area in view, with the way down to it."""
        steps = areas.ancestors(self.session, self.here.path, self.actor.area_path)
        return " › ".join(step.name for step in steps)


def extract_of(question: Question, name: str, title: str, columns: Sequence[Column], rows: Sequence[Any]) -> Extract:
    """A list of rows that are all here already, for the area in view alone."""
    return Extract(
        name=name,
        title=title,
        unit=question.unit(),
        scope=question.scope(),
        asked=(),
        columns=tuple(columns),
        count=len(rows),
        rows=lambda: rows,
    )


def ids_of(session: Session, query: Select[Any]) -> "array[int]":
    """The ids a query finds, in its order: eight bytes each, so that a million can be held while rows are streamed."""
    found = session.connection().execute(query.execution_options(yield_per=10 * _BATCH))
    return array("q", found.scalars())


_TEXTS = frozenset({"title", "description", "location"})


def as_read(actor: Actor, rows: Iterator[Any]) -> Iterator[Any]:
    """Rows of cells with their texts as this reader may read them."""
    read = reader_texts.words(actor)
    for row in rows if only_public(actor) else ():
        cells = dict(row._mapping)
        yield SimpleNamespace(**cells | {name: read(cells[name] or "") for name in _TEXTS & cells.keys()})
    yield from rows


def batches(ids: "array[int]", rows: Callable[[list[int]], Iterator[Any]]) -> Iterator[Any]:
    """The rows of ``ids``, some hundred at a time; ``rows`` keeps the order of the ids it is given."""
    for at in range(0, len(ids), _BATCH):
        yield from rows(ids[at : at + _BATCH].tolist())
