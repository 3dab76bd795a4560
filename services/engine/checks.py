"""Checks of the flows at start: each fault is one sentence with the file, the row and what to write instead."""

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from services.engine import begin, deadlines, field_checks, flows, link_checks, look_checks, workflow
from services.engine.definition import KINDS, OPEN_KINDS, PUBLIC, STATIONS, Arrow, Flow, Guard
from services.engine.link_checks import UNKNOWN, Found, one_of
from services.rights import permissions
from services.rules import rules
from services.system import flow_files
from services.system.errors import Refused
from services.system.flow_files import of_book
from services.words import vocabulary
from services.words.i18n import listed

COUNTS = ("", "dispatches", "returns", "reworks")


@dataclass(frozen=True)
class Fault:
    """What is wrong in a file of a flow's folder: the row (0: the whole file), and the sentence that says so."""

    file: str
    row: int
    message: str
    params: dict[str, object]


@of_book
def faults() -> tuple[Fault, ...]:
    """Everything that is wrong with the flows, folder by folder. Where files can't be read, that alone is told."""
    if flaws := flow_files.book().flaws:
        return tuple(Fault(flaw.file, flaw.row, flaw.message, flaw.params) for flaw in flaws)
    shared = [Fault(f"flows/{file}", row, message, params) for file, row, message, params in field_checks.shared()]
    return (*shared, *_taken_twice(), *(fault for code in flows.flows() for fault in faults_of(flows.flow(code))))


def _taken_twice() -> Iterator[Fault]:
    """A ledger of which nobody says what it holds can become matters of one flow only."""
    message = listed("{file}: the flow {other} says default = true under [import] too. Keep it in one of the two.")
    first, *more = flows.marked("import", "default") or [""]
    for code in more:
        yield Fault(f"flows/{code}/flow.toml", 0, message, {"other": first})


def check() -> None:
    """Raise Refused with the first fault; the rows may be used where nothing is raised."""
    for fault in faults():
        raise Refused(fault.message, file=fault.file, row=fault.row, **fault.params)


def reload() -> None:
    """Let the process work by the files as they are now. Refused, with the rows it had, where one is wrong."""
    found = flow_files.on_disk()
    with flow_files.trying(found):
        check()
    flow_files.adopt(found)


def faults_of(flow: Flow) -> Iterator[Fault]:
    """Everything that is wrong with one flow, with each sentence's own parameters."""
    for file, row, message, params in _all(flow):
        yield Fault(f"flows/{flow.code}/{file}", row, message, params)


def _all(flow: Flow) -> Found:
    for part in (_head, _labels, _states, _arrows, _twice, _rights, _begin, _questions, _moved):
        yield from part(flow)
    yield from link_checks.faults(flow)
    yield from field_checks.own(flow)
    yield from look_checks.faults(flow)
    if flow.states and not any(True for _fault in _states(flow)):
        yield from _paths(flow)


def _head(flow: Flow) -> Found:
    lost = [name for name in ("zh", "en") if not flow.head.get(name)]
    if lost:
        message = listed('{file} has no name in {missing}. Add a line such as en = "Issue".')
        yield "flow.toml", 0, message, {"missing": " ".join(lost)}


def _labels(flow: Flow) -> Found:
    message = listed("{file}, row {row}: the label {missing} of {code} is empty. Write the word in both languages.")
    for name, column in (("states.csv", "state"), ("arrows.csv", "action"), ("checklists.csv", "question")):
        for row in flow.rows.get(name, ()):
            lost = [language for language in ("zh", "en") if not row.get(language)]
            if lost:
                yield name, int(row["row"]), message, {"missing": " ".join(lost), "code": row.get(column, "")}


def _states(flow: Flow) -> Found:
    told = (("kind", KINDS), ("station", STATIONS), ("public", PUBLIC), ("waits_for", ("", *vocabulary.codes("role"))))
    for state in flow.states.values():
        for column, known in told:
            if getattr(state, column) not in known:
                yield "states.csv", state.row, UNKNOWN, {"column": column, **one_of(getattr(state, column), known)}
        for station in state.passed:
            if station not in STATIONS:
                yield "states.csv", state.row, UNKNOWN, {"column": "station", **one_of(station, STATIONS)}
    starts = [state.code for state in flow.states.values() if state.kind == "start"]
    if len(starts) != 1:
        message = listed("{file}: {count} states are of the kind start. Give it to exactly one.")
        yield "states.csv", 0, message, {"count": len(starts)}


def _arrows(flow: Flow) -> Found:
    for arrow in flow.arrows:
        for column, value, known in _named(flow, arrow):
            if value not in known:
                yield "arrows.csv", arrow.row, UNKNOWN, {"column": column, **one_of(value, sorted(known))}
        for guard in arrow.guards:
            if wrong := _misgiven(guard):
                yield "arrows.csv", arrow.row, *wrong


def _named(flow: Flow, arrow: Arrow) -> Iterator[tuple[str, str, set[str]]]:
    states = set(flow.states)
    yield from (("from", source, states) for source in arrow.sources or ("",))
    yield "to", arrow.target, states | {"=", "<"}
    yield from _of_arrow(arrow)


def _of_arrow(arrow: Arrow) -> Iterator[tuple[str, str, set[str]]]:
    yield from (("guards", guard.name, set(workflow.guards())) for guard in arrow.guards)
    yield "counts", arrow.counts, set(COUNTS)
    rule = arrow.deadline.removeprefix("rule:")
    if rule != arrow.deadline:
        yield "deadline", rule, {one.code for one in rules.rulebook()}
    else:
        yield "deadline", rule, {"", *deadlines.sources()}


