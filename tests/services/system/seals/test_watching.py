"""Whatever way the program writes, what it wrote is sealed when the transaction ends, on both databases."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import insert, text
from sqlmodel import Session, col, delete, select, update

import services.registry  # noqa: F401
from models.account import Account
from models.answer import Answer
from models.area import Area
from models.matter import Link, Matter
from models.occasion import Headcount, Occasion
from models.place import Place, Venue
from models.seal import Seal
from services.flows.issue import issues
from services.keep import sealed_rows
from services.parts import answers
from services.rights.permissions import Actor
from services.system import clock, db
from services.system.settings import ROOT


@pytest.fixture
def pair(session: Session, place: Place, actor: Callable[[str], Actor]) -> tuple[Matter, Matter]:
    made = [
        issues.create(session, actor("secretary"), issues.NewIssue(title=title, area_id=place.area_id))
        for title in ("lamp", "door")
    ]
    session.commit()
    return made[0], made[1]


def _sound(session: Session) -> bool:
    session.commit()
    return list(sealed_rows.findings(session)) == []


def test_rows_made_changed_and_deleted_as_objects(session: Session, pair: tuple[Matter, Matter]) -> None:
    link = Link(source_id=pair[0].id, target_id=pair[1].id, kind="duplicate_of")
    session.add(link)
    pair[0].title = "another"
    assert _sound(session)
    link.kind = "discussed_in"
    assert _sound(session)
    session.delete(link)
    assert _sound(session)


def test_a_row_that_comes_to_hang_on_something_else(session: Session, pair: tuple[Matter, Matter]) -> None:
    venue = session.exec(select(Venue)).first()
    assert venue
    occasion = Occasion(matter_id=pair[0].id, venue_id=venue.id, starts_at=clock.now())
    link = Link(source_id=pair[0].id, target_id=pair[1].id, kind="duplicate_of")
    session.add_all([occasion, link])
    assert _sound(session)
    link.source_id, link.target_id = link.target_id, link.source_id
    occasion.matter_id = pair[1].id
    assert _sound(session)
    occasion.matter_id = None
    assert _sound(session)
    session.add(Headcount(occasion_id=occasion.id, category="residents", present=3))
    assert _sound(session)
    assert session.get(Seal, ("occasion", occasion.id)) is not None


def test_rows_whose_key_changes(session: Session, pair: tuple[Matter, Matter]) -> None:
    for told in ("yes", "no", "unknown"):
        answers.put(session, pair[0].id, "reporter", {"resolved": told, "contacted": "yes"}, clock.now())
    assert _sound(session)
    answers.correct(session, pair[0].id, "reporter", {"resolved": "yes"})
    assert _sound(session)


def test_statements_on_many_rows(session: Session, pair: tuple[Matter, Matter]) -> None:
    answers.put(session, pair[0].id, "reporter", {"resolved": "yes"}, clock.now())
    session.exec(update(Matter).where(col(Matter.id) == pair[1].id).values(repeats_id=pair[0].id, lng=112.5))
    session.exec(update(Area).values(households=col(Area.id) + 7))
    assert _sound(session)
    session.exec(delete(Answer).where(col(Answer.matter_id) == pair[0].id))
    assert _sound(session)


def test_what_was_rolled_back_is_not_sealed(session: Session, place: Place, pair: tuple[Matter, Matter]) -> None:
    assert pair
    session.add(Account(login="one", name="One", role="staff", area_id=place.area_id))
    session.flush()
    session.rollback()
    with session.begin_nested() as inner:
        session.add(Account(login="two", name="Two", role="staff", area_id=place.area_id))
        session.flush()
        inner.rollback()
    session.add(Account(login="three", name="Three", role="staff", area_id=place.area_id))
    with session.begin_nested():
        session.add(Account(login="four", name="Four", role="staff", area_id=place.area_id))
    assert _sound(session)
    assert set(session.exec(select(Account.login).where(col(Account.login).in_(("one", "two", "three", "four"))))) == {
        "three",
        "four",
    }


def test_a_flush_within_a_transaction_sees_its_own_marks(session: Session, place: Place) -> None:
    account = Account(login="one", name="One", role="staff", area_id=place.area_id)
    session.add(account)
    session.flush()
    account.role = "viewer"
    session.flush()
    session.delete(account)
    session.flush()
    session.add(Account(login="one", name="Again", role="staff", area_id=place.area_id))
    assert _sound(session)


def test_a_statement_that_adds_rows_is_refused_as_nobody_would_know_them(session: Session) -> None:
    with pytest.raises(RuntimeError, match="sealed table"):
        session.execute(insert(Link).values(source_id=1, target_id=2, kind="x"))


def test_another_program_is_not_sealed(session: Session, pair: tuple[Matter, Matter]) -> None:
    session.execute(text(f"UPDATE matter SET title = 'x' WHERE id = {pair[0].id}"))
    session.commit()
    [found] = sealed_rows.findings(session)
    assert (found.number, found.params["field"]) == (pair[0].number, "title")


def test_two_writers_at_once_leave_sound_seals(pair: tuple[Matter, Matter]) -> None:
    def write(number: int) -> None:
        with db.writing() as session:
            matter = session.get_one(Matter, pair[number % 2].id)
            session.add(Link(source_id=matter.id, target_id=matter.id, kind=f"k{number}"))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(12)))
    with db.reading() as session:
        assert list(sealed_rows.findings(session)) == []


# The files that write or read on the connection, past the session, and what they do about seals there.
PAST = {
    "services/demo/bulk_records.py": "seals itself",
    "services/exporting/carried_seals.py": "seals itself",
    "services/exporting/dumping.py": "reads",
    "services/exporting/filling.py": "the seals come along, or all is sealed after",
    "services/exporting/lists/biography_lists.py": "reads",
    "services/exporting/lists/list_requests.py": "reads",
    "services/exporting/lists/matter_lists.py": "reads",
    "services/exporting/lists/record_lists.py": "reads",
    "services/flows/issue/recurrences.py": "seals itself",
    "services/importing/batch/made_on_the_way.py": "reads",
    "services/importing/matters/known.py": "reads",
    "services/importing/matters/write.py": "seals itself",
    "services/keep/backup_postgresql.py": "reads",
    "services/keep/backup_sqlite.py": "copies the file",
    "services/keep/file_damage.py": "reads",
    "services/keep/heads.py": "reads",
    "services/keep/key_rotation.py": "chains alone; seals everything again after",
    "services/keep/sealed_rows.py": "reads",
    "services/keep/unreadable.py": "reads",
    "services/keep/verify.py": "reads",
    "services/matters/bulk_counts.py": "only the counts, which verify counts again",
    "services/matters/search.py": "only the index",
    "services/matters/search_drafts.py": "only the index",
    "services/system/bulk.py": "the way itself",
    "services/system/db.py": "begins and locks",
    "services/people/attempts.py": "only what no seal covers",
    "services/people/failures.py": "only what no seal covers",
    "services/system/running.py": "reads",
    "services/system/schema.py": "migrations; adopts after",
    "services/system/schema_check.py": "reads",
    "services/system/schema_catalogue.py": "reads; makes a schema of its own in a transaction that is taken back",
    "services/system/schema_objects.py": "reads",
}
_PAST = re.compile(
    r"connection\(\)\.execute\(|exec_driver_sql\(|\b(?:put|finish)\(session, [_A-Z]|\bconnection\.execute\("
)


def test_every_file_that_goes_past_the_session_is_known() -> None:
    """A new one seals what it writes: by ``settling.enter``, ``rows.rewritten``, or by going through the session."""
    found = {
        str(path.relative_to(ROOT))
        for path in Path(ROOT, "services").rglob("*.py")
        if "seals" not in path.parent.name and _PAST.search(path.read_text(encoding="utf-8"))
    }
    assert found == PAST.keys()
