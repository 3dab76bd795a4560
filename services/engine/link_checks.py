"""Checks of links.csv: where each tie leads, what it names at both ends, and that no tie leads back to itself."""

from collections.abc import Iterator

from models.matter import Matter
from services.engine import flows
from services.engine.definition import BIRTH, Flow, Link
from services.words import vocabulary
from services.words.i18n import listed

Found = Iterator[tuple[str, int, str, dict[str, object]]]
Wrong = tuple[str, dict[str, object]] | None
Step = tuple[str, str]

UNKNOWN = listed("{file}, row {row}: {column} is {value}, which is none of: {known}. Write one of these.")
DOES = ("begin", "move", "tell", "publish")
WHENS = ("here", "there", "in")
_COPIED = {"area", "point", "unit", "due"}


def one_of(value: str, known: object) -> dict[str, object]:
    """What fills a sentence that offers what is known."""
    return {"value": value, "known": " ".join(map(str, known))}  # type: ignore[call-overload]


def faults(flow: Flow) -> Found:
    """Everything that is wrong with the ties of a flow."""
    for link in flow.links:
        wrong = [
            ("links.csv", link.row, UNKNOWN, {"column": column, **one_of(value, sorted(known))})
            for column, value, known in _named(flow, link)
            if value not in known
        ]
        yield from wrong or _sense(flow, link)
    yield from _circles(flow)


def _named(flow: Flow, link: Link) -> Iterator[tuple[str, str, set[str]]]:
    told = [("to", link.to, set(flows.flows())), ("when", link.when, set(WHENS)), ("does", link.does, set(DOES))]
    yield from told
    if all(value in known for _, value, known in told):
        other = flows.flow(link.to)
        yield from (("when", word, _moments(flow, other, link)) for word in link.at or ("",))
        yield from (("does", word, _effects(flow, other, link)) for word in link.words)


def _moments(flow: Flow, other: Flow, link: Link) -> set[str]:
    if link.when == "in":
        return set(flow.states)
    end = flow if link.when == "here" else other
    told = {word for row in end.links if row.does == "tell" for word in row.words} | {BIRTH}
    return {arrow.action for arrow in end.arrows} | {"*"} | (told if link.when == "there" else set())


def _effects(flow: Flow, other: Flow, link: Link) -> set[str]:
    if link.does == "begin":
        return set(Matter.model_fields) | _COPIED | {need.name for need in other.birth.needs}
    end = flow if link.when == "there" else other
    return {arrow.action for arrow in end.arrows} if link.does == "move" else set(vocabulary.codes("event"))


def _sense(flow: Flow, link: Link) -> Found:
    """Faults of a row whose words are all known."""
    for wrong in (_pairing(link), _wordless(link), _asking_more(flow, link), _kind_twice(flow, link)):
        if wrong:
            yield "links.csv", link.row, *wrong


def _pairing(link: Link) -> Wrong:
    fits = link.when != "there" if link.does == "begin" else link.when != "in"
    message = listed(
        "{file}, row {row}: {does} can't go with {when}. Write begin with here or in, anything else with here or there."
    )
    return None if fits else (message, {"does": link.does, "when": link.when})


def _wordless(link: Link) -> Wrong:
    message = listed("{file}, row {row}: {does} needs one word. Write {does}:WORD.")
    wanted = link.does in ("move", "tell") and len(link.words) != 1
    return (message, {"does": link.does}) if wanted else None


def _asking_more(flow: Flow, link: Link) -> Wrong:
    """Nobody is asked when an arrow has an effect: what the effect needs must be copied or entered already."""
    message = listed("{file}, row {row}: {does} asks for {missing}, and nobody is there to be asked. Copy it.")
    missing = sorted(_asked(flow, link) - _given(flow, link))
    return (message, {"does": link.does, "missing": " ".join(missing)}) if missing and link.when != "in" else None


def _asked(flow: Flow, link: Link) -> set[str]:
    other = flows.flow(link.to)
    end = flow if link.when == "there" else other
    moved = [arrow for arrow in end.arrows if link.does == "move" and arrow.action in link.words]
    taken = [other.birth] if link.does == "begin" else moved
    return {need.name for arrow in taken for need in arrow.needs if not need.optional}


def _given(flow: Flow, link: Link) -> set[str]:
    if link.does == "move":
        return {"note"}
    entered = [arrow for arrow in flow.arrows if arrow.action in link.at]
    return {*link.words, *(need.name for arrow in entered for need in arrow.needs if not need.optional)}


def _kind_twice(flow: Flow, link: Link) -> Wrong:
    """What hangs below a matter is told apart by its flow alone."""
    kinds = {one.kind for one in flow.links if one.when == link.when == "in" and one.to == link.to}
    message = listed("{file}, row {row}: a person begins {to} by two kinds of tie. Give both rows the same kind.")
    return (message, {"to": link.to}) if len(kinds) > 1 else None


def _circles(flow: Flow) -> Found:
    message = listed("{file}, row {row}: {action} leads back to itself by way of these ties. Take one of them out.")
    for link in flow.links:
        if link.does in ("begin", "move") and link.when != "in":
            starts = [(flow.code if link.when == "here" else link.to, word) for word in link.at]
            for start in starts:
                if any(_leads_to(step, start, set()) for step in _follows(start) if step != start):
                    yield "links.csv", link.row, message, {"action": start[1]}


def _leads_to(step: Step, goal: Step, seen: set[Step]) -> bool:
    if step == goal or step in seen:
        return step == goal
    seen.add(step)
    return any(_leads_to(further, goal, seen) for further in _follows(step))


def _follows(step: Step) -> Iterator[Step]:
    """What follows at once from an arrow or a birth: effects at other ends, and the arrow a birth takes."""
    flow, word = step
    for link in (link for code in flows.flows() for link in flows.links(code)):
        taker = {"here": link.flow, "there": link.to}.get(link.when)
        if taker == flow and word in link.at:
            yield from _effect(link)
    arrow = str(flows.flow(flow).part("begin").get("arrow", "")) if flow in flows.flows() else ""
    if word == BIRTH and arrow:
        yield flow, arrow


def _effect(link: Link) -> Iterator[Step]:
    if link.does == "begin":
        yield link.to, BIRTH
    elif link.does == "move":
        yield from ((link.flow if link.when == "there" else link.to, word) for word in link.words)
