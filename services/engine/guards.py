"""Guards that any flow can name, with arguments: conditions on what is entered, and on what hangs on a matter."""

import re
from datetime import date
from typing import Any

from sqlmodel import Session

from models.matter import Matter
from services.engine import checklists, field_values, field_words, flows, links, workflow
from services.rules import rules
from services.system import clock
from services.system.errors import Refused
from services.words.i18n import listed
from services.words.vocabulary import Word

_SPAN = re.compile(r"-?\d{1,5}\.\.(-?\d{1,5})?|\.\.-?\d{1,5}")


@workflow.guard
def field(_session: Session, matter: Matter, values: dict[str, Any], name: str, span: str) -> None:
    """``field:NAME:MIN..MAX``: a day or moment lies so many days from now, such as ``field:due:0..`` for not before."""
    least, _dots, most = span.partition("..")
    asked, entered = flows.flow(matter.flow).fields[name], values.get(name)
    if entered is not None:
        ahead = entered - (clock.now() if hasattr(entered, "hour") else clock.today())
        field_values.within(asked, ahead, int(least) if least else None, int(most) if most else None)


@workflow.guard
def later(_session: Session, matter: Matter, values: dict[str, Any], name: str) -> None:
    """``later:NAME``: a day or moment lies after the present deadline, and not in the past."""
    entered = values.get(name)
    if entered is not None and _moment(entered) <= max(clock.now(), matter.due_at or clock.now()):
        raise Refused("Choose a date after the present deadline, and not in the past.")


@workflow.guard
def ordered(_session: Session, matter: Matter, values: dict[str, Any], first: str, last: str) -> None:
    """``ordered:FIRST:LAST``: the second day or moment lies after the first."""
    one, other = values.get(first), values.get(last)
    if one is not None and other is not None and other <= one:
        asked = flows.flow(matter.flow).fields[last]
        raise field_words.refused(asked, listed("Choose an end that is later than the start."), {}, "long")


@workflow.guard
def past(_session: Session, matter: Matter, _values: dict[str, Any], name: str) -> None:
    """``past:NAME``: the day that the matter keeps under this name is over."""
    kept = (matter.detail or {}).get(name)
    if kept and clock.today() <= date.fromisoformat(kept):
        raise Refused("It lasts until {day}. Take this step when that day is over.", day=kept)


@workflow.guard
def outweighs(_session: Session, matter: Matter, values: dict[str, Any], part: str, other: str) -> None:
    """``outweighs:PART:OTHER``: the first number is larger than the second."""
    if values.get(part, 0) <= values.get(other, 0):
        named = field_words.word(flows.flow(matter.flow).fields[part])
        raise Refused("{field} does not outweigh the rest. Take the other step.", field=named)


@workflow.guard
def share(_session: Session, _matter: Matter, values: dict[str, Any], part: str, whole: str, rule: str) -> None:
    """``share:PART:WHOLE:RULE``: the part is as large as the rule asks, where that binds and is in force."""
    asked, one, of = rules.rule(rule), values.get(part, 0), values.get(whole, 0)
    needed = asked.value * of
    enough = one > needed if asked.unit == "over" else one >= needed
    if asked.binding and asked.in_force(clock.today()) and not enough:
        raise Refused(
            "{part} of {whole} are not enough. Take the other step, or correct the numbers. ({source})",
            part=one,
            whole=of,
            source=asked.source,
        )


def _moment(entered: date) -> Any:
    return entered if hasattr(entered, "hour") else clock.end_of(entered)


@workflow.guard
def within(_session: Session, matter: Matter, values: dict[str, Any], whole: str, *parts: str) -> None:
    """``within:WHOLE:PART:PART``: none of the numbers is larger than the first."""
    most, largest = values.get(whole), max((values.get(part) or 0 for part in parts), default=0)
    if most is not None and largest > most:
        asked = flows.flow(matter.flow).fields[whole]
        said = listed("No more than {limit} can be counted. Check the numbers.")
        raise field_words.refused(asked, said, {"limit": most}, "long")


@workflow.guard
def checked(session: Session, matter: Matter, _values: dict[str, Any]) -> None:
    """``checked``: every required question of the state is answered; steps that lead on ask this by themselves."""
    checklists.require(session, matter)


@workflow.guard
def children(session: Session, matter: Matter, _values: dict[str, Any], flow: str, how: str) -> None:
    """``children:FLOW:any``: one of them hangs here that was not dropped. ``children:FLOW:closed``: none is open."""
    found, named = links.children(session, matter, flow), Word("flow", flow)
    if how == "any" and not any(flows.state(one.flow, one.state).kind != "dropped" for one in found):
        raise Refused("No {flow} hangs on this yet. Add one first.", flow=named)
    waiting = [one for one in found if one.is_open] if how == "closed" else []
    if waiting:
        raise Refused(
            "{flow}: {count} are still open, first {number}. Finish or cancel them first.",
            flow=named,
            count=len(waiting),
            number=waiting[0].number,
        )


@workflow.guard
def tied(session: Session, matter: Matter, _values: dict[str, Any], kind: str, _how: str) -> None:
    """``tied:KIND:closed``: none of the matters this one leads to by the tie is open."""
    still = next((one for one in links.tied(session, matter, kind) if one.is_open), None)
    if still:
        raise Refused(
            "{flow} {number} is still open. Bring it to its end first; the line shows where it stands.",
            flow=Word("flow", still.flow),
            number=still.number,
        )


def _span(name: str, span: str) -> str:
    return "" if _SPAN.fullmatch(span) else f"field:{name}:-60..366"


def _parts(*names: str) -> str:
    return "" if len(names) > 1 else f"within:{':'.join(names)}:PART"


def _known_children(flow: str, how: str) -> str:
    known = flow in flows.flows() and how in ("any", "closed")
    return "" if known else f"children:FLOW:any, children:FLOW:closed ({' '.join(flows.flows())})"


def _known_tie(kind: str, how: str) -> str:
    kinds = sorted({link.kind for flow in flows.flows() for link in flows.links(flow)})
    return "" if kind in kinds and how == "closed" else f"tied:KIND:closed ({' '.join(kinds)})"


def _known_rule(part: str, whole: str, rule: str) -> str:
    known = [one.code for one in rules.rulebook() if one.check == "share"]
    return "" if rule in known else f"share:{part}:{whole}:RULE ({' '.join(known)})"


field.check, within.check = _span, _parts  # type: ignore[attr-defined]
children.check, tied.check = _known_children, _known_tie  # type: ignore[attr-defined]
# The fields that an arrow asks for where it has the guard.
field.needs = lambda name, _span: (name,)  # type: ignore[attr-defined]
later.needs = within.needs = ordered.needs = outweighs.needs = lambda *names: names  # type: ignore[attr-defined]
share.needs = lambda part, whole, _rule: (part, whole)  # type: ignore[attr-defined]
share.check = _known_rule  # type: ignore[attr-defined]
