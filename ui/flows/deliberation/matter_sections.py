"""What the page of a topic shows besides: the way to the meeting, and what was deliberated."""

from sqlmodel import Session

from models.matter import Matter
from services.flows.deliberation import meetings
from services.rights.permissions import Actor, may
from ui.flows.deliberation import outcome
from ui.frame.links import page_link
from ui.frame.text import _
from ui.matter import matter_page, timeline


@matter_page.section("deliberation", "steps")
def meeting(_session: Session, actor: Actor, matter: Matter) -> None:
    """The way to the meeting record."""
    if may(actor, "page.meeting"):
        page_link("meeting", _("Meeting record and public notice"), icon=":material/edit_note:", no=matter.number)


matter_page.section("deliberation", "facts")(outcome.show)


@timeline.hides("deliberation")
def first_count(session: Session, matter: Matter) -> set[tuple[str, str]]:
    """Whoever counts second must not read the first count anywhere, whatever the role."""
    found = meetings.current(session, matter)
    counting = found is not None and not meetings.counted(session, found)
    return {("tally", "votes")} if counting else set()
