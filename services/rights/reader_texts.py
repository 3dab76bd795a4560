"""Reader texts: what was written about a matter, as this reader may read it: the public without personal numbers."""

from collections.abc import Callable, Iterable
from typing import Any

from models.matter import Matter
from services.rights.permissions import Actor, only_public
from services.words import privacy

_TEXTS = ("title", "description", "location")


def words(actor: Actor) -> Callable[[str], str]:
    """What becomes of a text before this reader sees it."""
    return privacy.for_public if only_public(actor) else str


def shown(actor: Actor, matter: Matter) -> Matter:
    """The matter as this reader may read it; where something is hidden, a copy that is never written."""
    if not only_public(actor):
        return matter
    read = {name: privacy.for_public(getattr(matter, name)) for name in _TEXTS}
    detail = {name: _told(value) for name, value in (matter.detail or {}).items()}
    if all(getattr(matter, name) == text for name, text in read.items()) and detail == (matter.detail or {}):
        return matter
    return Matter(**matter.model_dump() | read | {"detail": detail if matter.detail is not None else None})


def all_shown(actor: Actor, found: Iterable[Matter]) -> list[Matter]:
    """The same of several matters, in their order."""
    return [shown(actor, one) for one in found]


def _told(value: Any) -> Any:
    return privacy.for_public(value) if isinstance(value, str) else value
