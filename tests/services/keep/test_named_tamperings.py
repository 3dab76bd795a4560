"""The decision and all around it: each way to bend it that an attack has tried is found, and named in a sentence."""

from collections.abc import Iterator

import pytest

import services.registry  # noqa: F401
from services.keep.verify import VerifyReport, verify
from tests.services.keep.tampering import Tamperer

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

_FIRST, _SECOND = "(SELECT min(id) FROM matter)", "(SELECT max(id) FROM matter)"

# What was done, and in which words the report must name it: the field, or the table.
WAYS: dict[str, tuple[str, str]] = {
    "resolution": ("UPDATE meeting SET resolution = 'Dark.'", "resolution"),
    "resolution emptied": ("UPDATE meeting SET resolution = ''", "resolution"),
    "adopted option": ("UPDATE meeting SET adopted_id = adopted_id + 1", "adopted_id"),
    "option title": ("UPDATE option SET title = 'No lamp'", "title"),
    "option made an abstention": ("UPDATE option SET abstain = 1", "abstain"),
    "option order": ("UPDATE option SET seq = 9", "seq"),
    "option added": (
        "INSERT INTO option (meeting_id, seq, title, abstain) SELECT id, 2, 'B', 0 FROM meeting",
        "option",
    ),
    "option removed": ("DELETE FROM option", "option"),
    "votes": ("UPDATE tally SET votes = 99 WHERE counter = 1", "votes"),
    "second count": ("UPDATE tally SET votes = 99 WHERE counter = 2", "votes"),
    "second count removed": ("DELETE FROM tally WHERE counter = 2", "tally"),
    "votes in another channel": ("UPDATE tally SET channel = 'online' WHERE counter = 1", "channel"),
    "attendance": ("UPDATE headcount SET present = 99", "present"),
    "attendance added": ("INSERT INTO headcount SELECT occasion_id, 'others', 9 FROM headcount LIMIT 1", "headcount"),
    "quorum base": ("UPDATE meeting SET expected = 1", "expected"),
    "day of the invitation": ("UPDATE meeting SET notified_on = '2026-10-01'", "notified_on"),
    "parties invited": ("UPDATE meeting SET parties_invited = 1", "parties_invited"),
    "end of the meeting": ("UPDATE meeting SET ended_at = '2026-11-02 10:00:00.000000'", "ended_at"),
    "start of the meeting": ("UPDATE occasion SET starts_at = '2026-11-01 08:00:00.000000'", "starts_at"),
    "hall of the meeting": ("UPDATE occasion SET place = 'Yard' WHERE matter_id IS NOT NULL", "place"),
    "opinion": ("UPDATE opinion SET text = 'Never.'", "text"),
    "opinion of others": ("UPDATE opinion SET category = 'owners'", "category"),
    "opinion removed": ("DELETE FROM opinion", "opinion"),
    "opinion added": (
        "INSERT INTO opinion (meeting_id, category, text, at) SELECT meeting_id, category, 'y', at FROM opinion",
        "opinion",
    ),
    "meeting removed": ("DELETE FROM meeting", "removed"),
    "objection": ("UPDATE objection SET text = 'Fine'", "text"),
    "answer to an objection": ("UPDATE objection SET reply = 'No.'", "reply"),
    "objection removed": ("DELETE FROM objection", "objection"),
    "first day of the notice": ("UPDATE publicity SET starts_on = '2026-10-01'", "starts_on"),
    "last day of the notice": ("UPDATE publicity SET ends_on = '2026-11-04'", "ends_on"),
    "place of the notice": ("UPDATE publicity SET location = 'Cellar'", "location"),
    "notice removed": ("DELETE FROM publicity", "removed"),
    "verdict": ("UPDATE answer SET number = 1", "number"),
    "follow-up": ("UPDATE answer SET value = 'yes', number = NULL", "value"),
    "follow-up removed": ("DELETE FROM answer", "answer"),
    "answer replaced": ("UPDATE answer SET replaced = 1", "answer"),
    "forum": ("UPDATE deliberation SET forum_id = forum_id + 1", "forum_id"),
    "grade": ("UPDATE deliberation SET grade = 'minor'", "grade"),
    "parties in words": ("UPDATE deliberation SET parties = 'nobody'", "parties"),
    "party": ("UPDATE party SET answer = 'no'", "answer"),
    "party removed": ("DELETE FROM party", "party"),
    "party's rating": ("UPDATE party SET rating_given = 'satisfied'", "rating_given"),
    "link": ("UPDATE link SET kind = 'discussed_in'", "kind"),
    "link removed": ("DELETE FROM link", "link"),
    "merge": (f"INSERT INTO link (source_id, target_id, kind) VALUES ({_FIRST}, {_SECOND}, 'duplicate_of')", "link"),
    "clause": ("UPDATE clause SET text = 'It is dark.'", "text"),
    "clause kept": ("UPDATE clause SET state = 'fulfilled'", "state"),
    "clause due": ("UPDATE clause SET due = '2027-12-01'", "due"),
    "title": (f"UPDATE matter SET title = 'Other' WHERE id = {_FIRST}", "title"),
    "description": (f"UPDATE matter SET description = 'Other' WHERE id = {_FIRST}", "description"),
    "location": (f"UPDATE matter SET location = 'Gate 4' WHERE id = {_FIRST}", "location"),
    "point": (f"UPDATE matter SET lng = lng + 0.001 WHERE id = {_FIRST}", "lng"),
    "area": (f"UPDATE matter SET area_id = area_id + 1 WHERE id = {_FIRST}", "area_id"),
    "category": (f"UPDATE matter SET category = '90005' WHERE id = {_SECOND}", "category"),
    "unit": (f"UPDATE matter SET unit_id = 1 WHERE id = {_FIRST}", "unit_id"),
    "source": (f"UPDATE matter SET source = 'hotline' WHERE id = {_FIRST}", "source"),
    "opened": (f"UPDATE matter SET opened_at = '2026-01-02 00:00:00.000000' WHERE id = {_FIRST}", "opened_at"),
    "due": (f"UPDATE matter SET due_at = '2027-01-02 00:00:00.000000' WHERE id = {_SECOND}", "due_at"),
    "time left": (f"UPDATE matter SET time_left = 60 WHERE id = {_SECOND}", "time_left"),
    "hold": (f"UPDATE matter SET hold_until = '2027-01-02 00:00:00.000000' WHERE id = {_SECOND}", "hold_until"),
    "public": (f"UPDATE matter SET public = NOT public WHERE id = {_FIRST}", "public"),
    "dispatches": (f"UPDATE matter SET dispatches = 0, returns = 3 WHERE id = {_FIRST}", "returns"),
    "reworks": (f"UPDATE matter SET reworks = 2 WHERE id = {_FIRST}", "reworks"),
    "parent": (f"UPDATE matter SET parent_id = {_SECOND} WHERE id = {_FIRST}", "parent_id"),
    "repeats": (f"UPDATE matter SET repeats_id = {_FIRST} WHERE id = {_SECOND}", "repeats_id"),
    "acceptance test": (f'UPDATE matter SET detail = \'{{"acceptance": "dim"}}\' WHERE id = {_FIRST}', "detail"),
    "sample": (f"UPDATE matter SET sample = NOT sample WHERE id = {_FIRST}", "sample"),
    "matter removed": (f"DELETE FROM matter WHERE id = {_SECOND}", "removed"),
    "role": ("UPDATE account SET role = 'admin'", "role"),
    "area of an account": ("UPDATE account SET area_id = NULL", "area_id"),
    "unit of an account": ("UPDATE account SET organisation_id = 1", "organisation_id"),
    "password": ("UPDATE account SET password = 'y'", "password"),
    "account opened again": ("UPDATE account SET active = NOT active", "active"),
    "account added": (
        (
            "INSERT INTO account (login, name, role, language, active, demo, must_change)"
            " VALUES ('x', 'x', 'admin', 'en', 1, 0, 0)"
        ),
        "account",
    ),
    "account removed": ("DELETE FROM account", "account"),
    "sign-in revived": ("UPDATE sign_in SET revoked = 1", "revoked"),
    "sign-in prolonged": ("UPDATE sign_in SET expires_at = '2036-01-02 00:00:00.000000'", "expires_at"),
    "households": ("UPDATE area SET households = 1 WHERE id = (SELECT max(id) FROM area)", "households"),
    "boundary": ('UPDATE area SET geometry = \'{"type": "Point"}\' WHERE id = (SELECT max(id) FROM area)', "geometry"),
    "rules of a forum": ("UPDATE forum SET ruleset = 'none' WHERE id = (SELECT max(id) FROM forum)", "ruleset"),
    "people of a forum": ("UPDATE forum SET expected = 2 WHERE id = (SELECT max(id) FROM forum)", "expected"),
    "unit renamed": ("UPDATE organisation SET name = 'x' WHERE id = (SELECT max(id) FROM organisation)", "name"),
    "post": ("UPDATE office SET filled = NOT filled WHERE id = (SELECT max(id) FROM office)", "filled"),
    "money": ("UPDATE posting SET amount = amount * 2", "amount"),
    "money booked elsewhere": ("UPDATE posting SET account_id = account_id + 100", "posting"),
    "entry in other words": ("UPDATE ledger_entry SET text = 'A loan'", "text"),
    "entry with its postings": ("DELETE FROM posting; DELETE FROM ledger_entry", "removed"),
    "days of a category": ("UPDATE local_category SET deadline_days = 70", "deadline_days"),
    "import": ("UPDATE import_batch SET rows = 7", "rows"),
    "what an import changed": ("UPDATE import_change SET row_id = 3", "row_id"),
    "rows of a flow": ("UPDATE flow_version SET last_event = 99", "version"),
    "use of an item": ("UPDATE item_use SET state = 'approved'", "state"),
}


