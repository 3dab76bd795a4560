"""A small flow of an office's own, in its local folder, and matters of it: to be changed under their feet."""

from pathlib import Path
from typing import Any

from sqlmodel import Session

import services.registry  # noqa: F401
from models.matter import Matter
from models.place import Place
from services.engine import events, flows, starting, workflow
from services.matters import search
from services.places import serials
from services.rights.permissions import Actor
from services.system import clock, flow_files
from services.system.settings import settings
from services.words import former_rows

TOML = 'order = 9\nzh = "跑腿"\nen = "Errand"\nicon = "directions_run"\nsection = "work"\n'
STATES = """state,kind,station,public,waits_for,zh,en
asked,start,raised,none,staff,待办,Asked
going,active,acted,none,staff,在途,Under way
resting,paused,acted,none,staff,歇脚,Resting
home,done,acted,none,,办结,Home
lost,dropped,acted,none,,丢失,Lost
"""
ARROWS = """from,action,to,zh,en,needs,guards,deadline,tone,counts
asked,go,going,出发,Go,,,,primary,
going,rest,resting,休息,Rest,,,,,
resting,wake,going,上路,Go on,,,,primary,
going,arrive,home,到家,Arrive,,,,primary,
asked going resting,lose,lost,丢失,Lose,,,none,,
"""
RIGHTS = """action,admin,secretary,staff,grid_worker,viewer
create,,area,area,,
go,,area,area,,
rest,,area,area,,
wake,,area,area,,
arrive,,area,area,,
lose,,area,area,,
"""


def folder() -> Path:
    return settings().local_folder / "flows" / "errand"


def write(**files: str) -> None:
    """The folder as it is in the beginning, with these files (``states``, ``arrows``, …) in other words."""
    folder().mkdir(parents=True, exist_ok=True)
    (folder() / "flow.toml").write_text(files.pop("toml", TOML), encoding="utf-8")
    for name, text in {"states": STATES, "arrows": ARROWS, "rights": RIGHTS, **files}.items():
        (folder() / f"{name}.csv").write_text(text, encoding="utf-8")


def without(state: str, text: str) -> str:
    """Rows without a state: its own, and the arrows from it or to it."""
    lines = (line.split(",") for line in text.splitlines())
    kept = [line for line in lines if state not in (line[0], line[2] if line[0] != "state" else "")]
    return "".join(
        ",".join([" ".join(one for one in line[0].split() if one != state), *line[1:]]) + "\n" for line in kept
    )


def pull_away(state: str, **more: str) -> None:
    """The folder without a state."""
    write(states=without(state, STATES), arrows=without(state, ARROWS), **more)


def begin(session: Session, actor: Actor, place: Place, count: int = 1) -> list[Matter]:
    """Matters of the flow in its first state, each with the event that made it."""
    now, made = clock.now(), []
    for number in serials.take(session, place.prefix, count):
        when: dict[str, Any] = {
            "opened_at": now,
            "opened_month": clock.month_of(now),
            "area_id": place.area_id,
            "sample": True,
        }
        made.append(Matter(number=number, flow="errand", state=flows.start_of("errand").code, title="Bread", **when))
    session.add_all(made)
    session.flush()
    search.index(session, made)
    for matter in made:
        events.append(session, matter, actor, "create")
    session.flush()
    return made


def take(session: Session, actor: Actor, matter: Matter, *actions: str) -> Matter:
    """The matter after these steps."""
    for action in actions:
        workflow.move(session, actor, matter.number, action, matter.version, {"note": "x"})
    return matter


def restart() -> None:
    """What a fresh process knows: nothing."""
    flow_files.forget()


def start(session: Session, operator: str = "tester") -> int:
    """Start the program by the rows on the disk; what ``session`` did is kept first, so that nobody waits for it."""
    session.commit()
    moved = starting.start(operator)
    session.expire_all()
    former_rows.forget()
    return moved


def force(session: Session, actor: Actor, matter: Matter, state: str) -> None:
    """A matter put into a state with one event, without the cost of a step."""
    events.append(session, matter, actor, "go", to_state=state)
    matter.state = state
