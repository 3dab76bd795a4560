"""Topics 议题 on the screen: the meetings ahead, and the lines that have broken."""

from models.matter import Matter
from services.engine.telling import Sitting
from services.lines.broken_lines import Break
from services.rights.permissions import Actor, may
from services.system import clock
from ui.frame import blocks
from ui.frame.text import _, moment
from ui.matter import line_view

AT_TABLE = ("notified", "meeting")


def sittings(actor: Actor, found: list[Sitting]) -> str:
    """Meetings of today and the coming week, each with the way to its recorder: HTML for one block."""
    if not found:
        return blocks.text("p", _("No meeting in the coming seven days."), "mulin-quiet")
    return blocks.listed([_sitting(actor, sitting) for sitting in found], "mulin-tiles")


def _sitting(actor: Actor, sitting: Sitting) -> str:
    starts = clock.local(sitting.at)
    when = _("Today {time}", time=f"{starts:%H:%M}") if starts.date() == clock.today() else moment(starts)
    said = _("Running")
    running = blocks.badge(f"● {said}", "red") if sitting.running else ""
    head = blocks.wrapped("p", f"{blocks.text('strong', when)} {running}{_record(actor, sitting.matter)}")
    title = blocks.link("matter", blocks.text("b", sitting.matter.title), "mulin-brief", no=sitting.matter.number)
    return blocks.wrapped("div", head + title + blocks.text("small", " · ".join(sitting.where)), "mulin-card")


def _record(actor: Actor, topic: Matter) -> str:
    """The way to the recorder, while there is a meeting to record and for those who may."""
    if topic.state not in AT_TABLE or not may(actor, "page.meeting"):
        return ""
    return blocks.link("meeting", blocks.text("span", _("Record the meeting")), "mulin-way", no=topic.number)


def breaks(found: list[Break]) -> str:
    """Lines that have broken, each leading to its line."""
    return blocks.listed([line_view.broken(gap) for gap in found], "mulin-tiles")
