"""The casebook on the screen and on paper: a table for each place, drawn as one block, and how figures are judged."""

from itertools import groupby

from services.figures import casebook
from services.figures.cards import FAILS, HOLDS
from services.figures.casebook import Line
from services.words import stated_numbers
from ui.frame import blocks
from ui.frame.text import _, language, term

_MARKS = {HOLDS: ("✓", "green"), FAILS: ("✗", "red")}


def summary(found: dict[str, int]) -> None:
    """How many figures hold, don't, and are not recounted."""
    blocks.draw(*(_badge(verdict, str(count)) for verdict, count in found.items()), width="content")


def show(lines: list[Line]) -> None:
    """A table for each place, and the rules by which its qualifiers are judged."""
    if not lines:
        blocks.draw(
            blocks.text("p", _("No figure matches. Choose another place, mechanism or verdict."), "mulin-quiet")
        )
        return
    tables = [_table(name, list(inside)) for name, inside in groupby(lines, lambda line: line.place.name)]
    blocks.draw(*tables, _rules(lines))


def _table(name: str, lines: list[Line]) -> str:
    names = (_("Mechanism"), _("Figure"), _("Published"), _("Period"), _("Recount"), _("Verdict"), _("Definition"))
    head = blocks.wrapped("thead", blocks.wrapped("tr", "".join(blocks.text("th", one) for one in names)))
    body = blocks.wrapped("tbody", "".join(_row(line, names) for line in lines))
    return blocks.text("h3", name) + blocks.wrapped("table", head + body, "mulin-casebook")


def _row(line: Line, names: tuple[str, ...]) -> str:
    figure, short = line.figure, "zh" if language().startswith("zh") else "en"
    published = " · ".join(filter(None, (figure.shown(language()), line.ratios[language()])))
    cells = (
        blocks.text("span", f"{line.card.no} {getattr(line.card, short)}"),
        blocks.text("span", getattr(figure, short)),
        blocks.text("b", published),
        blocks.text("span", getattr(figure, f"period_{short}")),
        _recount(line),
        _badge(line.verdict),
        blocks.text("small", getattr(figure, f"definition_{short}")),
    )
    drawn = (_cell(name, cell) for name, cell in zip(names, cells, strict=True))
    return blocks.wrapped("tr", "".join(drawn))


def _cell(name: str, inner: str) -> str:
    """A cell that says its heading itself where the table is narrow."""
    return blocks.wrapped("td", blocks.text("i", name) + blocks.wrapped("div", inner))


def _recount(line: Line) -> str:
    found = line.evidence
    if found is None:
        return blocks.text("small", line.missing(language()))
    unit = term("counted", found.flow) if found.flow else _(found.unit)
    count = blocks.text("span", f"{found.count:,} {unit}")
    where = blocks.text("small", found.area) if found.area != line.place.name else ""
    return blocks.link(found.page, count, "mulin-way", **found.query) + where


def _badge(verdict: str, more: str = "") -> str:
    shape, colour = _MARKS.get(verdict, ("–", "gray"))
    return blocks.badge(" ".join(filter(None, (shape, term("recount", verdict), more))), colour)


def _rules(lines: list[Line]) -> str:
    told = [
        blocks.text("b", stated_numbers.spoken(code, language()))
        + blocks.text("span", f" {stated_numbers.rule(code, language())}")
        for code in casebook.qualifiers(lines)
    ]
    return blocks.text("h4", _("How a figure is judged")) + blocks.listed(told, "mulin-rules")
