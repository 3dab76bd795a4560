"""Above the list of topics: the meetings ahead, the lines that have broken, and the form for a new topic."""

from sqlmodel import Session

from services.lines import broken_lines, today
from services.places.areas import Scope
from services.rights.permissions import Actor
from ui.flows.deliberation import topic_form, topics
from ui.frame import blocks
from ui.frame.text import _
from ui.matter import list_page


@list_page.begin("deliberation")
def begin() -> None:
    """The button that opens the form."""
    topic_form.button()


@list_page.above("deliberation")
def show(session: Session, actor: Actor, here: Scope) -> None:
    """The form while it is open, the meetings of today and this week, and what has broken."""
    topic_form.show(session, actor)
    drawn = blocks.text("h4", _("Meetings today and this week"))
    drawn += topics.sittings(actor, today.sittings(session, actor, here.path))
    if broken := broken_lines.breaks(session, actor, here.path, 5):
        drawn += blocks.text("h4", _("Broken lines")) + topics.breaks(broken)
    blocks.draw(blocks.wrapped("div", drawn, "mulin-agenda"))
