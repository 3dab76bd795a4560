"""Answers: words or counts, the newest stands, all are kept."""

from typing import Any

import pytest

from services.keep.verify import verify
from services.parts import answers
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
