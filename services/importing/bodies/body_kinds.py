"""Bodies: what stands in a place beside its areas: organisations, venues, offices, forums. One description each."""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Table
from sqlmodel import SQLModel

from models.organisation import Organisation
from models.place import Forum, Office, Venue


@dataclass(frozen=True)
class Body:
    """A table an import may fill: what its rows are called, its letter in codes we give, and its columns by field."""

    kind: str
    row: str
    model: type[SQLModel]
    letter: str
    name: str
    columns: dict[str, str]

    @property
    def table(self) -> Table:
        """The table itself."""
        table: Table = self.model.__table__  # type: ignore[attr-defined]
        return table

    def limit(self, column: str) -> int:
        """How many characters a column of text takes."""
        return int(getattr(self.table.c[column].type, "length", None) or 64)


_ORGANISATION = {"organisation": "organisation_id"}
BODIES = {
    body.kind: body
    for body in (
        Body("organisations", "organisation", Organisation, "O", "name", {"kind": "kind"}),
        Body(
            "venues",
            "venue",
            Venue,
            "V",
            "name",
            {"kind": "kind", "capacity": "capacity", "hours": "hours", "state": "state"},
        ),
        Body(
            "offices",
            "office",
            Office,
            "P",
            "title",
            {"kind": "kind", **_ORGANISATION, "filled": "filled", "households": "households"},
        ),
        Body(
            "forums",
            "forum",
            Forum,
            "F",
            "name",
            {"ruleset": "ruleset", **_ORGANISATION, "expected": "expected", "description": "description"},
        ),
    )
}


@dataclass
class BodyEntry:
    """A row of a body. ``values`` are its columns as far as the file tells them; words wait to be looked up.

    ``id`` is that of the row that stands here already. ``parent`` is the code of the organisation above.
    """

    line: int
    code: str
    name: str
    values: dict[str, Any]
    area: str = ""
    parent: str = ""
    organisation: str = ""
    lng: float | None = None
    lat: float | None = None
    id: int | None = None
    cells: list[str] = field(default_factory=list)
