"""Words for an estate's bodies: which are there, which are missing, and what that rests on."""

from collections.abc import Iterable

from services.registers.estates import Body, Estate
from ui.frame.text import _, term


def named(body: Body) -> str:
    """A body by its kind."""
    return term(body.register, body.kind)


def there(count: int) -> str:
    """How many of a body there are, and in words where there is none."""
    return str(count) if count else _("missing")


def gap(estate: Estate) -> str:
    """What is missing, named; else the word for how the estate stands."""
    names = " · ".join(named(body) for body in estate.missing)
    return _("Missing: {bodies}", bodies=names) if names else term("bodies", estate.standing)


def row(estate: Estate, columns: Iterable[str]) -> dict[str, object]:
    """A line of the table: a column for each body that any estate needs, with a dash where this one needs none."""
    told = {
        _("Estate"): estate.area.name,
        _("Kind"): term("estate", estate.area.kind),
        _("How it stands"): gap(estate),
    }
    return {**told, **dict.fromkeys(columns, "–"), **{named(body): there(count) for body, count in estate.bodies}}
