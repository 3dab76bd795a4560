from dataclasses import replace
from pathlib import Path

import pytest
from sqlmodel import Session, select

from models.category import LocalCategory
from models.organisation import Organisation
from models.place import Place
from services.places import place_packs
from services.rules import time_limits
from services.system.settings import settings
from services.words import local_files

HEAD = "category,unit,amount,clock,source,source_date,scope,mark\n"


@pytest.fixture
def folder() -> Path:
    local_files.forget()
    found = settings().local_folder
    found.mkdir(parents=True, exist_ok=True)
    return found


def unit(session: Session, kind: str = "property") -> Organisation:
    return session.exec(select(Organisation).where(Organisation.kind == kind)).first()  # type: ignore[return-value]


def put(folder: Path, lines: str) -> None:
    (folder / time_limits.FILE).write_text(HEAD + lines, encoding="utf-8")
    local_files.forget()


def told(found: time_limits.Limit) -> tuple[float, str]:
    return found.amount, found.clock


def test_there_is_always_a_limit(session: Session, place: Place) -> None:
    assert told(time_limits.of(session, place.area_id, None, None)) == (7, "work_day")
    assert told(time_limits.of(session, place.area_id, "06001", None)) == (20, "work_day")
    assert told(time_limits.of(session, place.area_id, "09012", unit(session))) == (24, "hour")
    assert told(time_limits.of(session, place.area_id, "no such", unit(session))) == (7, "work_day")


def test_the_most_specific_row_wins_and_says_what_it_displaces(session: Session, place: Place, folder: Path) -> None:
    firm = unit(session)
    rows = [
        f",{firm.code},6,work_day,x,,local,M",
        ",property,9,work_day,x,,local,M",
        "06036,property,2,work_day,x,,local,M",
        f"06036,{firm.code},5,work_hour,x,,local,M",
    ]
    expected = [(3, "work_day"), (2, "work_day"), (5, "work_hour")]
    for count, wanted in zip((2, 3, 4), expected, strict=True):
        put(folder, "\n".join(rows[:count]))
        assert told(time_limits.of(session, place.area_id, "06036", firm)) == wanted
    found = time_limits.candidates(session, place.area_id, "06036", firm)
    assert [(one.category, one.unit, one.origin) for one in found] == [
        ("06036", firm.code, "place"),
        ("06036", "property", "place"),
        ("06036", "", "program"),
        ("", firm.code, "place"),
        ("", "property", "place"),
        ("", "", "program"),
    ]
    assert told(time_limits.of(session, place.area_id, None, firm)) == (6, "work_day")
    assert told(time_limits.of(session, place.area_id, "06036", None)) == (3, "work_day")


def test_an_own_category_has_its_own_days(session: Session, place: Place, folder: Path) -> None:
    session.add(LocalCategory(code="95001", zh="本地", en="Local", deadline_days=4, origin="ledger.csv"))
    session.flush()
    found = time_limits.of(session, place.area_id, "95001", None)
    assert (found.amount, found.clock, found.origin, found.source) == (4, "work_day", "category", "ledger.csv")
    put(folder, "95001,,2,work_day,x,,local,M")
    assert told(time_limits.of(session, place.area_id, "95001", None)) == (2, "work_day")


def test_the_samples_of_other_cities_wait_until_a_place_names_them(
    session: Session, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert {one.scope for one in time_limits.presets()} == {"济源市", "公开样例"}
    assert all(one.mark == "S" for one in time_limits.presets())
    assert told(time_limits.of(session, place.area_id, "06012", None)) == (1, "work_day")
    told_by_pack = place_packs.pack(place.slug)
    chosen = replace(told_by_pack, playbook={**told_by_pack.playbook, "deadlines": ["济源市"]})
    monkeypatch.setattr(place_packs, "pack", lambda _slug: chosen)
    time_limits._book.cache_clear()
    found = time_limits.of(session, place.area_id, "06012", None)
    time_limits._book.cache_clear()
    assert (found.amount, found.clock, found.scope) == (5, "work_hour", "济源市")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("06036,,zero,work_day,x,,local,M", "amount"),
        ("06036,,-1,work_day,x,,local,M", "amount"),
        ("06036,,nan,work_day,x,,local,M", "amount"),
        ("06036,,3,weeks,x,,local,M", "clock"),
        ("06036,,3,day,x,,local,X", "mark"),
        ("06036,,3,day,x,,local,M\n06036,,4,day,x,,local,M", "already"),
    ],
)
def test_a_wrong_line_keeps_the_file_out(session: Session, place: Place, folder: Path, line: str, said: str) -> None:
    put(folder, line)
    assert said in time_limits.problems()[0].message
    assert told(time_limits.of(session, place.area_id, "06036", None)) == (3, "work_day")
