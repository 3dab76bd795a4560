"""Clauses: numbered, reworded while open, and settled once."""

from datetime import date

from services.keep.verify import verify
from services.parts import clauses
from tests.services.parts.acting import Acting

DAY = date(2026, 12, 31)


def test_clauses_are_numbered_and_settled_on_the_chain(acting: Acting) -> None:
    acting.do(clauses.write, "The stairs are kept free.", DAY, "Covenant §4")
    acting.do(clauses.write, "Two benches are set up.")
    acting.do(clauses.reword, 1, "The stairs and the yard are kept free.", None)
    acting.do(clauses.fulfil, 2, "Photograph 17.")
    first, second = clauses.clauses_of(acting.session, acting.matter)
    assert (first.seq, first.version, first.due, first.state, first.cites) == (1, 2, None, "open", "Covenant §4")
    assert (second.seq, second.state, second.evidence, second.fulfilled_at is not None) == (
        *(2, "fulfilled", "Photograph 17."),
        True,
    )
    assert acting.told(4) == [
        (
            "clause_written",
            {"clause": 1, "due": "2026-12-31", "text": "The stairs are kept free.", "cites": "Covenant §4"},
        ),
        ("clause_written", {"clause": 2, "text": "Two benches are set up.", "cites": ""}),
        ("clause_reworded", {"clause": 1, "text": "The stairs and the yard are kept free.", "wording": 2}),
        ("clause_fulfilled", {"clause": 2, "evidence": "Photograph 17."}),
    ]
    assert clauses.still_open(acting.session, acting.matter) == [first]
    assert verify(acting.session).found == 0


def test_a_settled_clause_stays_as_it_is(acting: Acting) -> None:
    acting.do(clauses.write, "One.")
    acting.do(clauses.find_broken, 1, "Seen on 3 May.")
    acting.do(clauses.write, "Two.")
    acting.do(clauses.drop, 2, "The hall is closed.")
    assert [one.state for one in clauses.clauses_of(acting.session, acting.matter)] == ["broken", "dropped"]
    for seq in (1, 2, 3):
        assert "settled" in acting.refused(clauses.fulfil, seq, "x").message


def test_a_clause_without_words_or_evidence_is_refused(acting: Acting) -> None:
    acting.do(clauses.write, "One.")
    assert acting.refused(clauses.write, " ").message.startswith("Enter the clause")
    assert acting.refused(clauses.write, "x" * 501).message.startswith("The text is")
    assert acting.refused(clauses.write, "x", None, "x" * 201).message.startswith("The text is")
    assert acting.refused(clauses.fulfil, 1, "").message.startswith("Enter what shows it")
    assert "after you opened it" in acting.stale(clauses.fulfil, 1, "x")
