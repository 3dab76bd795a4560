"""What version 0002 of the schema held is held by this one, to the last value: upgraded in place, and from an archive.

``export_0002.zip`` was written by the last program that had that schema, with the key of the tests: six followed-up
issues, a whole line with two meetings, a topic that was judged twice, and a change of an import.
"""

import json
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, text
from sqlmodel import Session, col, func, select

from models import Account, Answer, Area, Event, Headcount, ImportChange, Matter, MatterCount, Meeting, Occasion, Place
from services.exporting import dumping, manifests, older_exports, restoring
from services.flows.action import actions
from services.flows.deliberation import verdicts
from services.flows.issue import follow_ups
from services.keep.verify import verify
from services.meetings import meetings
from services.system import db, schema
from services.system.errors import Refused
from tests.databases import DIALECTS, Templates, forget
from tests.services.exporting.test_full_export import edited, repacked

OLD = Path(__file__).with_name("export_0002.zip")
Table = list[dict[str, Any]]
Use = Callable[[str], str]


def table(name: str) -> Table:
    """The rows of a table as the old program wrote them."""
    with zipfile.ZipFile(OLD) as opened:
        entry = next(one for one in manifests.read(OLD, opened).files if one.table == name)
        return [dict(zip(entry.columns, json.loads(line), strict=True)) for line in opened.open(entry.file)]


@pytest.fixture
def use(templates: Templates, monkeypatch: pytest.MonkeyPatch) -> Iterator[Use]:
    """Let the program work on a fresh database of a dialect: one with the schema, or one without anything."""
    made: list[str] = []

    def of(dialect: str, template: str = "base") -> str:
        made.append(templates.copy(dialect, template))
        for name, value in {"DATABASE_URL": made[-1], "MODE": "demo", "KEY": "k" * 40}.items():
            monkeypatch.setenv(f"MULIN_{name}", value)
        forget()
        return made[-1]

    yield of
    forget()
    for url in made:
        templates.drop(url)


def upgraded(url: str) -> None:
    """Fill a database at schema 0002 in place, and upgrade it."""
    with db.engine(url).connect() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("DROP SCHEMA public CASCADE"))
            connection.execute(text("CREATE SCHEMA public"))
            connection.commit()
    forget()
    if url.startswith("sqlite"):
        path = Path(url.removeprefix("sqlite:///"))
        for ending in ("", "-wal", "-shm"):
            path.with_name(path.name + ending).unlink(missing_ok=True)
    schema.upgrade(url, "0002")
    with zipfile.ZipFile(OLD) as opened:
        older_exports.fill(db.engine(url), opened, manifests.read(OLD, opened))
    with Session(db.engine(url)) as session:
        assert session.execute(text("SELECT sum(answered) FROM matter_count")).scalar() == ANSWERED
    schema.upgrade(url)


ANSWERED = sum(
    all(row[name] is not None for name in ("contacted", "resolved", "satisfaction")) for row in table("follow_up")
)


def restored(_url: str) -> None:
    restoring.restore(OLD)


@pytest.mark.parametrize("way", [upgraded, restored])
@pytest.mark.parametrize("dialect", DIALECTS)
def test_everything_is_there_to_the_last_value(use: Use, dialect: str, way: Callable[[str], None]) -> None:
    way(use(dialect))
    with db.reading() as session:
        for name in ("area", "organisation", "venue", "event", "link", "opinion", "option", "tally", "publicity"):
            assert session.execute(text(f'SELECT count(*) FROM "{name}"')).scalar() == len(table(name)), name
        compare_meetings(session)
        compare_answers(session)
        [item] = table("action_item")
        assert actions.acceptance(session.get_one(Matter, item["matter_id"])) == item["acceptance"]
        assert session.exec(select(func.count()).where(col(Matter.detail).is_not(None))).one() >= 1
        kept = [json.loads(json.dumps(one.before)) for one in session.exec(select(ImportChange))]
        assert kept == [row["before"][0] for row in table("import_change")]
        report = verify(session)
        assert report.problems == []
        assert report.matters == len(table("matter"))
    goes_on()


def compare_meetings(session: Session) -> None:
    rows = table("meeting")
    found = {one.id: one for one in session.exec(select(Meeting))}
    assert set(found) == {row["id"] for row in rows}
    for row in rows:
        meeting = found[row["id"]]
        assert (meeting.occasion.matter_id, meeting.occasion.venue_id) == (row["matter_id"], row["venue_id"])
        assert meeting.occasion.starts_at.isoformat() == row["starts_at"]
        same = ("matter_id", "forum_id", "expected", "voting", "parties_invited", "resolution", "adopted_id")
        assert {name: getattr(meeting, name) for name in same} == {name: row[name] for name in same}
        came = {one["category"]: one["present"] for one in table("attendance") if one["meeting_id"] == row["id"]}
        assert meetings.attendance(session, meeting) == came
    assert session.exec(select(func.count()).select_from(Headcount)).one() == len(table("attendance")) > 0
    assert session.exec(select(func.count()).select_from(Occasion)).one() == len(rows) > 2


