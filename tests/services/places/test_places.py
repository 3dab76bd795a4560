"""A place pack holds together, and loading it twice changes nothing."""

import shutil
from collections import Counter
from pathlib import Path

import pytest
from shapely.geometry import Point
from sqlmodel import Session, col, func, select

from models.area import Area
from models.organisation import Organisation
from models.place import Forum, Office, Place, Venue
from services.places.places import PLACES, known_packs, load_place, loaded, pack
from services.system.errors import NotFound, Refused
from tests.services.places import pack_files

HERE = PLACES / "chilinglu"
STREET = 430103004


AREAS, ORGANISATIONS, FORUMS, VENUES = (
    pack_files.codes("chilinglu", f"{name}.csv") for name in ("areas", "organisations", "forums", "venues")
)
SHAPES = {told["code"]: drawn for told, drawn in pack_files.drawn("chilinglu")}


def test_all_five_kinds_of_actor_and_one_owners_committee_a_managed_estate() -> None:
    kinds = Counter(row["kind"] for row in ORGANISATIONS.values())
    assert {"committee", "social_work", "social", "volunteer", "charity"} <= set(kinds)
    managed = [row["code"] for row in pack_files.at("chilinglu", "estate") if row["kind"] == "managed"]
    assert sorted(row["area"] for row in ORGANISATIONS.values() if row["kind"] == "owners") == sorted(managed)
    assert set(managed) <= {row["area"] for row in ORGANISATIONS.values() if row["kind"] == "property"}


def test_topics_stand_in_every_stage_the_demo_shows() -> None:
    topics = pack_files.told("chilinglu", "deliberations")["topic"]
    stages = Counter(topic["stage"] for topic in topics)
    assert stages["archived"] == 5 and stages["executing"] == stages["publicised"] == stages["notified"] == 2
    assert all(stages[one] == 1 for one in ("meeting", "parties", "graded", "collecting", "declined", "resolved"))
    broken = next(topic for topic in topics if topic["stage"] == "resolved")
    assert broken["days_ago"] > 30 and not broken["actions"]
    assert sum(bool(topic.get("objections")) for topic in topics if topic["stage"] == "publicised") == 1
    verdicts = [topic["verdict"] for topic in topics if topic["stage"] == "archived"]
    assert all(max(told["aware"], told["took_part"], told["satisfied"]) <= told["asked"] for told in verdicts)


def test_a_loaded_place_holds_the_whole_pack(session: Session, place: Place) -> None:
    for table, rows in ((Area, AREAS), (Organisation, ORGANISATIONS), (Forum, FORUMS), (Venue, VENUES)):
        assert session.exec(select(func.count()).select_from(table)).one() == len(rows)
        assert all(one.model_dump()["sample"] for one in session.exec(select(table)))
    assert session.exec(select(func.count()).select_from(Office)).one() == len(
        pack_files.read("chilinglu", "offices.csv")
    )
    root = session.get_one(Area, place.area_id)
    assert root.code == pack("chilinglu").root and place.sample and place.prefix == "CL"


@pytest.mark.usefixtures("place")
def test_paths_lead_from_the_city_and_points_lie_inside(session: Session) -> None:
    building = session.exec(select(Area).where(Area.code == "CL-E1-B01")).one()
    assert building.path == f"430100/430103/{STREET}/{STREET}008/CL-G1/CL-E1/CL-E1-B01/"
    placed = {area.code: area for area in session.exec(select(Area).where(col(Area.lng).is_not(None)))}
    assert set(placed) == set(SHAPES)
    assert all(SHAPES[code].covers(Point(area.lng or 0, area.lat or 0)) for code, area in placed.items())
    branch = session.exec(select(Organisation).where(Organisation.code == "CL-O-XZ1")).one()
    assert branch.path == "CL-O-JDGW/CL-O-SQDW/CL-O-ZB1/CL-O-XZ1/"


