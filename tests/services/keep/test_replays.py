"""Somebody with the database and an older copy of it, without the key: what was true once is put back with its seal."""

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import text
from sqlmodel import Session, col, select

import services.registry  # noqa: F401
from models.account import Account
from models.area import Area
from models.audit import AuditLine
from models.matter import Matter
from models.place import Place
from models.seal import Seal, SealHead
from services.engine import starting, workflow
from services.flows.issue import issues
from services.keep import settling
from services.keep.verify import Problem, verify
from services.people import accounts
from services.rights import audit
from services.rights.permissions import Actor
from services.system import db, schema
from tests.services.keep.tampering import Tamperer

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

_TABLES = ("matter", "event", "seal", "serial", "audit_line", "account", "area")
_PASSWORD = "Kx7!pouring-Rain"


class Copy:
    """The rows of some tables as they were."""

    def __init__(self, tamperer: Tamperer) -> None:
        self._tamperer = tamperer
        for table in _TABLES:
            tamperer.run(f"CREATE TEMP TABLE old_{table} AS SELECT * FROM main.{table}")

    def back(self, table: str, where: str) -> list[str]:
        """The statements that put rows back as they were."""
        put = f"INSERT INTO main.{table} SELECT * FROM old_{table} WHERE {where}"
        return [f"DELETE FROM main.{table} WHERE {where}", put]


@pytest.fixture
def begun(session: Session, place: Place, actor: Callable[[str], Actor]) -> str:
    """The number of an issue that was raised a moment ago; the audit has three lines."""
    made = issues.create(session, actor("secretary"), issues.NewIssue(title="lamp", area_id=place.area_id))
    for number in range(3):
        audit.write(session, "tester", "test", str(number))
    session.commit()
    return made.number


@pytest.fixture
def tamperer(begun: str) -> Iterator[Tamperer]:
    assert begun
    made = Tamperer()
    yield made
    made.close()


def _problems(tamperer: Tamperer, *statements: str) -> list[Problem]:
    return tamperer.found_after(*statements).problems


def _goes_on(session: Session, number: str, actor: Actor, place: Place) -> None:
    """Something honest happens to the matter, another one is raised, an account is made and closed."""
    matter = session.exec(select(Matter).where(Matter.number == number)).one()
    workflow.move(session, actor, number, "accept", matter.version, {"category": "01037"})
    issues.create(session, actor, issues.NewIssue(title="door", area_id=place.area_id))
    made = {"login": "li.na", "name": "Li Na", "role": "staff", "password": _PASSWORD, "area_id": place.area_id}
    accounts.deactivate(session, "tester", accounts.create(session, "tester", **made))  # type: ignore[arg-type]
    session.commit()


def test_a_matter_cut_back_with_its_events_its_head_and_its_seal_is_found_by_name(
    tamperer: Tamperer, begun: str, session: Session, place: Place, actor: Callable[[str], Actor]
) -> None:
    copy = Copy(tamperer)
    _goes_on(session, begun, actor("secretary"), place)
    its = f"matter_id = (SELECT id FROM matter WHERE number = '{begun}')"
    whole = f"kind = 'matter' AND of = (SELECT id FROM matter WHERE number = '{begun}')"
    found = _problems(
        tamperer, *copy.back("event", its), *copy.back("seal", whole), *copy.back("matter", f"number = '{begun}'")
    )
    assert [(one.kind, one.number) for one in found] == [("seal", begun)]
    assert "earlier state" in found[0].message


def test_the_newest_matter_removed_with_its_number_its_seal_and_the_series_is_found(
    tamperer: Tamperer, begun: str, session: Session, place: Place, actor: Callable[[str], Actor]
) -> None:
    copy = Copy(tamperer)
    _goes_on(session, begun, actor("secretary"), place)
    newest = "(SELECT max(id) FROM matter)"
    series = [(row.of, row.kind) for row in session.exec(select(Seal).where(Seal.kind == "serial"))]
    session.rollback()
    found = _problems(
        tamperer,
        f"DELETE FROM seal WHERE kind = 'matter' AND of = {newest}",
        f"DELETE FROM event WHERE matter_id = {newest}",
        f"DELETE FROM matter WHERE id = {newest}",
        *copy.back("serial", "series <> 'audit'"),
        *[line for of, kind in series for line in copy.back("seal", f"kind = '{kind}' AND of = {of}")],
    )
    assert "removed together with its seal" in " ".join(one.message for one in found)


def test_the_tail_of_the_audit_cut_with_its_count_and_its_seal_is_found(
    tamperer: Tamperer, begun: str, session: Session, place: Place, actor: Callable[[str], Actor]
) -> None:
    copy = Copy(tamperer)
    _goes_on(session, begun, actor("secretary"), place)
    found = _problems(
        tamperer,
        "DELETE FROM audit_line WHERE seq > 3",
        *copy.back("serial", "series = 'audit'"),
        *copy.back("seal", "kind = 'serial' AND held LIKE '%audit%'"),
    )
    assert [one.kind for one in found] == ["seal"]
    assert "earlier state" in found[0].message