def compare_answers(session: Session) -> None:
    words = {True: "yes", False: "no", None: "unknown"}
    for row in table("follow_up"):
        told = {name: words[row[name]] for name in ("contacted", "resolved")}
        told["satisfaction"] = row["satisfaction"] or "unknown"
        assert follow_ups.newest(session, row["matter_id"]) == told
        assert {one.at.isoformat() for one in answers(session, row["matter_id"])} == {row["at"]}
    first, second = table("verdict")
    topic = session.get_one(Matter, first["matter_id"])
    for replaced, row in ((1, first), (0, second)):
        found = [one for one in answers(session, topic.id) if one.replaced == replaced]
        assert {one.question: one.number for one in found} == {name: row[name] for name in verdicts.COUNTED}
        assert {one.at.isoformat() for one in found} == {row["at"]}
    newest = verdicts.verdict(session, topic)
    assert newest and (newest.asked, newest.satisfied) == (second["asked"], second["satisfied"])
    assert session.exec(select(func.count()).select_from(Answer)).one() == 3 * len(table("follow_up")) + 8
    assert session.exec(select(func.sum(MatterCount.answered))).one() == ANSWERED > 0


def rows(session: Session) -> list[str]:
    return sorted(repr(one.model_dump()) for one in session.exec(select(Answer)))


def answers(session: Session, matter_id: int) -> list[Answer]:
    return list(session.exec(select(Answer).where(Answer.matter_id == matter_id)))


def goes_on() -> None:
    """Numbers, triggers and meetings go on from there."""
    with db.writing() as session:
        place = session.exec(select(Place)).one()
        matter = session.exec(select(Matter).where(Matter.flow == "issue", Matter.state == "visited")).first()
        assert matter
        before = session.exec(select(func.sum(MatterCount.answered))).one()
        session.execute(delete(Answer).where(col(Answer.matter_id) == matter.id))
        session.flush()
        assert session.exec(select(func.sum(MatterCount.answered))).one() in (before, before - 1)
        area = session.get_one(Area, place.area_id)
        occasion = Occasion(matter_id=matter.id, starts_at=matter.opened_at, place=area.name)
        session.add(occasion)
        session.flush()
        assert occasion.id == max(row["id"] for row in table("meeting")) + 1
        assert [problem.kind for problem in verify(session).problems] == []


@pytest.mark.parametrize("dialect", DIALECTS)
def test_what_came_from_an_old_archive_leaves_and_comes_back(use: Use, tmp_path: Path, dialect: str) -> None:
    use(dialect)
    told = restoring.restore(OLD)
    with db.reading() as session:
        before = rows(session)
        assert session.exec(select(Account.login)).all() == [row["login"] for row in table("account")]
    assert told.made_at == json.loads(zipfile.ZipFile(OLD).read("manifest.json"))["made_at"]
    dumping.write(tmp_path / "again.zip", "root")
    use(dialect)
    restoring.restore(tmp_path / "again.zip")
    with db.reading() as session:
        assert rows(session) == before
        assert session.exec(select(func.count()).select_from(Event)).one() == len(table("event"))


def test_a_broken_old_archive_leaves_nothing_behind(use: Use, tmp_path: Path) -> None:
    use("sqlite")
    wrong = repacked(
        OLD, tmp_path / "bad.zip", tables__follow_up=b'[99999,"2026-01-01T00:00:00+00:00",true,true,null]\n'
    )
    with pytest.raises(Refused, match="do not fit together"):
        restoring.restore(wrong, unsealed=True)
    strange = repacked(OLD, tmp_path / "strange.zip", **{"manifest.json": edited(OLD, schema_version=schema.head())})
    with pytest.raises(Refused, match="a table that this schema does not have"):
        restoring.restore(strange, unsealed=True)
    changed = repacked(OLD, tmp_path / "changed.zip", **{"manifest.json": edited(OLD, made_at="2020-01-01")})
    with pytest.raises(Refused, match="does not fit MULIN_KEY"):
        restoring.restore(changed)
    with db.reading() as session:
        assert session.exec(select(func.count()).select_from(Area)).one() == 0
