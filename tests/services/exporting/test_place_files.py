"""A whole place as files, and the way into another database by the import's own reading."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import Session, col, select

from models.area import Area
from models.item import Item
from models.organisation import Organisation
from models.place import Forum, Office, Place, Venue
from services.exporting import place_files
from services.importing.areas import area_plan as area_import
from services.importing.areas.rows import AreaRow, read
from services.importing.areas.tree import base_of
from services.importing.batch import batches
from services.importing.guess import unknown_words as words
from services.importing.guess.column_guesses import guess
from services.importing.source.source import Source, open_source
from services.matters import organisations
from services.places import areas
from services.rights.permissions import Actor
from services.system import db
from services.system.errors import NotFound
from services.words import vocabulary
from tests.databases import DIALECTS, Templates, forget

ADMIN = Actor(None, "root", "admin")
STANDING = ("organisations", "venues", "offices", "forums")


@pytest.fixture
def files(session: Session, place: Place, tmp_path: Path) -> Path:
    place_files.write(session, tmp_path, place.slug, "zh_CN")
    return tmp_path


def rows(session: Session, source: Source) -> Iterator[AreaRow]:
    """The rows as the import understands them, without the page."""
    told = guess(session, source, 0, "areas", None)
    at = {field: source.layers[0].columns.index(names[0]) for field, names in told.columns.items()}
    words = {
        kind: {vocabulary.term(kind, code, "zh_CN"): code for code in vocabulary.codes(kind)}
        for kind in ("level", "estate")
    }
    for row in source.rows(0):
        cells = {field: row.cells[column] for field, column in at.items()}
        cells["level"] = words["level"][cells["level"]]
        cells["kind"] = words["estate"].get(cells.get("kind", ""), "")
        made = read(row.line, cells, [cells.get("parent", "")], row.geometry)
        assert isinstance(made, AreaRow), made
        yield made


def told(area: Area) -> tuple[object, ...]:
    return area.code, area.name, area.level, area.kind, area.path.partition("430103004008")[2], area.households


@pytest.mark.parametrize("file", ["areas.csv", "areas.geojson"])
def test_the_areas_of_a_place_stand_elsewhere_as_they_stood_here(
    session: Session, place: Place, files: Path, file: str
) -> None:
    root = session.get_one(Area, place.area_id)
    before = [told(area) for area in areas.under(session, root.path)]
    drawn = {area.code for area in areas.under(session, root.path) if area.geometry}
    session.rollback()
    other = _emptied(session, root)
    with open_source(files / file) as source:
        planned = area_import.plan(session, base_of(session, other), rows(session, source))
    assert planned.problems == []
    area_import.write(session, planned, lambda *_: None)
    session.flush()
    found = areas.under(session, session.get_one(Area, other.area_id).path)
    assert sorted(map(told, found)) == sorted(before)
    if file.endswith("geojson"):
        assert {area.code for area in found if area.geometry and not area.schematic} == drawn


def _emptied(session: Session, root: Area) -> Place:
    """Take what stands below the root away; the root stays, as a place that was just made."""
    standing = [row for table in (Item, Venue, Office, Forum) for row in session.exec(select(table))]
    bodies = session.exec(select(Organisation).order_by(col(Organisation.path).desc()))
    below = [area for area in reversed(areas.under(session, root.path)) if area.id != root.id]
    for row in (*standing, *bodies, *below):
        session.delete(row)
        session.flush()
    return session.exec(select(Place)).one()


@pytest.mark.parametrize("kind", STANDING)
def test_what_stands_here_already_is_known_again(session: Session, place: Place, files: Path, kind: str) -> None:
    with open_source(files / f"{kind}.csv") as source:
        mapping = guess(session, source, 0, kind, place)
        report = batches.preview(session, ADMIN, source, 0, mapping)
    assert (report.refused, report.new, report.changed) == (0, 0, 0)
    assert report.unchanged == report.rows > 0


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_whole_place_comes_alive_elsewhere(
    templates: Templates, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, dialect: str
) -> None:
    there, here = templates.copy("sqlite", "place"), templates.copy(dialect, "base")
    monkeypatch.setenv("MULIN_DATABASE_URL", there)
    forget()
    with db.reading() as session:
        place_files.write(session, tmp_path, "chilinglu", "zh_CN")
        before = _everything(session)
    monkeypatch.setenv("MULIN_DATABASE_URL", here)
    forget()
    _areas(tmp_path / "areas.geojson")
    for kind in STANDING:
        with open_source(tmp_path / f"{kind}.csv") as source, db.reading() as session:
            told = guess(session, source, 0, kind, session.exec(select(Place)).one())
            told = words.settled(told, words.unknown_words(session, source, 0, told))
            report = batches.run(ADMIN, source, 0, told)
        assert report.written, (kind, report.errors[:3])
    with db.reading() as session:
        assert _everything(session) == before
    forget()
    for url in (there, here):
        templates.drop(url)


def _areas(path: Path) -> None:
    """The areas into a new place, whose root is all there is."""
    with db.writing() as session:
        root = Area(code="430103004008", name="新地方", level="community", path="430103004008/")
        session.add(root)
        session.flush()
        place = Place(slug="chilinglu", name="新地方", prefix="CL", area_id=root.id)
        session.add(place)
        with open_source(path) as source:
            planned = area_import.plan(session, base_of(session, place), rows(session, source))
        area_import.write(session, planned, lambda *_: None)


def _everything(session: Session) -> list[list[tuple[object, ...]]]:
    root = session.exec(select(Area).join(Place, col(Place.area_id) == Area.id)).one()
    listed, path = organisations, root.path
    return [
        sorted(map(told, areas.under(session, path)), key=str),
        sorted((o.code, o.name, o.kind, a) for o, a in listed.organisations(session, path)),
        sorted((v.code, v.name, v.kind, a, v.lng, v.lat) for v, a in listed.venues(session, path)),
        sorted((o.code, o.title, o.kind, a, o.filled) for o, a in listed.offices(session, path)),
        sorted((f.code, f.name, f.ruleset, a, f.expected) for f, a in listed.forums(session, path)),
    ]


def test_only_what_belongs_to_the_place_leaves(session: Session, files: Path) -> None:
    text = (files / "organisations.csv").read_text(encoding="utf-8-sig")
    assert "CL-O-SQDW" in text
    above = session.exec(select(Organisation.code).join(Area).where(Area.level == "street")).all()
    assert above
    assert not [code for code in above if code in text]
    assert "430103004008,赤岭路社区,社区" in (files / "areas.csv").read_text(encoding="utf-8-sig")


@pytest.mark.usefixtures("place")
def test_a_place_that_is_not_there_is_not_found(session: Session, tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        place_files.write(session, tmp_path / "x", "nowhere", "zh_CN")
    assert not (tmp_path / "x").exists()
