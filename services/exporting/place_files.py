"""Place files: a whole place as files that the import page reads: areas with their outlines, and what stands in them.

The columns are the import's own fields, the words those of the language; parents are named by their codes, so that two
areas of one name stay apart. Ids and records do not come along.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from sqlmodel import Session, col, select

from models.area import Area
from services.exporting import csvs
from services.exporting.lists.list_columns import Cell, Words
from services.importing.mapping import kinds
from services.matters import organisations
from services.places import areas, places
from services.system.files import private_files

KINDS = ("areas", "organisations", "venues", "offices", "forums")
_Cells = dict[str, Cell]


def write(session: Session, folder: Path, slug: str, language: str) -> list[Path]:
    """Write one CSV file for each kind, and areas.geojson, into ``folder``; files of these names are replaced."""
    place, words = places.loaded(session, slug), Words(language)
    root = session.get_one(Area, place.area_id)
    private_files.folder(folder)
    made = [_table(folder / f"{kind}.csv", kind, _ROWS[kind](session, root, words), words) for kind in KINDS]
    return [*made, _outlines(session, root, folder / "areas.geojson", words)]


def _table(path: Path, kind: str, rows: Iterable[_Cells], words: Words) -> Path:
    told = list(rows)
    fields = [field for field in kinds.fields(kind).values() if not told or field.code in told[0]]
    heading = [field.label(words.language) for field in fields]
    cells = ([row[field.code] for field in fields] for row in told)
    private_files.touch(path).write_text("".join(csvs.lines(heading, cells)), encoding="utf-8", newline="")
    return path


def _areas(session: Session, root: Area, words: Words) -> Iterator[_Cells]:
    found = areas.under(session, root.path)
    codes = {area.id: area.code for area in found}
    for area in found:
        yield {
            "code": area.code,
            "name": area.name,
            "level": words.term("level", area.level),
            "kind": words.term("estate", area.kind) if area.level == "estate" else "",
            "parent": codes.get(area.parent_id or 0, ""),
            "households": area.households,
            "lng": area.lng,
            "lat": area.lat,
        }


def _outlines(session: Session, root: Area, path: Path, words: Words) -> Path:
    labels = {code: field.label(words.language) for code, field in kinds.fields("areas").items()}
    told = {str(row["code"]): row for row in _areas(session, root, words)}
    drawn = select(Area.code, Area.geometry).where(areas.within(root.path)).order_by(col(Area.path))
    features = [
        {
            "type": "Feature",
            "properties": {labels[name]: value for name, value in told[code].items() if value not in (None, "")},
            "geometry": geometry or None,
        }
        for code, geometry in session.exec(drawn)
    ]
    collection = {"type": "FeatureCollection", "features": features}
    private_files.touch(path).write_text(json.dumps(collection, ensure_ascii=False), encoding="utf-8")
    return path


def _organisations(session: Session, root: Area, words: Words) -> Iterator[_Cells]:
    codes = _codes(session, root)
    for body, _ in organisations.organisations(session, root.path):
        yield {
            "code": body.code,
            "name": body.name,
            "kind": words.term("organisation", body.kind),
            "parent": codes.get(body.parent_id or 0, ""),
            "area": _area(session, body.area_id),
        }


def _venues(session: Session, root: Area, words: Words) -> Iterator[_Cells]:
    for venue, _ in organisations.venues(session, root.path):
        yield {
            "code": venue.code,
            "name": venue.name,
            "kind": words.term("venue", venue.kind),
            "area": _area(session, venue.area_id),
            "lng": venue.lng,
            "lat": venue.lat,
            "capacity": venue.capacity,
            "hours": venue.hours,
            "state": words.term("venue_state", venue.state),
        }


def _offices(session: Session, root: Area, words: Words) -> Iterator[_Cells]:
    codes = _codes(session, root)
    for office, _ in organisations.offices(session, root.path):
        yield {
            "code": office.code,
            "title": office.title,
            "kind": words.term("office", office.kind),
            "area": _area(session, office.area_id),
            "organisation": codes.get(office.organisation_id or 0, ""),
            "filled": words.term("answer", "yes" if office.filled else "no"),
            "households": office.households,
        }


def _forums(session: Session, root: Area, words: Words) -> Iterator[_Cells]:
    codes = _codes(session, root)
    for forum, _ in organisations.forums(session, root.path):
        yield {
            "code": forum.code,
            "name": forum.name,
            "area": _area(session, forum.area_id),
            "organisation": codes.get(forum.organisation_id or 0, ""),
            "ruleset": words.term("ruleset", forum.ruleset),
            "expected": forum.expected,
            "description": forum.description,
        }


def _area(session: Session, area_id: int) -> str:
    return session.get_one(Area, area_id).code


def _codes(session: Session, root: Area) -> dict[int, str]:
    """The codes of the organisations that come along; whoever stands above the place does not."""
    return {body.id: body.code for body, _ in organisations.organisations(session, root.path)}


_ROWS: dict[str, Callable[[Session, Area, Words], Iterator[_Cells]]] = {
    "areas": _areas,
    "organisations": _organisations,
    "venues": _venues,
    "offices": _offices,
    "forums": _forums,
}
