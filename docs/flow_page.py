"""The page of the flows: states, arrows, what they ask for and wait for, and a diagram of each."""

import services.registry  # noqa: F401  (arms the guards, whose docstrings are shown)
from docs.markdown import both, code, page, said_of, table, who, words
from services.engine import field_words, fields, flows, workflow
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
    "clauses": "next open clause, at the latest the end of the term",
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
            table(("field", "zh", "en", "type", "limit", "kept"), _fields(flow)),
            _diagram(flow),
        )
    )


def _fields(flow: str) -> list[tuple[str, ...]]:
    """What the flow's arrows and its beginning ask for, under the names they have there."""
    needs = [*flows.birth(flow).needs, *(need for arrow in flows.arrows(flow) for need in arrow.needs)]
    asked = {need.name: fields.of_flow(flow, need) for need in needs}
    return [
        (
            f"`{name}`",
            field_words.name(field, "zh_CN"),
            field_words.name(field, "en"),
            " ".join((field.type, *field.of)),
            field.limit,
            field.keep or "event",
        )
        for name, field in asked.items()
    ]


def _role(role: str) -> str:
    return both("role", role) if role else "nobody"


def _arrow(arrow: Arrow) -> tuple[str, ...]:
    return (
        f"{both(f'action.{arrow.flow}', arrow.action)} `{arrow.action}`",
        f"{code(arrow.sources)} → {_TARGETS.get(arrow.target, f'`{arrow.target}`')}",
        code(f"{need.name}?" if need.optional else need.name for need in arrow.needs),
        code(":".join((guard.name, *guard.arguments)) for guard in arrow.guards),
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
    types = ((f"`{name}`", said_of(read, name)) for name, read in fields.TYPES.items())
    known = workflow.guards()
    named = [arrow for flow in flows.flows() for arrow in flows.arrows(flow)]
    used = dict.fromkeys(guard.name for arrow in named for guard in arrow.guards)
    own = ((f"`{name}`", said_of(known[name], name)) for name in used if not _general(name))
    general = ((f"`{name}`", said_of(known[name], name)) for name in sorted(known) if _general(name))
    return "\n\n".join(
        (
            "## Types of fields",
            table(("type", "what is read"), types),
            "## Guards any flow can name",
            table(("guard", "what it says"), general),
            "## Guards of one flow",
            table(("guard", "what it says"), own),
        )
    )


def _general(guard: str) -> bool:
    return workflow.guards()[guard].__module__.startswith("services.engine.")
