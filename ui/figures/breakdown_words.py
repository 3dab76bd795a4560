"""The words of a breakdown: what a line is called, its value, its interval, and what its change is worth."""

from services.figures.breakdowns import Breakdown, Line
from services.figures.comparisons import Change
from services.figures.kept_counts import percent
from ui.figures import figure_cards
from ui.frame.text import _, term


def name(found: Breakdown, line: Line) -> str:
    """What the line is about, in words."""
    if found.by == "category":
        return term("category", line.group.code) or _("No category yet")
    if found.by == "unit":
        return line.group.name or _("No unit yet")
    if found.by == "area" and not line.group.id:
        return _("Directly at {name}", name=found.whole.group.name)
    return line.group.name


def value(found: Breakdown, line: Line) -> str:
    """The figure in words."""
    if line.lasting:
        return figure_cards.duration(line.lasting)
    return figure_cards.value(line.count, found.definition.unit)


def cases(line: Line) -> str:
    """Numerator and denominator, which a plain count has none of, and how many are left out."""
    if line.count.denominator is None:
        return figure_cards.left_out(line.count)
    told = f"{figure_cards.number(line.count.numerator)} / {line.count.denominator:,}"
    return " · ".join(filter(None, (told, figure_cards.left_out(line.count))))


def interval(line: Line) -> str:
    """The 95 % interval in words; empty where there is none."""
    if line.lasting and line.lasting.low is not None:
        most = _("open") if line.lasting.high is None else figure_cards.hours(line.lasting.high)
        return f"{figure_cards.hours(line.lasting.low)} – {most}"
    share = line.interval
    return f"{percent(share[0])} – {percent(share[1])}" if share else ""


def change(found: Breakdown, told: Change | None) -> str:
    """What changed and what that is worth: from, to, and the verdict."""
    if told is None:
        return ""
    verdict = verdicts()[told.verdict]
    if told.before is None or told.now is None:
        return verdict
    return _("before {before}: {verdict}", before=_plain(found, told.before), verdict=verdict)


def _plain(found: Breakdown, figure: float) -> str:
    unit = found.definition.unit
    return (
        percent(figure) if unit == "share" else figure_cards.hours(int(figure)) if unit == "hours" else f"{figure:,.0f}"
    )


def verdicts() -> dict[str, str]:
    """What a change is worth, in words."""
    return {
        "more_than_noise": _("more than noise"),
        "may_be_noise": _("may be noise"),
        "too_few": _("too few to tell"),
        "no_cases": _("nothing to compare with"),
        "not_recorded": _("not recorded"),
    }
