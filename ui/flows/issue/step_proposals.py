"""What a form about an issue proposes: the likeliest category, duplicates nearby, the days that were asked for."""

from datetime import date

from services.flows.issue import holds, merges, suggestions
from services.system import clock
from ui.flows.issue import suggested_category
from ui.frame.text import _
from ui.matter.step_fields import Asked, Proposal, proposes


@proposes("issue", "category")
def category(asked: Asked) -> Proposal:
    """The category it has, or the one its words suggest, and why."""
    matter = asked.matter
    advice = suggestions.suggest(asked.session, matter.title, matter.description, matter.location)
    likeliest = advice.likeliest[0].code if advice.sure else None
    open_question = matter.category is None or (likeliest and likeliest != matter.category)
    below = f"{suggested_category.reason(advice)}  \n{suggested_category.named(advice)}" if open_question else ""
    return Proposal(matter.category or likeliest, below=below)


@proposes("issue", "duplicate_of")
def duplicate_of(asked: Asked) -> Proposal:
    """The issues nearby that may be the same."""
    return Proposal(choices=merges.candidates(asked.session, asked.actor, asked.matter))


@proposes("issue", "due")
def due(asked: Asked) -> Proposal:
    """The deadline that was asked for."""
    return Proposal(_wished(asked, "extend"))


@proposes("issue", "hold_until")
def hold_until(asked: Asked) -> Proposal:
    """The end of the hold that was asked for."""
    advice = _("On this day the hold is reminded of. The clock stands still until the work is resumed.")
    return Proposal(_wished(asked, "suspend"), advice)


def _wished(asked: Asked, granting: str) -> date | None:
    """The day that was asked for, for whoever approves."""
    request = holds.request(asked.session, asked.matter) if asked.action == granting else None
    return clock.local(request.until).date() if request and request.until > clock.now() else None
