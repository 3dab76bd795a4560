"""Modules: pages that stand in a place's menu only where it runs them, by data/modules.csv and its playbook.

A playbook's ``pages`` names those it runs. Where it names none, a page stands in the menu once there is something for
it to show: a row of one of its tables in the place, or of its file in the place's pack.
"""

from collections.abc import Callable, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql import Select
from sqlmodel import Session, SQLModel, col

from models.area import Area
from services.places import areas, place_packs
from services.system import data_files

FILE = "modules.csv"


def pages() -> tuple[str, ...]:
    """The pages that not every place runs."""
    return tuple(row["page"] for row in data_files.rows(FILE))


def run(session: Session, slug: str, path: str, book: Mapping[str, Any]) -> set[str]:
    """Those that the place runs whose pack is called ``slug`` and whose root is at ``path``."""
    if "pages" in book:
        return set(book["pages"]) & set(pages())
    return {row["page"] for row in data_files.rows(FILE) if _shows(session, slug, path, row)}


def _shows(session: Session, slug: str, path: str, row: Mapping[str, str]) -> bool:
    kept = (_there(session, name, path) for name in row["tables"].split())
    return _told(slug, row["file"]) or any(kept)


def _told(slug: str, file: str) -> bool:
    # A place that came as a file has no pack.
    return bool(file) and slug in place_packs.known_packs() and any(place_packs.rows(place_packs.pack(slug), file))


def _there(session: Session, name: str, path: str) -> bool:
    table = SQLModel.metadata.tables[name]
    found = table.join(Area, _SEATED[next(column for column in _SEATED if column in table.c)](table))
    query: Select[Any] = sa.select(sa.exists().select_from(found).where(areas.within(path)))
    return bool(session.execute(query).scalar())


def _of_body(table: sa.Table) -> Any:
    body = SQLModel.metadata.tables["organisation"]
    seat = sa.select(body.c.area_id).where(body.c.id == table.c.organisation_id).scalar_subquery()
    return col(Area.id) == seat


_SEATED: dict[str, Callable[[sa.Table], Any]] = {
    "area_id": lambda table: col(Area.id) == table.c.area_id,
    "organisation_id": _of_body,
}