def test_loading_twice_changes_nothing(session: Session, place: Place) -> None:
    before = [session.exec(select(func.count()).select_from(one)).one() for one in (Area, Organisation, Office, Place)]
    assert load_place(session, "chilinglu").id == place.id
    after = [session.exec(select(func.count()).select_from(one)).one() for one in (Area, Organisation, Office, Place)]
    assert before == after


def test_a_place_is_found_once_it_is_loaded(session: Session, place: Place) -> None:
    assert loaded(session, "chilinglu").id == place.id
    with pytest.raises(NotFound, match="not loaded"):
        loaded(session, "elsewhere")


def test_an_unknown_pack_names_those_there_are(session: Session) -> None:
    with pytest.raises(Refused, match="chilinglu"):
        load_place(session, "../../etc")
    assert "chilinglu" in known_packs()


BREAKS = [
    ("areas.csv", "CL-G1,430103004008", "CL-G1,CL-NONE", "areas.csv, row 6: parent CL-NONE"),
    ("areas.csv", "CL-G2,", "CL-G1,", "areas.csv, row 7: the code CL-G1"),
    ("areas.csv", ",684,1", ",many,1", "areas.csv, row 6: households is not a number"),
    ("areas.csv", "CL-E6-B08", "CL-E6-B99", "areas.csv has no area CL-E6-B08"),
    ("organisations.csv", ",owners,", ",lords,", "organisations.csv, row 19: kind lords"),
    ("forums.csv", ",heads,", ",crowd,", "forums.csv, row 3: ruleset crowd"),
    ("venues.csv", ",hall,", ",cellar,", "venues.csv, row 3: kind cellar"),
    ("venues.csv", "capacity", "seats", "venues.csv has no column capacity"),
    ("offices.csv", "CL-O-SQDW", "CL-O-NONE", "offices.csv, row 2: organisation CL-O-NONE"),
    ("areas.geojson", '"features"', '"nothing"', "areas.geojson can't be read"),
    ("place.toml", 'prefix = "CL"', "prefix =", "place.toml can't be read"),
]


@pytest.mark.parametrize(("file", "good", "bad", "message"), BREAKS, ids=[f"{one[0]}-{one[2]}" for one in BREAKS])
def test_a_broken_pack_is_refused_with_file_and_row(
    session: Session, tmp_path: Path, file: str, good: str, bad: str, message: str
) -> None:
    shutil.copytree(HERE, tmp_path / "chilinglu")
    path = tmp_path / "chilinglu" / file
    text = path.read_text(encoding="utf-8")
    assert good in text
    path.write_text(text.replace(good, bad, 1), encoding="utf-8")
    with pytest.raises(Refused, match=message):
        load_place(session, "chilinglu", tmp_path)


@pytest.mark.usefixtures("place")
def test_two_places_share_the_areas_above_them(session: Session, tmp_path: Path) -> None:
    twin = tmp_path / "twin"
    twin.mkdir()
    told = (HERE / "place.toml").read_text(encoding="utf-8")
    told = told.replace('"chilinglu"', '"twin"').replace('"CL"', '"TW"').replace(f'root = "{STREET}008"', 'root = "TW"')
    (twin / "place.toml").write_text(told, encoding="utf-8")
    head = "code,parent,level,kind,name,households,schematic\n"
    above = f"430100,,city,,a,,0\n430103,430100,district,,b,,0\n{STREET},430103,street,,c,,1\n"
    (twin / "areas.csv").write_text(f"{head}{above}TW,{STREET},community,,d,10,1\n", encoding="utf-8")
    (twin / "areas.geojson").write_text('{"features": []}', encoding="utf-8")
    for name in ("organisations", "forums", "venues", "offices"):
        header = (HERE / f"{name}.csv").read_text(encoding="utf-8").partition("\n")[0]
        (twin / f"{name}.csv").write_text(f"{header}\n", encoding="utf-8")
    root = session.get_one(Area, load_place(session, "twin", tmp_path).area_id)
    street = session.get_one(Area, root.parent_id)
    assert street.code == str(STREET) and root.path == f"430100/430103/{STREET}/TW/"
    assert session.exec(select(func.count()).select_from(Area).where(Area.level == "city")).one() == 1
