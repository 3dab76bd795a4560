"""Answers: words or counts, the newest stands, all are kept."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import insert, text
from sqlmodel import Session, SQLModel, func, select

from models.answer import FOLLOW_UP, REPORTER
from models.matter_count import MatterCount
from services.keep.verify import verify
from services.parts import answers
from services.system import clock, db
from tests.services.parts.acting import Acting


def test_the_newest_answer_stands_and_the_earlier_ones_are_kept(acting: Acting) -> None:
    acting.do(answers.record, "reporter", {"resolved": "no", "satisfaction": "dissatisfied"})
    acting.do(answers.record, "reporter", {"resolved": "yes"})
    acting.do(answers.record, "reporter", {"resolved": "unknown"})
    acting.do(answers.record, "residents", {"asked": 40, "satisfied": 31})
    standing = answers.newest(acting.session, acting.matter.id, "reporter")
    assert {name: one.value for name, one in standing.items()} == {
        "resolved": "unknown",
        "satisfaction": "dissatisfied",
    }
    kept = [(one.question, one.replaced, one.value, one.number) for one in answers.every(acting.session, acting.matter)]
    assert sorted(kept) == [
        ("asked", 0, None, 40),
        ("resolved", 0, "unknown", None),
        ("resolved", 1, "no", None),
        ("resolved", 2, "yes", None),
        ("satisfaction", 0, "dissatisfied", None),
        ("satisfied", 0, None, 31),
    ]
    assert acting.told(1) == [("answers", {"respondent": "residents", "asked": 40, "satisfied": 31})]
    assert verify(acting.session).found == 0


@pytest.mark.parametrize(
    ("category", "said"),
    [
        ("martians", {"resolved": "yes"}),
        ("reporter", {}),
        ("reporter", {"colour": "yes"}),
        ("reporter", {"resolved": "perhaps"}),
        ("residents", {"asked": -1}),
        ("residents", {"asked": True}),
    ],
)
def test_an_answer_outside_the_vocabulary_is_refused(acting: Acting, category: str, said: dict[str, Any]) -> None:
    acting.refused(answers.record, category, said)
    assert answers.every(acting.session, acting.matter) == []


SAID: dict[str, str | int] = {"contacted": "yes", "resolved": "yes", "satisfaction": "satisfied"}


def counted(session: Session) -> int:
    assert [problem for problem in verify(session).problems if problem.kind == "count"] == []
    return int(session.exec(select(func.sum(MatterCount.answered))).one())


def test_three_answers_count_once_however_they_are_written(acting: Acting) -> None:
    session, table = acting.session, SQLModel.metadata.tables["answer"]
    fixed = {"matter_id": acting.matter.id, "category": REPORTER, "at": clock.now(), "replaced": 0}
    rows = [fixed | {"question": name, "value": SAID[name]} for name in FOLLOW_UP]
    session.connection().execute(insert(table).values(rows))
    assert counted(session) == 1
    session.execute(text("UPDATE answer SET value = 'unknown' WHERE question = 'resolved'"))
    assert counted(session) == 0
    session.execute(text("UPDATE answer SET value = 'satisfied' WHERE question = 'satisfaction' OR value = 'unknown'"))
    assert counted(session) == 1
    session.execute(text("UPDATE answer SET category = 'residents'"))
    assert counted(session) == 0
    session.execute(text("UPDATE answer SET category = 'reporter'"))
    assert counted(session) == 1
    session.execute(text("UPDATE answer SET replaced = 1"))
    assert counted(session) == 0
    session.execute(text("DELETE FROM answer"))
    db.put(session, table, [row | {"number": None} for row in rows])
    assert counted(session) == 1
    session.execute(text("DELETE FROM answer"))
    assert counted(session) == 0


def test_answers_written_at_once_by_several_count_once(acting: Acting) -> None:
    matter_id = acting.matter.id
    acting.session.commit()
    gate = Barrier(len(SAID))

    def say(question: str) -> None:
        gate.wait()
        with db.writing() as session:
            answers.put(session, matter_id, REPORTER, {question: SAID[question]}, clock.now())

    with ThreadPoolExecutor(len(SAID)) as pool:
        list(pool.map(say, SAID))
    assert counted(acting.session) == 1
