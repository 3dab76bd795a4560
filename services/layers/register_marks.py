"""Marks: areas and bodies of the registers as signs on the map, each with its shape, its words and a short label."""

from collections.abc import Iterable
from typing import Any

from sqlmodel import Session

from models.area import Area
from services.layers.map_views import View
from services.layers.matter_points import Collection, collection
from services.places.areas import LEVELS
from services.registers import coverage, estates
from services.registers.coverage import Covered
from services.registers.estates import Estate
from services.rights.permissions import Actor, may
from services.words import vocabulary
from services.words.i18n import translate


def bodies(session: Session, actor: Actor, view: View) -> Collection:
    """The estates at or below the area in view: complete, or how many bodies each misses; for who may read them."""
    found = estates.estates(session, view.here.path) if may(actor, "page.estates") else []
    return collection(
        _marks((one.area, one.standing, _missing(one), _named(one, actor)) for one in found), kind="marks"
    )


def _missing(one: Estate) -> str:
    return str(len(one.missing)) if one.missing else ""


def _named(one: Estate, actor: Actor) -> str:
    names = [vocabulary.term(body.register, body.kind, actor.language) for body in one.missing]
    gap = translate(actor.language, "Missing: {bodies}", bodies=" · ".join(names)) if names else ""
    return gap or vocabulary.term("bodies", one.standing, actor.language)


def linked(session: Session, actor: Actor, view: View) -> Collection:
    """The buildings of an estate, or the estates of a wider area, by how their households are linked.

    Of the first kind of post with a rule that stands there; where its posts stand higher up, those areas.
    """
    kinds = coverage.kinds(session, view.here.path) if may(actor, "page.posts") else []
    if not kinds:
        return collection((), kind="marks")
    found = coverage.covered(session, view.here.path, kinds[0], _level(session, view, kinds[0]))
    return collection(_marks((one.area, one.standing, _loads(one), _said(one, actor)) for one in found), kind="marks")


def _level(session: Session, view: View, kind: str) -> str:
    finest, *wider = coverage.levels(session, view.here, kind)
    close = LEVELS.index(view.here.level) >= LEVELS.index(estates.LEVEL)
    return finest if close or not wider or wider[0] == view.here.level else wider[0]


def _loads(one: Covered) -> str:
    if not one.loads:
        return ""
    least, most = one.loads[0], one.loads[-1]
    return str(least) if least == most else f"{least}–{most}"


def _said(one: Covered, actor: Actor) -> str:
    stands = vocabulary.term("load", one.standing, actor.language)
    told = translate(actor.language, "{filled} posts link {homes} households", filled=one.filled, homes=one.linked)
    return f"{stands} · {told}"


def _marks(told: Iterable[tuple[Area, str, str, str]]) -> Iterable[dict[str, Any]]:
    for area, mark, label, words in told:
        if area.lng is not None and area.lat is not None:
            properties = {"code": area.code, "name": area.name, "mark": mark, "label": label, "words": words}
            point = {"type": "Point", "coordinates": [area.lng, area.lat]}
            yield {"type": "Feature", "properties": properties, "geometry": point}
