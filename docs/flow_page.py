"""The page of the flows: states, arrows, what they ask for and wait for, and a diagram of each."""

from collections.abc import Iterable

import services.registry  # noqa: F401  (arms the guards, whose docstrings are shown)
from docs.markdown import both, code, page, said_of, table, who, words
from services.engine import fields, flows, workflow
from services.engine.flows import Arrow
from services.rules import rules
from services.words import vocabulary

_KINDS = {
    "start": "the one state a matter begins in",
    "active": "open",
    "paused": "open, the clock stands still",
    "done": "at its end",
    "dropped": "ended without being carried out",
}
_TARGETS = {"=": "the same", "<": "where it came from"}
_DEADLINES = {
    "": "kept",
    "none": "removed",
    "given": "as entered",
    "publicity": "last day of the notice",
    "category": "limit of the category, from now",
    "unit": "limit of category and unit, from the filing",
    "hold": "stopped: what is left is kept",
    "resume": "from what was left",
    "prolong": "stays stopped",
    "meeting": "start of the meeting",
    "children": "latest of the matters that belong to it",
}


def flow_page() -> str:
    """Every flow: states, arrows, what they ask for, and a diagram."""
    intro = (
        "States and arrows are rows of `data/flows/<flow>/`: see [a flow is a folder](flow-folder.md)."
        " A move reads its fields, asks its guards, then takes the arrow"
        " (`services/engine/workflow.py`). Rights are the `rights.csv` of the folder, within the area of the account."
    )
    return page("Flows", intro, *map(_flow, flows.flows()), _asked())


def _flow(flow: str) -> str:
    known = flows.states(flow).values()
    states = (
        (f"`{s.code}`", *words(f"state.{flow}", s.code), f"{s.kind}: {_KINDS[s.kind]}", _role(s.waits_for))
        for s in known
    )
    heads = ("arrow", "from → to", "needs", "guards", "deadline", "who may")
    return "\n\n".join(
        (
            f"## {both('flow', flow)} `{flow}`",
            table(("state", "zh", "en", "kind", "whose turn"), states),
            table(heads, map(_arrow, flows.arrows(flow))),
            _diagram(flow),
        )
    )


def _role(role: str) -> str:
    return both("role", role) if role else "nobody"


def _arrow(arrow: Arrow) -> tuple[str, ...]:
    return (
        f"{both(f'action.{arrow.flow}', arrow.action)} `{arrow.action}`",
        f"{code(arrow.sources)} → {_TARGETS.get(arrow.target, f'`{arrow.target}`')}",
        code(need.name for need in arrow.needs),
        code(guard.name for guard in arrow.guards),
        _deadline(arrow.deadline),
        ", ".join(who(arrow.act)),
    )


def _deadline(told: str) -> str:
    if not told.startswith("rule:"):
        return _DEADLINES[told]
    rule = rules.rule(told.removeprefix("rule:"))
    return f"{rule.value:g} {rule.unit.replace('_', ' ')}s (`{rule.code}`, {rule.mark})"


def _diagram(flow: str) -> str:
    lines = [f'    state "{both(f"state.{flow}", state)}" as {state}' for state in flows.states(flow)]
    lines.append(f"    [*] --> {flows.start_of(flow).code}")
    for arrow in flows.arrows(flow):
        label = vocabulary.term(f"action.{flow}", arrow.action, "zh_CN")
        lines += [f"    {source} --> {end}: {label}" for source in arrow.sources for end in _ends(arrow, source)]
    lines += [f"    {state} --> [*]" for state in flows.states(flow) if not flows.leaving(flow, state)]
    return "\n".join(("```mermaid", "stateDiagram-v2", *lines, "```"))


def _ends(arrow: Arrow, source: str) -> list[str]:
    if arrow.target != "<":
        return [arrow.arrives(source)]
    into = [one for one in flows.arrows(arrow.flow) if one.target == source]
    return list(dict.fromkeys(before for one in into for before in one.sources))


def _asked() -> str:
    used = [arrow for flow in flows.flows() for arrow in flows.arrows(flow)]
    guards = dict.fromkeys(name for arrow in used for name in (guard.name for guard in arrow.guards))
    checks: dict[str, object] = dict(workflow._GUARDS)
    return "\n\n".join(
        (
            "## What an arrow asks for",
            table(
                ("type", "what is read"), ((f"`{name}`", said_of(read, name)) for name, read in fields.TYPES.items())
            ),
            "## What an arrow waits for",
            _named("guard", guards, checks),
        )
    )


def _named(kind: str, names: Iterable[str], known: dict[str, object]) -> str:
    return table((kind, "what it says"), ((f"`{n}`", said_of(known[n], f"The {kind} {n}")) for n in names))
