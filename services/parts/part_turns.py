"""Part turns: which act on a shared part is in turn where a matter stands, as ``flow.toml`` says of the part."""

from models.matter import Matter
from services.engine import flows
from services.system.errors import Refused


def in_turn(matter: Matter, part: str, act: str) -> bool:
    """Whether ``act`` is done where the matter stands; a flow that says nothing about it leaves it open."""
    told = flows.flow(matter.flow).part(part)
    return act not in told or matter.state in str(told[act]).split()


def require(matter: Matter, part: str, act: str) -> None:
    """Refuse an act that is not done where the matter stands."""
    if not in_turn(matter, part, act):
        raise Refused(
            "This is not done where {number} stands now. Look at the steps shown below.", number=matter.number
        )
