"""Names of areas as ledgers write them: with or without the community in front of the grid."""

from pathlib import Path

import pytest
from sqlmodel import Session

from models.area import Area
from services.importing.areas.names import AreaNames
from services.importing.guess import unknown_words
from services.importing.source.source import open_source
from services.system import db
from tests.services.importing.ledgers import file, ledger, told

ROWS = (
    ("LT", "柳塘街道", "street"),
    ("LT/1", "青山社区", "community"),
    ("LT/1/1", "青山社区第1网格", "grid"),
    ("LT/1/2", "第2网格", "grid"),
    ("LT/2", "绿水社区", "community"),
    ("LT/2/1", "绿水第1网格", "grid"),
    ("LT/2/2", "第2网格", "grid"),
    ("LT/2/3", "第11网格", "grid"),
)


@pytest.fixture
def names() -> AreaNames:
    """A sub-district whose communities number their grids each in its own way."""
    return AreaNames(Area(code=path, name=name, level=level, path=f"{path}/") for path, name, level in ROWS)


@pytest.mark.parametrize(
    ("word", "under", "code"),
    [
        ("第1网格", "LT/1/", "LT/1/1"),
        ("青山社区第1网格", "LT/1/", "LT/1/1"),
        ("青山第2网格", "LT/1/", "LT/1/2"),
        ("第1网格", "LT/2/", "LT/2/1"),
        ("绿水社区第1网格", "LT/2/", "LT/2/1"),
        ("绿水社区第2网格", "LT/2/", "LT/2/2"),
        ("1", "LT/2/", "LT/2/1"),
        ("第一网格", "LT/1/", "LT/1/1"),
        ("第一网格", "LT/2/", "LT/2/1"),
        ("绿水社区第二网格", "LT/2/", "LT/2/2"),
        ("第十一网格", "LT/2/", "LT/2/3"),
        ("第1网格", "", None),
        ("第3网格", "LT/1/", None),
        ("青山社区", "LT/1/", "LT/1"),
    ],
)
def test_a_grid_is_known_with_and_without_its_community_in_front(
    names: AreaNames, word: str, under: str, code: str | None
) -> None:
    found = names.find(word, under, "" if word == "青山社区" else "grid")
    assert (found.code if found else None) == code


def test_an_exact_name_comes_before_a_shortened_one(names: AreaNames) -> None:
    names.add(Area(code="LT/1/9", name="第1网格", level="grid", path="LT/1/9/"))
    found = names.find("第1网格", "LT/1/", "grid")
    assert found is not None and found.code == "LT/1/9"


@pytest.mark.usefixtures("place")
def test_areas_that_are_not_here_yet_are_told_before_they_are_made(session: Session, tmp_path: Path) -> None:
    session.rollback()

    def strange(*changes: dict[str, str]) -> tuple[list[str], bool]:
        with open_source(file(tmp_path, ledger(*changes))) as source, db.reading() as reading:
            found = unknown_words.find(reading, source, 0, told())
            return found.strange, found.astray

    assert strange({"网格": "第三网格"}) == ([], False)
    assert strange({"网格": "第三网格"}, {"网格": "火星网格"}) == (["火星网格"], False)
    assert strange({"网格": "火星网格"}, {"网格": "金星网格"}) == (["火星网格", "金星网格"], True)
