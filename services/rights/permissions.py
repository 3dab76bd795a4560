"""Permission = role × act × scope. One table, data/permissions.csv; the menu only mirrors it.

A scope is one or several of ``SCOPES``, all within the account's area: everything there (``area``), what has been made
public (``public``), what the account's organisation has to do with (``unit``), what the account raised (``own``). Of a
matter a right is asked with ``services.rights.matter_rights``; here it is asked of an area, or of a page.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from services.system import flow_files
from services.system.data_files import rows
from services.system.errors import Refused
from services.system.flow_files import of_book

SCOPES = ("area", "public", "unit", "own")
NOWHERE: frozenset[str] = frozenset()
_NO_ROLES = ("act", "action", "flow", "row")


@dataclass(frozen=True)
class Actor:
    """Who acts: an account in a role, for an area path and everything below (empty: everywhere).

    ``organisation_path`` is that of the organisation it stands for; without one it stands for none.
    """

    account_id: int | None
    name: str
    role: str
    area_path: str = ""
    area_id: int | None = None
    language: str = "zh_CN"
    organisation_id: int | None = None
    organisation_path: str = ""


@of_book
def _grants() -> dict[tuple[str, str], frozenset[str]]:
    return {(act, role): words for act, row in _table() for role, words in _cells(row)}


def _table() -> Iterator[tuple[str, dict[str, str]]]:
    """The program's own acts, then those of each flow's folder, whose scopes ``services.engine.checks`` checks."""
    yield from ((row["act"], row) for row in rows("permissions.csv"))
    yield from ((f"{row['flow']}.{row['action']}", row) for row in flow_files.rows("rights.csv"))


def _cells(row: dict[str, str]) -> Iterator[tuple[str, frozenset[str]]]:
    """The words for each role; one that nobody knows grants nothing."""
    known = frozenset(SCOPES)
    yield from ((role, known & frozenset((cell or "").split())) for role, cell in row.items() if role not in _NO_ROLES)


@of_book
def acts() -> frozenset[str]:
    """Every act the table knows."""
    return frozenset(act for act, _ in _grants())


@lru_cache
def global_acts() -> frozenset[str]:
    """The acts that are about no row of any area, so that the role alone decides; pages are global by their kind."""
    return frozenset(row["act"] for row in rows("global_acts.csv"))


def is_global(act: str) -> bool:
    """Whether the right to ``act`` may be asked without saying of what."""
    return act.startswith("page.") or act in global_acts()


def granted(role: str, act: str) -> frozenset[str]:
    """The words of the scope in which ``role`` may do ``act``; none where it may not at all."""
    return _grants().get((act, role), NOWHERE)


def scopes(actor: Actor, act: str) -> frozenset[str]:
    """The words of the scope in which ``actor`` may do ``act``; unknown acts and roles have none."""
    return granted(actor.role, act)


@of_book
def words_of(role: str) -> frozenset[str]:
    """Every word of any scope of a role."""
    return frozenset(word for (_, one), words in _grants().items() if one == role for word in words)


def may(actor: Actor, act: str, area_path: str | None = None) -> bool:
    """Whether ``actor`` may do ``act`` with everything at ``area_path``; only a global act is asked without a path.

    Raises LookupError where it is asked without saying where, which would grant it everywhere.
    """
    found = scopes(actor, act)
    if area_path is not None:
        return "area" in found and area_path.startswith(actor.area_path)
    if act in acts() and not is_global(act):
        raise LookupError(f"The right {act} is asked without saying of what. Name the area, or ask of the matter.")
    return bool(found)


def require(actor: Actor, act: str, area_path: str | None = None) -> None:
    """Raise Refused unless ``actor`` may do ``act`` there."""
    if not may(actor, act, area_path):
        raise denied()


def denied() -> Refused:
    """The refusal of an act for which the right is missing."""
    return Refused("Your account may not do this here. Ask the administrator for the right, or pass the matter on.")


def reads_all(actor: Actor) -> bool:
    """Whether every matter of the actor's area is open to it, and with them the figures that count them all."""
    return "area" in scopes(actor, "matter.read")


def only_public(actor: Actor) -> bool:
    """Whether the actor reads matters as the public does: those on notice, without who and how."""
    found = scopes(actor, "matter.read")
    return "public" in found and "area" not in found


def reads_unit(actor: Actor) -> bool:
    """Whether the actor reads the matters of its organisation alone."""
    found = scopes(actor, "matter.read")
    return "unit" in found and not found & {"area", "public"}


def eyes(actor: Actor) -> tuple[str, ...]:
    """What tells one reader from another: those with the same eyes are shown the same, so answers are kept by them."""
    return actor.role, *_whose(actor, words_of(actor.role))


def sight(actor: Actor, act: str = "matter.read") -> tuple[str, ...]:
    """The same for one act: whoever has the same sight finds the same rows, whatever the role."""
    found = scopes(actor, act)
    return " ".join(sorted(found)), *_whose(actor, found)


def _whose(actor: Actor, words: frozenset[str]) -> tuple[str, str, str]:
    unit = f"{actor.organisation_id} {actor.organisation_path}" if "unit" in words else ""
    return actor.area_path, unit, f"{actor.account_id}" if "own" in words else ""
