"""What needs me today, as one block that leads to each matter."""

from services.engine.telling import Sitting
from services.lines import today
from services.lines.broken_lines import Break
from services.lines.today import Agenda
from services.matters.matters import CAP, Row
from services.places.areas import Scope
from services.rights.permissions import Actor, only_public
from ui.frame import blocks, calendar_notice, flows_here
from ui.frame.filters import params
from ui.frame.text import _, moment, term
from ui.matter import line_view, matter_tables


def show(actor: Actor, agenda: Agenda, here: Scope) -> None:
    """Meetings first, then what is burning, then what waits for this person, then the rest."""
    kinds = " · ".join(flows_here.name(flow) for flow in today.raised() if flows_here.run(flow))
    told = _("Late and due soon: {kinds}. Waiting for you: every kind.", kinds=kinds)
    quiet = _("Nothing waits for you here. A good moment to walk the grid.")
    if only_public(actor):  # For whom nothing can wait, nothing is said to.
        told, quiet = _("Of what is public here."), _("Nothing is under way here that is public.")
    said = blocks.text("p", told, "mulin-quiet")
    late = (agenda.serious, agenda.overdue, agenda.due_soon, agenda.holds)
    if any((*late, agenda.waiting, agenda.sittings, agenda.breaks, agenda.notices)):
        drawn = "".join(_parts(agenda, here))
    else:
        drawn = blocks.text("p", quiet, "mulin-card")
    blocks.draw(blocks.wrapped("div", said + drawn, "mulin-agenda"))
    shown = (*agenda.serious, *agenda.overdue, *agenda.due_soon, *agenda.holds, *agenda.waiting, *agenda.notices)
    calendar_notice.show(*(row.matter.due_at for row in shown))


def _parts(agenda: Agenda, here: Scope) -> list[str]:
    count, only = agenda.counts, term("clock", "overdue_only")
    return [
        _sittings(agenda.sittings),
        _rows(_("Seriously overdue"), agenda.serious, count["serious"], here, clock="serious"),
        _rows(only, agenda.overdue, count["overdue"], here, clock="overdue_only"),
        _rows(_("Waiting for you"), agenda.waiting, count["waiting"], here, openness="open"),
        _breaks(agenda.breaks),
        _rows(_("Due soon"), agenda.due_soon, count["due_soon"], here, clock="due_soon"),
        _rows(_("Holds past their end"), agenda.holds, count["hold_over"], here, clock="hold_over"),
        _rows(_("On public notice"), agenda.notices, len(agenda.notices), here),
    ]


def capped(number: int) -> str:
    """A count that stops at the cap: 1000+."""
    return f"{CAP}+" if number > CAP else str(number)


def _heading(title: str, number: int, way: str = "") -> str:
    return blocks.wrapped("h4", blocks.text("span", f"{title} · {capped(number)}") + way)


def _rows(title: str, rows: list[Row], number: int, here: Scope, **asked: str) -> str:
    if not rows:
        return ""
    way = ""
    if number > len(rows):
        way = blocks.link("ledger", blocks.text("span", _("All")), "mulin-way", **params(here, **asked))
    return _heading(title, number, way) + matter_tables.cards(rows)


def _sittings(sittings: list[Sitting]) -> str:
    if not sittings:
        return ""
    drawn = [
        blocks.link(
            sitting.page,
            blocks.text("b", sitting.matter.title)
            + blocks.text("small", " · ".join((moment(sitting.at), *sitting.where))),
            "mulin-card",
            no=sitting.matter.number,
        )
        for sitting in sittings
    ]
    return _heading(_("Meetings"), len(sittings)) + blocks.listed(drawn, "mulin-cards")


def _breaks(found: list[Break]) -> str:
    if not found:
        return ""
    drawn = [line_view.broken(gap) for gap in found]
    return _heading(_("Broken lines"), len(found)) + blocks.listed(drawn, "mulin-cards")