def _begin(flow: Flow) -> Found:
    """A birth is an arrow from nowhere: the same words, in ``flow.toml``."""
    told = flow.part("begin")
    known = {"area": begin.AREAS, "arrow": [arrow.action for arrow in flow.arrows]}
    message = listed("{file}: {column} in [begin] is {value}, which is none of: {known}. Write one of these.")
    if len([state for state in flow.states.values() if state.kind == "start"]) != 1:
        return  # Said of states.csv already.
    asked = [(name, str(told[name]), set(names)) for name, names in known.items() if name in told]
    for column, value, names in (*asked, *_of_arrow(flow.birth)):
        if value not in names:
            yield "flow.toml", 0, message, {"column": column, **one_of(value, sorted(names))}
    for guard in flow.birth.guards:
        if wrong := _misgiven(guard):
            yield "flow.toml", 0, *wrong


def _misgiven(guard: Guard) -> tuple[str, dict[str, object]] | None:
    """What is wrong with a guard's arguments, as its own signature and its own ``check`` say."""
    function = workflow.guards().get(guard.name)
    if function is None:
        return None
    told = list(inspect.signature(function).parameters.values())[3:]
    most = len(told) if all(one.kind is not one.VAR_POSITIONAL for one in told) else 99
    least = sum(one.default is one.empty and one.kind is not one.VAR_POSITIONAL for one in told)
    given = len(guard.arguments)
    names = ":".join((guard.name, *(one.name for one in told)))
    if not least <= given <= most:
        message = listed("{file}, row {row}: the guard {name} is given {given} arguments. Write {known}.")
        return message, {"name": guard.name, "given": given, "known": names}
    check: Callable[..., str] | None = getattr(function, "check", None)
    if check and (wanted := check(*guard.arguments)):
        message = listed("{file}, row {row}: the guard {name} can't take {value}. Write {known}.")
        return message, {"name": guard.name, "value": ":".join(guard.arguments), "known": wanted}
    return None


def _twice(flow: Flow) -> Found:
    seen = dict[tuple[str, str], int]()
    message = listed("{file}, row {row}: {action} leaves {state} a second time. Give one of the two another name.")
    for arrow in flow.arrows:
        for source in arrow.sources:
            if (source, arrow.action) in seen:
                yield "arrows.csv", arrow.row, message, {"action": arrow.action, "state": source}
            seen[source, arrow.action] = arrow.row


def _rights(flow: Flow) -> Found:
    message = listed("{file}: nobody may do {action}, which {other} has in row {at}. Add a row for it.")
    for arrow in flow.arrows:
        if arrow.act not in permissions.acts():
            yield "rights.csv", 0, message, {"action": arrow.action, "other": "arrows.csv", "at": arrow.row}
    roles, known = set(vocabulary.codes("role")), set(permissions.SCOPES)
    for row in flow.rows.get("rights.csv", ()):
        words = {word for role in roles for word in row.get(role, "").split()}
        if wrong := sorted(words - known):
            yield "rights.csv", int(row["row"]), UNKNOWN, {"column": "scope", **one_of(wrong[0], sorted(known))}
        if not words:
            empty = listed("{file}, row {row}: no role may do {action}. Give it to a role, or take the row out.")
            yield "rights.csv", int(row["row"]), empty, {"action": row.get("action", "")}


def _questions(flow: Flow) -> Found:
    for question in flow.questions:
        if question.state not in flow.states:
            wrong = one_of(question.state, sorted(flow.states))
            row = next(int(r["row"]) for r in flow.rows["checklists.csv"] if r.get("question") == question.code)
            yield "checklists.csv", row, UNKNOWN, {"column": "state", **wrong}


def _moved(flow: Flow) -> Found:
    stays = listed("{file}, row {row}: {state} still stands in states.csv. Take this row out.")
    again = listed("{file}, row {row}: {state} stands here a second time. Take one of the two rows out.")
    seen = set[str]()
    for row in flow_files.rows("moved.csv"):
        if row["flow"] != flow.code:
            continue
        at, here = int(row["row"]), flow.states.get(row["state"])
        if row["to"] not in flow.states:
            yield "moved.csv", at, UNKNOWN, {"column": "to", **one_of(row["to"], sorted(flow.states))}
        if here and here.is_open:
            yield "moved.csv", at, stays, {"state": row["state"]}
        if row["state"] in seen:
            yield "moved.csv", at, again, {"state": row["state"]}
        seen.add(row["state"])


def _paths(flow: Flow) -> Found:
    start = next(state.code for state in flow.states.values() if state.kind == "start")
    reached = reach(flow, start)
    ends = {state.code for state in flow.states.values() if state.kind not in OPEN_KINDS}
    nowhere = listed("{file}, row {row}: nothing leads to {state}. Add an arrow to it, or take the state out.")
    stuck = listed("{file}, row {row}: no way leads from {state} to an end. Add an arrow.")
    for state in flow.states.values():
        if state.code not in reached:
            yield "states.csv", state.row, nowhere, {"state": state.code}
        elif not ends & reach(flow, state.code):
            yield "states.csv", state.row, stuck, {"state": state.code}


def reach(flow: Flow, start: str) -> set[str]:
    """The states that can be come to from ``start``, itself among them."""
    reached, todo = {start}, [start]
    while todo:
        at = todo.pop()
        new = {arrow.arrives(at) for arrow in flow.arrows if at in arrow.sources} - reached
        reached |= new
        todo += new
    return reached
