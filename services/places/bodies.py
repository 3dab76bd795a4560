"""Bodies: what stands in a place beside its areas: organisations, venues, offices, forums. One description each."""

from dataclasses import dataclass

from sqlalchemy import Table
from sqlmodel import SQLModel

from models.organisation import Organisation
from models.place import Forum, Office, Venue


@dataclass(frozen=True)
class Body:
    """A table that is typed or imported: its rows, its letter in codes we give, and its columns by field."""

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
