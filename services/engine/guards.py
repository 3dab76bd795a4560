"""Guards that any flow can name, with arguments: conditions on what hangs on a matter."""

from typing import Any

from sqlmodel import Session

from models.matter import Matter
from services.engine import flows, links, workflow
from services.system.errors import Refused
from services.words.vocabulary import Word


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


def _known_children(flow: str, how: str) -> str:
    known = flow in flows.flows() and how in ("any", "closed")
    return "" if known else f"children:FLOW:any, children:FLOW:closed ({' '.join(flows.flows())})"


def _known_tie(kind: str, how: str) -> str:
    kinds = sorted({link.kind for flow in flows.flows() for link in flows.links(flow)})
    return "" if kind in kinds and how == "closed" else f"tied:KIND:closed ({' '.join(kinds)})"


children.check = _known_children  # type: ignore[attr-defined]
tied.check = _known_tie  # type: ignore[attr-defined]
