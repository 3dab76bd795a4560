"""Second person 复核人: who reports done does not accept it, where the place says so in second_person.csv.

The program's own file is empty: none of the articles asks for it. A place writes a line into a file of its own, such as
``chilinglu,issue,finish,verify``; ``*`` stands for every place.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlmodel import Session, col, select

from models.area import Area
from models.event import Event
from models.matter import Matter
from services.engine import flows, workflow
from services.engine.flows import Arrow
from services.places import areas
from services.rights.permissions import Actor
from services.system.errors import Refused
from services.system.settings import settings
from services.words import local_files
from services.words.i18n import listed
from services.words.local_files import Problem, Stamp, Wrong
from services.words.vocabulary import Word

FILE = "second_person.csv"
COLUMNS = ("place", "flow", "done", "accept")
EVERYWHERE = "*"
_FLOW = listed("There is no flow {value}. Write one of: {known}.")
_STEP = listed("The flow {flow} has no step {value}. Write one of: {known}.")


@dataclass(frozen=True)
class Pair:
    """In a place, whoever took the step ``done`` of a flow does not take the step ``accept``."""

    place: str
    flow: str
    done: str
    accept: str


def problems() -> tuple[Problem, ...]:
    """What is wrong with the place's own file, which then is not used."""
    return _book(local_files.stamp(), settings().local_folder)[1]


@lru_cache(maxsize=4)
def _book(_stamp: Stamp, _folder: Path) -> tuple[tuple[Pair, ...], tuple[Problem, ...]]:
    found = local_files.read(FILE, COLUMNS, lambda: _pair)
    return found.rows, found.problems


def _pair(cells: dict[str, str]) -> Pair:
    flow = cells["flow"]
    if flow not in flows.flows():
        raise Wrong(_FLOW, value=flow, known=", ".join(flows.flows()))
    steps = sorted({arrow.action for arrow in flows.flow(flow).arrows})
    for step in (cells["done"], cells["accept"]):
        if step not in steps:
            raise Wrong(_STEP, flow=flow, value=step, known=", ".join(steps))
    return Pair(cells["place"], flow, cells["done"], cells["accept"])


def barred(session: Session, actor: Actor, matter: Matter, action: str) -> str:
    """The step this person took, so that ``action`` is for somebody else; empty where anybody may take it."""
    pairs = [one for one in _book(local_files.stamp(), settings().local_folder)[0] if one.accept == action]
    asked = [one for one in pairs if one.flow == matter.flow and one.place in (EVERYWHERE, _place(session, matter))]
    return next((one.done for one in asked if _did(session, actor, matter, one.done)), "")


def _place(session: Session, matter: Matter) -> str:
    found = areas.place_at(session, session.get_one(Area, matter.area_id).path)
    return found.slug if found else ""


def _did(session: Session, actor: Actor, matter: Matter, step: str) -> bool:
    query = select(Event).where(col(Event.matter_id) == matter.id, col(Event.action) == step)
    last = session.exec(query.order_by(col(Event.seq).desc()).limit(1)).first()
    return last is not None and last.by(actor.account_id, actor.name)


@workflow.effect("before")
def require_another(
    session: Session, actor: Actor, matter: Matter, arrow: Arrow, _values: dict[str, Any], _at: datetime
) -> None:
    """Refuse a step to who took the one before it that somebody else is to judge."""
    step = barred(session, actor, matter, arrow.action)
    if step:
        raise Refused(
            "You took the step “{done}” yourself. Here “{accept}” is for somebody else: ask a colleague to take it.",
            done=Word(f"action.{matter.flow}", step),
            accept=Word(f"action.{matter.flow}", arrow.action),
        )
