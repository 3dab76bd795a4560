"""A place pack holds together, and loading it twice changes nothing."""

import csv
import json
import shutil
import subprocess
import sys
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import shapely
from shapely.geometry import Point, shape
from sqlmodel import Session, col, func, select

from models.area import Area
from models.organisation import Organisation
from models.place import Forum, Office, Place, Venue
from services.places.places import PLACES, known_packs, load_place, loaded, pack
from services.system.errors import NotFound, Refused

HERE = PLACES / "chilinglu"
STREET = 430103004


def read(name: str, folder: Path = HERE) -> list[dict[str, str]]:
    with (folder / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def topics() -> list[dict[str, Any]]:
    told = tomllib.loads((HERE / "demo" / "deliberations.toml").read_text(encoding="utf-8"))
    return list(told["topic"])


AREAS = {row["code"]: row for row in read("areas.csv")}
ORGANISATIONS = {row["code"]: row for row in read("organisations.csv")}
FORUMS = {row["code"]: row for row in read("forums.csv")}
VENUES = {row["code"]: row for row in read("venues.csv")}
CATEGORIES = {row["code"] for row in read("categories.csv", PLACES.parent)}
SHAPES = {
    feature["properties"]["code"]: shape(feature["geometry"])
    for feature in json.loads((HERE / "areas.geojson").read_text(encoding="utf-8"))["features"]
}


def at(level: str) -> list[str]:
    return [code for code, row in AREAS.items() if row["level"] == level]


def test_every_row_has_as_many_cells_as_its_header() -> None:
    for path in HERE.rglob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            widths = {len(row) for row in csv.reader(file)}
        assert len(widths) == 1, f"{path.name}: a row is longer or shorter than the header"
        assert b"\r" not in path.read_bytes(), f"{path.name}: use LF line ends"


def test_counts_are_those_of_the_article() -> None:
    kinds = Counter(AREAS[code]["kind"] for code in at("estate"))
    assert kinds.total() == 6
    assert kinds["open"] and kinds["managed"] and kinds["social_housing"] == 1
    assert AREAS["CL-E1"]["kind"] == "social_housing"
    assert 4 <= len(at("grid")) <= 5 and 48 <= len(at("building")) <= 60


def test_households_are_sums() -> None:
    for code in [*at("community"), *at("grid"), *at("estate")]:
        below = [int(row["households"]) for row in AREAS.values() if row["parent"] == code]
        assert int(AREAS[code]["households"]) == sum(below), code
    assert 2400 <= int(AREAS[pack("chilinglu").root]["households"]) <= 3000


def test_geometries_are_valid_and_nested() -> None:
    assert set(SHAPES) == {code for level in ("community", "grid", "estate", "building") for code in at(level)}
    for code, drawn in SHAPES.items():
        assert drawn.is_valid and drawn.geom_type == "Polygon", code
        parent = SHAPES.get(AREAS[code]["parent"])
        assert parent is None or parent.buffer(1e-9).covers(drawn), f"{code} leaves {AREAS[code]['parent']}"


def test_grids_partition_the_community() -> None:
    grids = [SHAPES[code] for code in at("grid")]
    assert shapely.coverage_is_valid(grids)
    assert shapely.coverage_union_all(grids).symmetric_difference(SHAPES[pack("chilinglu").root]).area == 0


def test_buildings_and_estates_do_not_overlap() -> None:
    for level in ("estate", "building"):
        drawn = [SHAPES[code] for code in at(level)]
        hits = shapely.STRtree(drawn).query(drawn, predicate="intersects")
        assert all(one == other for one, other in hits.T), level


def test_coordinates_are_degrees_in_changsha() -> None:
    west, south, east, north = SHAPES[pack("chilinglu").root].bounds
    assert 112.97 < west < east < 112.99 and 28.14 < south < north < 28.16
    numbers = [number for drawn in SHAPES.values() for number in shapely.get_coordinates(drawn).ravel()]
    assert all(round(number, 6) == number for number in numbers)


def test_the_ground_has_roads_gardens_and_water() -> None:
    features = json.loads((HERE / "base.geojson").read_text(encoding="utf-8"))["features"]
    assert {feature["properties"]["kind"] for feature in features} == {"road", "green", "water"}
    assert all(shape(feature["geometry"]).is_valid and feature["properties"]["name"] for feature in features)


def test_drawing_again_gives_the_same_bytes(tmp_path: Path) -> None:
    copy = shutil.copytree(HERE, tmp_path / "copy")
    for name in ("areas.geojson", "base.geojson"):
        (copy / name).unlink()
    subprocess.run([sys.executable, str(copy / "make_geometry.py")], check=True)
    for name in ("areas.geojson", "base.geojson"):
        assert (copy / name).read_bytes() == (HERE / name).read_bytes(), f"run make_geometry.py: {name} is stale"


def test_venues_stand_inside_their_area() -> None:
    for code, row in VENUES.items():
        point = Point(float(row["lng"]), float(row["lat"]))
        assert SHAPES[row["area"]].contains(point), code
    assert 8 <= len(VENUES) <= 10


def test_all_five_kinds_of_actor_and_one_owners_committee_a_managed_estate() -> None:
    kinds = Counter(row["kind"] for row in ORGANISATIONS.values())
    assert {"committee", "social_work", "social", "volunteer", "charity"} <= set(kinds)
    managed = [code for code in at("estate") if AREAS[code]["kind"] == "managed"]
    assert sorted(row["area"] for row in ORGANISATIONS.values() if row["kind"] == "owners") == sorted(managed)
    assert set(managed) <= {row["area"] for row in ORGANISATIONS.values() if row["kind"] == "property"}


def test_representatives_link_5_to_15_households_and_no_more_than_live_there() -> None:
    linked: Counter[str] = Counter()
    for row in read("offices.csv"):
        if row["kind"] == "representative":
            assert 5 <= int(row["households"]) <= 15, row["code"]
            linked[row["area"]] += int(row["households"])
    assert all(count <= int(AREAS[code]["households"]) for code, count in linked.items())
    heads = [row["area"] for row in read("offices.csv") if row["kind"] == "building_head"]
    assert sorted(heads) == sorted(at("building"))


def test_playbook_names_what_the_pack_holds() -> None:
    book = pack("chilinglu").playbook
    assert set(book["forum_by_estate"].values()) | set(book["forum_by_grade"].values()) <= set(FORUMS)
    assert {AREAS[code]["kind"] for code in at("estate")} <= set(book["forum_by_estate"])
    assert set(book["names"]) == set(book["flows"])


def test_issue_templates_fit_categories_and_length() -> None:
    longest = max((AREAS[code]["name"] for code in at("estate")), key=len)
    rows = read("demo/issues.csv")
    assert len(rows) >= 60
    for row in rows:
        assert row["category"] in CATEGORIES, row
        assert set(row["kinds"].split()) <= {AREAS[code]["kind"] for code in at("estate")}, row
        assert len(row["title"].format(estate=longest, building="10X")) <= 40 and int(row["weight"]) > 0, row


def test_calibration_names_units_and_grids_of_the_pack() -> None:
    told = tomllib.loads((HERE / "demo" / "calibration.toml").read_text(encoding="utf-8"))
    assert set(told["grid"]) == set(at("grid"))
    assert set(told["units"].values()) <= set(ORGANISATIONS)
    assert set(told["units"]) - {"default"} <= CATEGORIES and set(told["property"]["categories"]) <= CATEGORIES
    assert sum(told["sources"].values()) == pytest.approx(1)


@pytest.mark.parametrize("topic", topics(), ids=lambda topic: topic["code"])
def test_a_topic_refers_to_what_exists(topic: dict[str, Any]) -> None:
    assert topic["forum"] in FORUMS and topic["area"] in AREAS and topic["category"] in CATEGORIES
    seats = int(VENUES[topic["venue"]]["capacity"]) if "venue" in topic else 0
    assert sum(topic.get("attendance", {}).values()) <= seats
    assert all(action["unit"] in ORGANISATIONS for action in topic.get("actions", []))
    assert len(topic["title"]) <= 40 and len(topic["issue"]["title"]) <= 40


@pytest.mark.parametrize("topic", [one for one in topics() if "resolution" in one], ids=lambda topic: topic["code"])
def test_a_resolved_topic_carries_under_its_forums_rules(topic: dict[str, Any]) -> None:
    present, ruleset = sum(topic["attendance"].values()), FORUMS[topic["forum"]]["ruleset"]
    votes = [option["hands"] + option["paper"] + option["online"] for option in topic["options"]]
    assert sum(votes) <= present <= topic["expected"]
    if ruleset == "round_table":
        assert not votes
        return
    assert not topic["options"][0].get("abstain") and votes[0] * 2 > present
    assert present > topic["expected"] * 2 / 3 if ruleset == "heads" else present * 2 > topic["expected"]


def test_topics_stand_in_every_stage_the_demo_shows() -> None:
    stages = Counter(topic["stage"] for topic in topics())
    assert stages["archived"] == 5 and stages["executing"] == stages["publicised"] == stages["notified"] == 2
    assert all(stages[one] == 1 for one in ("meeting", "parties", "graded", "collecting", "declined", "resolved"))
    broken = next(topic for topic in topics() if topic["stage"] == "resolved")
    assert broken["days_ago"] > 30 and not broken["actions"]
    assert sum(bool(topic.get("objections")) for topic in topics() if topic["stage"] == "publicised") == 1
    verdicts = [topic["verdict"] for topic in topics() if topic["stage"] == "archived"]
    assert all(max(told["aware"], told["took_part"], told["satisfied"]) <= told["asked"] for told in verdicts)


def test_a_loaded_place_holds_the_whole_pack(session: Session, place: Place) -> None:
    for table, rows in ((Area, AREAS), (Organisation, ORGANISATIONS), (Forum, FORUMS), (Venue, VENUES)):
        assert session.exec(select(func.count()).select_from(table)).one() == len(rows)
        assert all(one.model_dump()["sample"] for one in session.exec(select(table)))
    assert session.exec(select(func.count()).select_from(Office)).one() == len(read("offices.csv"))
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
