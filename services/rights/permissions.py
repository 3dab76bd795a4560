"""Permission = role × act × area subtree. One table, data/permissions.csv; the menu only mirrors it."""

from dataclasses import dataclass

from services.system import flow_files
from services.system.data_files import rows
from services.system.errors import Refused
from services.system.flow_files import of_book

SCOPES = ("area", "public", "unit", "own")
_NO_ROLES = ("act", "action", "flow", "row")


@dataclass(frozen=True)
class Actor:
    """Who acts: an account in a role, for an area path and everything below (empty: everywhere)."""

    account_id: int | None
    name: str
    role: str
    area_path: str = ""
    area_id: int | None = None
    language: str = "zh_CN"


@of_book
def _grants() -> dict[tuple[str, str], str]:
    ours = [*rows("permissions.csv"), *({"act": f"{row['flow']}.{row['action']}", **row} for row in _flow_rights())]
    return {(row["act"], role): scope for row in ours for role, scope in row.items() if role not in _NO_ROLES}


def _flow_rights() -> tuple[dict[str, str], ...]:
    return flow_files.rows("rights.csv")


def acts() -> set[str]:
    """Every act the table knows."""
    return {act for act, _ in _grants()}


def may(actor: Actor, act: str, area_path: str | None = None, public: bool = False) -> bool:
    """Whether ``actor`` may do ``act`` at ``area_path``; without a path: anywhere at all. Unknown acts are refused."""
    scope = _grants().get((act, actor.role), "")
    if not scope:
        return False
    if scope == "public" and area_path is not None and not public:
        return False
    return area_path is None or area_path.startswith(actor.area_path)


def only_public(actor: Actor, act: str = "matter.read") -> bool:
    """Whether what ``actor`` sees under ``act`` is limited to what has been made public."""
    return _grants().get((act, actor.role)) == "public"


def require(actor: Actor, act: str, area_path: str | None = None, public: bool = False) -> None:
    """Raise Refused unless ``actor`` may do ``act`` there."""
    if not may(actor, act, area_path, public):
        raise Refused("Your account may not do this here. Ask the administrator for the right, or pass the matter on.")
