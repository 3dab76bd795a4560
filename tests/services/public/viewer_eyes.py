"""Everything a viewer can ask the services for, as text: what is equal here is equal for him."""

import gzip
from collections.abc import Callable, Iterator
from functools import partial

from sqlmodel import Session

from models.area import Area
from models.place import Place
from services.engine import flows, versioned_cache
from services.exporting.lists import lists
from services.exporting.lists.list_columns import Words
from services.figures import indicators, readings
from services.layers import area_cards, layers, map_views, point_clouds
from services.looks import board, day_addresses, days
from services.matters import list_addresses, matters
from services.places import areas
from services.public import disclosure, open311
from services.rights.permissions import Actor
from services.system.errors import Refused

LISTS = ("matters", "biography", "organisations", "areas", "indicators", "cards")
ASKED = ("openness", "state", "station", "clock", "category", "source", "link", "figure", "own", "sort")


def forget() -> None:
    """Drop whatever the process remembers, as a fresh one would."""
    versioned_cache._KEPT.forget()
    readings.forget()
    point_clouds._CLOUDS.forget()


def said(ask: Callable[[], object]) -> str:
    """The answer, or the refusal."""
    try:
        return str(ask())
    except Refused as refused:
        return f"{refused.message} {refused.params}"


def addresses(flow: str) -> Iterator[dict[str, str]]:
    """The addresses of a list: each attribute with each of its values, and some texts."""
    yield {"flow": flow, "open": "all"}
    for name in ASKED:
        for value in _some(name, list_addresses.choices(name, flow)):
            yield {"flow": flow, "open": "all", list_addresses.PARAMS.get(name, name): value}
    for text in ("t", "138", "13812345678", "3812", '"13" "38"'):
        yield {"flow": flow, "open": "all", "q": text}


def _some(name: str, values: list[str]) -> list[str]:
    """All ways to ask by what is counted or tied, and some categories and states."""
    return values if name in ("figure", "link", "sort") else values[:: max(1, len(values) // 4)]


def of_lists(session: Session, viewer: Actor, area: str) -> dict[str, str]:
    """Every list, board and layer of matters under every address."""
    here, found = areas.scope(session, viewer, area), {}
    for flow in ("issue", "deliberation"):
        for asked in addresses(flow):
            wanted = list_addresses.read(asked, here.path, flow)
            name = f"{area} {asked}"
            found[f"list {name}"] = said(partial(_taken, session, viewer, "matters", area, asked))
            found[f"page {name}"] = said(partial(_page, session, viewer, wanted))
            if "sort" not in asked:
                found[f"board {name}"] = said(partial(_board, session, viewer, wanted))
                found[f"layer {name}"] = said(partial(_layer, session, viewer, "matters", area, asked))
    return found


def of_figures(session: Session, viewer: Actor, codes: tuple[str, ...]) -> dict[str, str]:
    """Every figure, map, card and ranking of these areas; and the lists, the calendar and Open311."""
    found = {}
    for area in codes:
        here = areas.scope(session, viewer, area)
        period = disclosure.period(session, viewer, "month")
        for code in indicators.on_map():
            ask = partial(_layer, session, viewer, "areas", area, {"indicator": code, "period": "month"})
            found[f"areas {area} {code}"] = said(ask)
        for figure in readings.headline(session, here.path, period):
            found[f"figure {area} {figure.definition.code}"] = str(disclosure.told(session, viewer, here, figure))
        for code in ("closed_rate", "on_time_rate"):
            found[f"ranking {area} {code}"] = str(disclosure.ranking(session, viewer, code, here, period))
        found[f"begins {area}"] = disclosure.begins_with(session, viewer, here.path)
        found[f"card {area}"] = str(area_cards.card(session, viewer, area, map_views.read(session, viewer, {}).wanted))
        for name in LISTS:
            found[f"list {area} {name}"] = said(partial(_taken, session, viewer, name, area, {}))
    found["days"] = said(lambda: _days(session, viewer, codes[0]))
    wanted = open311.asked(session, {})
    found["open311"] = str(open311.requests(session, wanted, "zh_CN"))
    return found


def everywhere(session: Session, place: Place) -> tuple[str, ...]:
    """The areas of a place down to its estates, by code."""
    root = areas.ancestors(session, session.get_one(Area, place.area_id).path)[-1]
    return tuple(area.code for area in areas.under(session, root.path) if area.level != "building")


def _taken(session: Session, viewer: Actor, name: str, area: str, asked: dict[str, str]) -> object:
    found = lists.extract(session, viewer, name, {**asked, "area": area})
    return found.count, found.notes, [list(cells) for cells in found.cells(Words("zh_CN"))]


def _page(session: Session, viewer: Actor, wanted: matters.Filter) -> object:
    total, rows = matters.listing(session, viewer, wanted, 20, 0)
    return total, [(row.matter.number, row.matter.title, row.standing, row.unit) for row in rows]


def _board(session: Session, viewer: Actor, wanted: matters.Filter) -> object:
    filled = board.filled(session, viewer, wanted, "state", 5, frozenset())
    return [(one.lane.code, one.count, [card.row.matter.title for card in one.cards]) for one in filled]


def _layer(session: Session, viewer: Actor, name: str, area: str, asked: dict[str, str]) -> str:
    plain = {key: value for key, value in asked.items() if key not in ("open", "sort", "station", "link", "q")}
    more = {"openness": asked["open"]} if asked.get("open", "all") != "all" else {}
    texts = {"text": asked["q"]} if "q" in asked else {}
    view = map_views.read(session, viewer, {**plain, **more, **texts, "area": area})
    return gzip.decompress(layers.packed(session, viewer, name, view).body).decode()


def _days(session: Session, viewer: Actor, area: str) -> object:
    here = areas.scope(session, viewer, area)
    wanted = day_addresses.read({}, viewer, here.path, tuple(flows.flows()))
    found = days.page(session, viewer, wanted.asked, wanted.span, 50)
    return [(day.date, day.count, [(one.matter.title, one.source) for one in day.entries]) for day in found]
