"""Key figures on the screen: the value large, its trend, its definition one click away, and the list behind it.

They are drawn as one block: a card of Streamlit's own elements costs a dozen of them.
"""

from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass

from sqlmodel import Session

from services.figures import readings
from services.figures.durations import Duration
from services.figures.indicators import Definition
from services.figures.readings import Figure
from services.matters import case_conditions, list_pages
from services.places.areas import Scope
from services.public import disclosure
from services.rights.permissions import Actor, only_public
from ui.figures.figure_cards import beside, duration, explained, left_out, number, value
from ui.frame import blocks
from ui.frame.filters import params
from ui.frame.text import _, term

# The share on hold stands with the open issues, of which it is a part; a closing rate must never be read without it.
_PAUSED = "paused_share"
# What stands behind a figure that no words of its row can list.
_BEHIND: dict[str, dict[str, str]] = {"density": {"openness": "open"}}
_TO_A_ROW = 4
_COLUMNS = 12


@dataclass(frozen=True)
class Asked:
    """What the figures were asked for: area, period, flow, and the share on hold."""

    here: Scope
    period: str
    flow: str
    held: Figure | None


def cards(session: Session, actor: Actor, here: Scope, figures: list[Figure], period: str, flow: str = "") -> str:
    """The key figures of a flow over a period side by side, as HTML; no row has one card alone."""
    held = next((figure for figure in figures if figure.definition.code == _PAUSED), None)
    asked, shown = Asked(here, period, flow, held), [figure for figure in figures if figure is not held]
    drawn = [
        blocks.wrapped("section", _card(session, actor, figure, asked), f"mulin-figure w{width}")
        for figure, width in zip(shown, _widths(len(shown)), strict=True)
    ]
    return blocks.wrapped("div", "".join(drawn), "mulin-figures")


def _widths(many: int) -> Iterator[int]:
    """Of twelve columns, how many each of the cards takes: rows that are as even as may be."""
    rows = -(-many // _TO_A_ROW)
    for row in range(rows):
        in_row = many // rows + (row < many % rows)
        yield from [_COLUMNS // in_row] * in_row


def _card(session: Session, actor: Actor, figure: Figure, asked: Asked) -> str:
    definition = figure.definition
    told = disclosure.told(session, actor, asked.here, figure)
    said = value(told.count, definition.unit) if told else _("not shown")
    parts = [
        blocks.text("h4", term("indicator", definition.code)),
        blocks.text("p", said, "value" if told and told.count.value is not None else "value words"),
        _change(told, definition) if told else "",
        _trend(told) if told else "",
        _behind(session, actor, told, asked) if told and not only_public(actor) else "",
        _defined(definition, told),
    ]
    return "".join(parts)


def _behind(session: Session, actor: Actor, figure: Figure, asked: Asked) -> str:
    """What it must not be read without, and the lists behind it; the rows behind a public figure are not public."""
    definition, here = figure.definition, asked.here
    notes = beside(session, actor, here, definition, readings.span(asked.period), asked.flow)
    said = [blocks.text("p", note, "plain") for note in (*notes, left_out(figure.count))]
    page, more = _list(definition.code, asked.flow)
    period = {} if definition.now else {"opened_from": readings.first_day(asked.period)}
    named = blocks.text("span", _("List"))
    ways = [blocks.link(page, named, "mulin-way", **params(here, **more, **period))]
    if asked.held and definition.code == "open":
        ways.append(_on_hold(asked.held, asked))
    return "".join([*said, *ways])


def _on_hold(held: Figure, asked: Asked) -> str:
    page, more = _list(_PAUSED, asked.flow)
    told = _("On hold: {count} ({share})", count=number(held.count.numerator), share=value(held.count, "share"))
    return blocks.link(page, blocks.text("span", told), "mulin-way", **params(asked.here, **more))


def _list(code: str, flow: str) -> tuple[str, dict[str, str]]:
    """The list of exactly what the figure counts."""
    counted = case_conditions.flow_of(code, flow)
    page, more = list_pages.page(counted)
    if not case_conditions.listable(code, "numerator"):
        return page, _BEHIND.get(code, {}) | more
    return page, {"flow": counted, "figure": f"{code}.numerator", "openness": "all"} | more


def _defined(definition: Definition, figure: Figure | None) -> str:
    name = _("Definition")
    summary = f'<summary title="{name}" aria-label="{name}">ⓘ</summary>'
    return blocks.wrapped("details", summary + "".join(blocks.text("p", one) for one in explained(definition, figure)))


def _change(figure: Figure, definition: Definition) -> str:
    """How it changed, by arrow, words and colour; only what is more than noise is good or bad."""
    now, before = figure.count.value, figure.before.value if figure.before else None
    if now is None or before is None or now == before:
        return ""
    share = definition.unit == "share"
    by = _("{points} pts", points=f"{(now - before) * 100:+.1f}") if share else f"{now - before:+.0f}"
    said = f"{'↑' if now > before else '↓'} {by} {_worth(figure)}"
    return blocks.text("p", said, _colour(figure, definition, now > before))


def _colour(figure: Figure, definition: Definition, up: bool) -> str:
    if figure.change is None or figure.change.verdict != "more_than_noise" or definition.better not in ("up", "down"):
        return "plain"
    return "good" if (definition.better == "up") == up else "bad"


def _worth(figure: Figure) -> str:
    verdict = figure.change.verdict if figure.change else ""
    return {"may_be_noise": _("within noise"), "too_few": _("few cases")}.get(verdict, _("vs before"))


def _trend(figure: Figure) -> str:
    """The months as a line, and in words for whoever doesn't see it."""
    seen = [point for point in figure.trend if point is not None]
    if len(seen) <= 2:
        return ""
    low, high = min(seen), max(seen)
    places = [(100 * at / (len(seen) - 1), 29 - 26 * (one - low) / ((high - low) or 1)) for at, one in enumerate(seen)]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    drawing = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 32" preserveAspectRatio="none">'
        f'<polyline points="{line}" fill="none" stroke="#A61E22" stroke-width="1.6" '
        'vector-effect="non-scaling-stroke"/></svg>'
    )
    told = ", ".join(f"{one:.10g}" if one >= 1 or one == 0 else f"{one:.3f}" for one in seen)
    name = _("Trend")
    return f'<img alt="{name}: {told}" src="data:image/svg+xml;base64,{b64encode(drawing.encode()).decode()}">'


def time_to_close(found: dict[str, Duration], here: Scope, period: str, flow: str = "") -> str:
    """How long matters take, in a line: the median, the ninetieth per cent, and the way to the whole page."""
    if not all(told.n or told.left for told in found.values()):
        return ""
    half, most = (duration(told) for told in found.values())
    said = _("Time to close: half within {half}, nine tenths within {most}", half=half, most=most)
    if not any(told.n for told in found.values()):
        said = _("Time to close: not recorded by the ledger these matters came from")
    asked = params(here, flow=flow) | {"figure": "duration_median", "period": period}
    way = blocks.link("figures", blocks.text("span", _("All figures")), "mulin-way", **asked)
    return blocks.wrapped("div", blocks.text("p", said) + way, "mulin-between")
