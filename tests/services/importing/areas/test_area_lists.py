"""Lists of areas as offices keep them: the place in the first row, a count of the rows, households with a word."""

from pathlib import Path

import pytest
from sqlmodel import select

from models.area import Area
from services.importing.batch import batches
from services.importing.guess import column_guesses
from services.importing.job import reports
from services.importing.source.source import open_source
from services.importing.target import new_places
from services.rights.permissions import Actor
from services.system import db

pytestmark = pytest.mark.usefixtures("database")
ADMIN = Actor(None, "admin", "admin")


def _brought_in(path: Path) -> tuple[reports.Report, reports.Report]:
    """What the check said and what was written, as the page does it for a new place."""
    with open_source(path) as source, db.reading() as session:
        slug, ground = new_places.ground(session, "柳塘街道", "street", "LT")
        told = column_guesses.guess(session, source, 0, "areas", None, slug, ground)
        foreseen = batches.preview(session, ADMIN, source, 0, told)
    with open_source(path) as source:
        return foreseen, batches.run(ADMIN, source, 0, told, good_rows_only=True)


def _list(folder: Path, *lines: str) -> Path:
    path = folder / "areas.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def _areas() -> dict[str, Area]:
    with db.reading() as session:
        return {area.name: area for area in session.exec(select(Area).where(Area.path.startswith("LT/")))}


def test_a_list_that_begins_with_the_place_itself_is_its_tree(tmp_path: Path) -> None:
    rows = ("1,柳塘街道,街道,,", "2,青山社区,社区,柳塘街道,2474", "3,青山社区第1网格,网格,青山社区,503户")
    path = _list(tmp_path, "序号,名称,层级,上级,户数", *rows)
    foreseen, written = _brought_in(path)
    assert (foreseen.new, foreseen.unchanged, foreseen.refused) == (written.new, written.unchanged, 0) == (2, 1, 0)
    found = _areas()
    assert [found[name].level for name in ("柳塘街道", "青山社区", "青山社区第1网格")] == [
        "street",
        "community",
        "grid",
    ]
    assert found["青山社区第1网格"].households == 503
    assert found["青山社区第1网格"].path.startswith(found["青山社区"].path)
    assert found["青山社区"].code != "2"


def test_households_of_the_place_itself_are_a_change_of_it(tmp_path: Path) -> None:
    path = _list(tmp_path, "名称,层级,上级,户数", '柳塘街道,街道,,"12,400"', "青山社区,社区,柳塘街道,2474户")
    foreseen, written = _brought_in(path)
    assert (foreseen.new, foreseen.changed) == (written.new, written.changed) == (1, 1)
    assert _areas()["柳塘街道"].households == 12_400


def test_the_place_under_its_official_code_is_still_the_place(tmp_path: Path) -> None:
    rows = ("430103001,柳塘街道,街道,", "430103001001,青山社区,社区,430103001", "430103001002,绿水社区,社区,")
    path = _list(tmp_path, "区划代码,名称,层级,上级编码", *rows)
    _, written = _brought_in(path)
    assert (written.new, written.refused, written.errors) == (2, 0, [])
    found = _areas()
    assert found["柳塘街道"].code == "LT"
    assert {found[name].parent_id for name in ("青山社区", "绿水社区")} == {found["柳塘街道"].id}


def test_a_list_without_levels_begins_with_the_place_when_others_lie_in_it(tmp_path: Path) -> None:
    _, written = _brought_in(_list(tmp_path, "名称,上级", "柳塘街道,", "青山社区,柳塘街道"))
    assert (written.new, written.unchanged, written.refused) == (1, 1, 0)
    assert _areas()["青山社区"].level == "community"


def test_about_so_many_is_no_count(tmp_path: Path) -> None:
    rows = ("青山社区,社区,2474户", "绿水社区,社区,300人次", "红旗社区,社区,约600")
    foreseen, _ = _brought_in(_list(tmp_path, "名称,层级,户数", *rows))
    assert [(error.row, error.column) for error in foreseen.errors] == [(4, "户数")]
