"""A sixth place is data: an empty pack outside of the program, filled in with files alone, loaded and walked."""

import json
import re
from pathlib import Path

import pytest
from sqlmodel import Session, select

from models.area import Area
from models.item import Item
from models.place import Place
from services.figures import casebook, pack_check
from services.layers import layers
from services.layers.map_views import View
from services.matters import list_addresses
from services.places import areas, new_pack, place_packs, places, playbook, steering
from services.places.drawing import drawing
from services.rights.permissions import Actor
from services.system.errors import Refused
from services.system.settings import settings
from tests.ui.opening import english, open_page, said

__all__ = ["english"]
ROOT = "110105999001"
PLAN = "[origin]\nlng = 116.45\nlat = 39.92\n[town]\nradius = 500\n"


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty pack, as the command writes it."""
    return new_pack.write("sixth", folder=tmp_path_factory.mktemp("packs"))


def _filled_in(told: str) -> str:
    return told.replace('name = ""', 'name = "Lakeside"', 1).replace('root = ""', f'root = "{ROOT}"', 1)


def test_an_empty_pack_needs_a_name_and_a_root(written: Path) -> None:
    with pytest.raises(Refused, match="is empty"):
        pack_check.check("sixth", written.parent)
    head = written / "place.toml"
    head.write_text(_filled_in(head.read_text(encoding="utf-8")), encoding="utf-8")
    found = pack_check.check("sixth", written.parent)
    assert (found.pack.name, found.areas, found.cards) == ("Lakeside", 1, 0)


@pytest.mark.parametrize(
    ("slug", "level"),
    [("chilinglu", "community"), ("sixth", "community"), ("../up", "street"), ("Big", "street"), ("seventh", "moon")],
)
def test_what_cannot_be_a_pack_is_refused_and_nothing_written(written: Path, slug: str, level: str) -> None:
    before = sorted(written.parent.iterdir())
    with pytest.raises(Refused):
        new_pack.write(slug, level=level, folder=written.parent)
    assert sorted(written.parent.iterdir()) == before


@pytest.mark.parametrize("file", ["place.toml", "cards.csv", "figures.csv"])
def test_a_fault_is_refused_with_its_place(tmp_path: Path, file: str) -> None:
    new_pack.write("broken", "B", "R1", folder=tmp_path)
    faults = {
        "place.toml": '\n[playbook.forum_by_grade]\nmajor = "none"\n',
        "cards.csv": "1,c,a,a,a,a,a,a,unheard,,\n",
        "figures.csv": "9,a,a,1,=,a,a,a,a,a,a,a,\n",
    }
    with (tmp_path / "broken" / file).open("a", encoding="utf-8") as out:
        out.write(faults[file])
    with pytest.raises(Refused, match=file):
        pack_check.check("broken", tmp_path)


@pytest.fixture
def sixth(session: Session, place: Place) -> Place:
    """A place of the office's own: every example of the empty pack, a name for its issues, and a map from a plan."""
    assert place
    folder = new_pack.write("sixth", "Lakeside", ROOT)
    assert folder.is_relative_to(settings().local_folder)
    for file in folder.glob("*.csv"):
        file.write_text(re.sub(r"^# (?=\d+,|SI-)", "", file.read_text("utf-8"), flags=re.MULTILINE), encoding="utf-8")
    told = (folder / "place.toml").read_text(encoding="utf-8")
    told += '\n[playbook.names.issue]\nzh = "B"\nen = "Lake matter"\n[playbook.forum_by_estate]\nmanaged = "SI-F-1"\n'
    (folder / "place.toml").write_text(told, encoding="utf-8")
    (folder / "plan.toml").write_text(PLAN, encoding="utf-8")
    return _loaded(session, folder)


def _loaded(session: Session, folder: Path) -> Place:
    drawing.draw("sixth")
    found = pack_check.check("sixth")
    assert (found.areas, found.drawn, found.organisations, found.forums) == (5, 5, 2, 1)
    assert json.loads((folder / "areas.geojson").read_text(encoding="utf-8"))["features"]
    loaded = places.load_place(session, "sixth")
    session.commit()
    return loaded


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.usefixtures("english")
def test_a_sixth_place_is_walked_without_touching_code(session: Session, sixth: Place, place: Place) -> None:
    assert "sixth" in place_packs.known_packs()
    root = session.get_one(Area, sixth.area_id)
    reader = Actor(None, "a", "admin", "", None)
    here = areas.scope(session, reader, ROOT)
    runs = playbook.of(session, root.path)
    assert (runs.name("issue", "en"), runs.idle, runs.flows) == (
        "Lake matter",
        frozenset(),
        ("issue", "deliberation", "action"),
    )
    estate = session.exec(select(Area).where(Area.code == "SI-E1")).one()
    steered = steering.forum_by_estate(session, estate.id)
    assert steered and steered.code == "SI-F-1"
    assert session.exec(select(Item.instance).where(Item.kind == "service", Item.sample == False)).all()  # noqa: E712
    shown = layers.unpacked(session, reader, "areas", View(here, list_addresses.read({}, here.path, "issue")))
    assert [one["properties"]["code"] for one in shown["features"]] == ["SI-C1"]
    [line] = [one for one in casebook.lines(session, reader) if one.place.slug == "sixth"]
    assert (line.figure.value, line.holds) == (1, True)
    _switched(session, place, sixth)


def _switched(session: Session, place: Place, sixth: Place) -> None:
    """The one control of places offers it, and leads there."""
    app = open_page(session, None, "admin", "cards", area=session.get_one(Area, place.area_id).code)
    choice = next(box for box in app.selectbox if "Lakeside" in box.options)
    choice.select(ROOT).run()
    assert not app.exception and "Lakeside" in said(app)
    assert casebook.told(session, sixth.slug)["summary"]["holds"] == 1