def test_a_closed_account_opened_again_by_an_older_row_with_its_seal_is_found(
    tamperer: Tamperer, session: Session, place: Place
) -> None:
    made = accounts.create(
        session, "t", login="li.na", name="Li", role="staff", password=_PASSWORD, area_id=place.area_id
    )
    session.commit()
    copy = Copy(tamperer)
    accounts.deactivate(session, "t", made)
    session.commit()
    its = [*copy.back("account", f"id = {made.id}"), *copy.back("seal", f"kind = 'account' AND of = {made.id}")]
    [found] = _problems(tamperer, *its)
    assert (found.number, "earlier state" in found.message) == (f"account {made.id}", True)


def test_a_row_removed_with_its_seal_is_found(tamperer: Tamperer) -> None:
    forum = "(SELECT max(id) FROM forum)"
    [found] = _problems(
        tamperer, f"DELETE FROM seal WHERE kind = 'forum' AND of = {forum}", f"DELETE FROM forum WHERE id = {forum}"
    )
    assert (found.kind, "together with its seal" in found.message) == ("removed", True)


def test_several_rows_removed_with_their_seals_are_found(tamperer: Tamperer) -> None:
    [found] = _problems(tamperer, "DELETE FROM seal WHERE kind = 'office'", "DELETE FROM office")
    assert found.params["left"] == 0


def test_the_seal_of_another_row_proves_nothing(tamperer: Tamperer) -> None:
    one, other = "(SELECT min(of) FROM seal WHERE kind = 'area')", "(SELECT max(of) FROM seal WHERE kind = 'area')"
    taken = f"SELECT held, mac FROM seal WHERE kind = 'area' AND of = {other}"
    assert _problems(tamperer, f"UPDATE seal SET (held, mac) = ({taken}) WHERE kind = 'area' AND of = {one}")


def test_all_seals_taken_away_begin_anew_with_a_line_that_says_so(
    begun: str, session: Session, place: Place, actor: Callable[[str], Actor]
) -> None:
    writer = actor("secretary")
    session.rollback()
    settling.settle()
    starting.start("tester")
    with db.reading() as other:
        assert verify(other).problems == []
    with db.writing() as thief:
        thief.execute(text("UPDATE matter SET title = 'stolen'"))
        thief.execute(text("DELETE FROM seal"))
        thief.execute(text("DELETE FROM seal_head"))
    with db.writing() as other:
        issues.create(other, writer, issues.NewIssue(title="door", area_id=place.area_id))
    with db.reading() as other:
        assert [one.number for one in verify(other).problems] == ["seal"]
    schema.upgrade()
    starting.start("tester")
    with db.reading() as other:
        report = verify(other)
        lines = other.exec(select(AuditLine).where(AuditLine.act == "sealed").order_by(col(AuditLine.seq))).all()
    assert [(one.kind, one.number) for one in report.problems] == [("seal", "audit")]
    assert [line.data["why"] for line in lines if line.data] == ["upgrade", "missing"]
    assert begun


def test_work_that_goes_on_does_not_hide_what_was_changed_before(
    begun: str, session: Session, actor: Callable[[str], Actor], place: Place
) -> None:
    with db.writing() as thief:
        thief.execute(text(f"UPDATE matter SET title = 'stolen' WHERE number = '{begun}'"))
        thief.execute(text("UPDATE area SET households = 1 WHERE level = 'street'"))
    session.expire_all()
    _goes_on(session, begun, actor("secretary"), place)
    area = session.exec(select(Area).where(Area.level == "street")).one()
    area.name = "New name"
    session.add(area)
    session.commit()
    assert sorted(str(one.params["field"]) for one in verify(session).problems) == ["households", "title"]


def test_an_id_given_again_after_a_row_was_taken_away_shows_that_it_was(session: Session, place: Place) -> None:
    made = {"role": "staff", "password": _PASSWORD, "area_id": place.area_id}
    first = accounts.create(session, "t", login="li.na", name="Li", **made)  # type: ignore[arg-type]
    session.commit()
    with db.writing() as thief:
        thief.execute(text("DELETE FROM account WHERE login = 'li.na'"))
    with db.writing() as later:
        second = accounts.create(later, "t", login="wang", name="Wang", **made)  # type: ignore[arg-type]
    assert second.id == first.id
    with db.reading() as other:
        [found] = verify(other).problems
    assert found.params["field"] == "login"


def test_a_head_from_before_is_found(tamperer: Tamperer, session: Session, place: Place) -> None:
    tamperer.run("CREATE TEMP TABLE old_seal_head AS SELECT * FROM main.seal_head")
    session.add(Account(login="wang", name="Wang", role="staff", area_id=place.area_id))
    session.commit()
    assert _problems(tamperer, "DELETE FROM main.seal_head", "INSERT INTO main.seal_head SELECT * FROM old_seal_head")


def test_without_the_head_nothing_is_vouched_for_and_work_goes_on(session: Session, place: Place) -> None:
    session.execute(text("DELETE FROM seal_head"))
    session.commit()
    session.add(Account(login="wang", name="Wang", role="staff", area_id=place.area_id))
    session.commit()
    assert session.exec(select(SealHead)).all() == []
    assert [one.number for one in verify(session).problems] == ["seal"]
