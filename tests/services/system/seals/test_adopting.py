"""An upgrade seals what it finds, once; later only columns and tables that have come, never what was changed."""

from collections.abc import Callable

import pytest
from sqlalchemy import text
from sqlmodel import Session, col, select

import services.registry  # noqa: F401
from models.audit import AuditLine
from models.matter import Matter
from models.place import Place
from models.seal import Seal
from services.engine import starting
from services.flows.issue import issues
from services.keep.verify import verify
from services.rights.permissions import Actor
from services.system import db, schema
from services.system.seals import adopting, head, tables

pytestmark = pytest.mark.usefixtures("settled")


@pytest.fixture
def issue(session: Session, place: Place, actor: Callable[[str], Actor]) -> Matter:
    made = issues.create(session, actor("secretary"), issues.NewIssue(title="lamp", area_id=place.area_id))
    session.commit()
    return made


def _as_if_just_upgraded() -> None:
    """The moment at which a database of before has got the tables of the seals, still empty."""
    with db.engine().begin() as connection:
        for name in ("seal", "seal_head"):
            connection.execute(text(f"DELETE FROM {name}"))
        adopting.adopt(connection, sealed=False)


def test_a_database_of_before_is_sealed_as_it_is_found_and_verify_says_since_when(issue: Matter) -> None:
    _as_if_just_upgraded()
    schema.upgrade()
    starting.start("tester")
    starting.start("tester")
    with db.reading() as session:
        report = verify(session)
        [line] = session.exec(select(AuditLine).where(AuditLine.act == "sealed")).all()
    assert report.problems == []
    assert report.as_found > 100
    assert line.data
    assert report.since
    assert (line.data["why"], line.data["since"]) == ("upgrade", report.since.isoformat())
    with db.writing() as session:
        session.execute(text(f"UPDATE matter SET title = 'x' WHERE id = {issue.id}"))
    with db.reading() as session:
        assert [one.number for one in verify(session).problems] == [issue.number]


def _as_before(session: Session, dropped: Callable[[dict[str, list[str]]], object]) -> None:
    """As if the seals had been made by a version that didn't know some columns."""
    connection = session.connection()
    known, shape = head.head(connection), tables.shape()
    assert known
    dropped(shape)
    head.cover(connection, known, shape)
    head.save(connection, known)


def test_a_column_that_has_come_is_sealed_as_found_and_nothing_else_is(session: Session, issue: Matter) -> None:
    _as_before(session, lambda shape: shape["matter"].remove("location"))
    session.execute(text("UPDATE matter SET location = 'Gate 3', title = 'stolen'"))
    session.commit()
    schema.upgrade()
    assert [one.params["field"] for one in verify(session).problems] == ["title"]
    session.execute(text("UPDATE matter SET location = 'Gate 4', title = 'lamp'"))
    assert [one.params["field"] for one in verify(session).problems] == ["location"]
    assert issue


def test_a_table_that_has_come_is_sealed_as_found(session: Session, issue: Matter) -> None:
    session.exec(select(Seal).where(Seal.kind == "venue"))
    connection = session.connection()
    known = head.head(connection)
    assert known
    known.sums.pop("venue")
    connection.execute(text("DELETE FROM seal WHERE kind = 'venue'"))
    head.save(connection, known)
    _as_before(session, lambda shape: shape.pop("venue"))
    session.commit()
    schema.upgrade()
    assert verify(session).problems == []
    assert session.exec(select(col(Seal.of)).where(Seal.kind == "venue")).all()
    assert issue


def test_the_shape_cannot_be_written_by_hand(session: Session, issue: Matter) -> None:
    session.execute(text("UPDATE seal_head SET told = replace(told, '\"title\",', '') WHERE name = 'shape'"))
    session.execute(text("UPDATE matter SET title = 'stolen'"))
    session.commit()
    schema.upgrade()
    assert [one.number for one in verify(session).problems] == ["seal"]
    assert issue


def test_everything_can_be_sealed_again_and_is_vouched_for_since_as_long_as_before(
    session: Session, issue: Matter
) -> None:
    before = head.head(session.connection())
    adopting.again(session.connection())
    assert verify(session).problems == []
    now = head.head(session.connection())
    assert before and now and (now.at, now.found, now.why) == (before.at, before.found, before.why)
    assert issue
