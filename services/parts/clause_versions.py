"""Clause versions 版本: how the clauses of a matter read each time their wording was settled, and what changed between.

The chain keeps every wording; a version is there whenever the matter left the states in which clauses are written.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from itertools import pairwise

from sqlmodel import Session

from models.event import Event
from models.matter import Matter
from services.engine import events, flows
from services.parts import clause_turns

Texts = dict[int, str]
# Words of letters and digits are compared whole, everything else sign by sign.
_TOKENS = re.compile(r"[A-Za-z0-9]+|.", re.DOTALL)


@dataclass(frozen=True)
class Version:
    """The wording of every clause that held, by its number, and when it was settled; ``settled`` is none for the text
    that is being worked on."""

    number: int
    settled: datetime | None
    texts: Texts


@dataclass(frozen=True)
class Piece:
    """Some words of a clause: in both wordings, or in one of the two alone."""

    text: str
    changed: bool


@dataclass(frozen=True)
class Change:
    """A clause in two versions: ``kind`` is same, reworded, added or dropped; the pieces of either wording."""

    seq: int
    kind: str
    before: tuple[Piece, ...]
    after: tuple[Piece, ...]


def versions(session: Session, matter: Matter) -> list[Version]:
    """The versions of a matter's clauses, first to last; the text that is being worked on last of all."""
    found, texts = list[Version](), Texts()
    for event in events.history(session, matter.id):
        texts = _after(event, texts)
        if _settles(matter.flow, event) and (not found or found[-1].texts != texts):
            found.append(Version(len(found) + 1, event.at, texts))
    if clause_turns.in_turn(matter, "write") and texts and (not found or found[-1].texts != texts):
        found.append(Version(len(found) + 1, None, texts))
    return found


def _after(event: Event, texts: Texts) -> Texts:
    told = event.data or {}
    if event.action in ("clause_written", "clause_reworded"):
        return {**texts, told["clause"]: told["text"]}
    if event.action == "clause_dropped":
        return {seq: text for seq, text in texts.items() if seq != told["clause"]}
    return texts


def _settles(flow: str, event: Event) -> bool:
    written = flows.flow(flow).words("clauses", "write")
    return event.from_state in written and bool(event.to_state) and event.to_state not in written


def compare(before: Texts, after: Texts) -> list[Change]:
    """Clause by clause what changed from one version to another."""
    return [_change(seq, before.get(seq, ""), after.get(seq, "")) for seq in sorted({*before, *after})]


def _change(seq: int, one: str, other: str) -> Change:
    kind = "same" if one == other else "added" if not one else "dropped" if not other else "reworded"
    left, right = _TOKENS.findall(one), _TOKENS.findall(other)
    steps = SequenceMatcher(None, left, right, autojunk=False).get_opcodes()
    before = tuple(_pieces(left, ((tag, i, j) for tag, i, j, _, _ in steps)))
    return Change(seq, kind, before, tuple(_pieces(right, ((tag, i, j) for tag, _, _, i, j in steps))))


def _pieces(tokens: list[str], steps: Iterator[tuple[str, int, int]]) -> Iterator[Piece]:
    for tag, first, last in steps:
        if last > first:
            yield Piece("".join(tokens[first:last]), tag != "equal")


def latest_pair(found: list[Version]) -> tuple[Version, Version] | None:
    """The last two versions, to be laid side by side first."""
    return next(reversed(list(pairwise(found))), None)