@pytest.fixture
def one_of_each(database: str) -> str:
    """The URL of a database with a row in every table."""
    return database


@pytest.fixture
def tamperer(one_of_each: str) -> Iterator[Tamperer]:
    assert one_of_each
    made = Tamperer()
    yield made
    made.close()


def _said(report: VerifyReport) -> list[str]:
    return [f"{one.number}: {one.message.format(**one.params)}" for one in report.problems]


def test_each_way_to_bend_the_record_is_found_and_named(tamperer: Tamperer) -> None:
    silent, unnamed = [], {}
    for name, (statements, word) in WAYS.items():
        said = _said(tamperer.found_after(*statements.split("; ")))
        silent += [] if said else [name]
        if not any(word in sentence for sentence in said):
            unnamed[name] = said
    assert len(WAYS) >= 58
    assert (silent, unnamed) == ([], {})


def test_one_row_gives_one_sentence_with_the_number_and_what_was_written(tamperer: Tamperer) -> None:
    report = tamperer.found_after("UPDATE tally SET votes = 99 WHERE counter = 2")
    [said] = _said(report)
    assert report.problems[0].number == "CL-2026-000001"
    assert "tally: votes (" in said
    assert "11 was written, 99 is there" in said


def test_many_changes_to_one_matter_are_one_sentence(tamperer: Tamperer) -> None:
    changes = ("UPDATE tally SET votes = 99", "UPDATE meeting SET resolution = 'x'", "DELETE FROM opinion")
    assert tamperer.found_after(*changes).found == 1


@pytest.mark.parametrize("value", ["'abc'", "x'00ff'", "''", "9e99"])
@pytest.mark.parametrize(
    "cell", ["matter.due_at", "tally.votes", "area.geometry", "account.area_id", "event.data", "matter.lng"]
)
def test_what_cannot_be_read_at_all_is_a_sentence(tamperer: Tamperer, cell: str, value: str) -> None:
    table, _, column = cell.partition(".")
    report = tamperer.found_after(f"UPDATE {table} SET {column} = {value}")
    assert report.found
    assert any(column in sentence or "event" in sentence for sentence in _said(report)), _said(report)


def test_an_untouched_database_has_no_problem(tamperer: Tamperer) -> None:
    assert verify(tamperer.session).problems == []
