"""Told counts: what this reader is told of an indicator; staff what is counted, the public what its edition says."""

from datetime import datetime
from itertools import chain

from sqlmodel import Session

from models.area import Area
from services.figures import indicators, readings
from services.figures.indicators import Count
from services.figures.kept_counts import Share, Span
from services.matters import case_conditions
from services.places import areas
from services.public import editions
from services.public.cells import DENOMINATOR, NUMERATOR
from services.public.editions import Edition
from services.rights.permissions import Actor, only_public, reads_all

# Rounding may move a count by a step for each kind of case in it; of fewer steps than these nothing can be read.
STEPS, STEPS_OF_SHARE = 2, 5
_OPEN = f"open{NUMERATOR}"


def for_public(code: str) -> bool:
    """Whether the public is told the indicator at all: of the others, editions hold no cells."""
    return code in editions.CODES


def least(share: bool = False) -> int:
    """The smallest count that the public is told, or the smallest denominator of a share."""
    return editions.step() * (STEPS_OF_SHARE if share else STEPS)


def counted(
    session: Session, actor: Actor, code: str, over: str, parts: list[Area], period: str, flow: str = ""
) -> dict[int, Count | None]:
    """The indicator for areas at or below ``over``, each with all below it; None where it is withheld."""
    if reads_all(actor):
        return {**indicators.rolled_up(session, code, over, readings.span(period), parts, flow)}
    if not parts or not only_public(actor) or not for_public(code):
        return {part.id: None for part in parts}
    return _of_edition(session, code, parts)


def asked_at(session: Session, path: str) -> datetime:
    """When the figures were counted that the public is told now."""
    return _edition(session, "open", path).at


def period(session: Session, path: str) -> str:
    """The period of the figures that the public is told."""
    return _edition(session, "open", path).period


def span(session: Session, path: str) -> Span:
    """The months that the public's figures count."""
    return _edition(session, "open", path).span


def _edition(session: Session, code: str, path: str) -> Edition:
    root = areas.ancestors(session, path)[0]
    return editions.current(session, root, case_conditions.flow_of(code))


def _of_edition(session: Session, code: str, parts: list[Area]) -> dict[int, Count | None]:
    edition = _edition(session, code, parts[0].path)
    homes = _households(session, parts) if code == "density" else {}
    found = {part.id: _told(edition, code, part.id, homes.get(part.id, 0)) for part in parts}
    return {area: count if _enough(count) else None for area, count in found.items()}


def _told(edition: Edition, code: str, area: int, homes: int) -> Count:
    if code == "density":
        return Count(edition.sums(_OPEN, area), homes)
    above = edition.sums(f"{code}{NUMERATOR}", area)
    if indicators.definitions()[code].unit != "share":
        return Count(above)
    return Share(above, edition.sums(f"{code}{DENOMINATOR}", area))


def _enough(count: Count) -> bool:
    if isinstance(count, Share):
        return (count.denominator or 0) >= least(share=True)
    return count.numerator >= least()


def _households(session: Session, parts: list[Area]) -> dict[int, int]:
    inside = list(chain.from_iterable(areas.descend(session, part.path, "building") for part in parts))
    return {part.id: sum(one.households or 0 for one in inside if one.path.startswith(part.path)) for part in parts}
