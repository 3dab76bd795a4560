"""What a form about a topic proposes: the forum for its grade, the days its rules ask for, and who is expected."""

from datetime import datetime, time, timedelta

from services.flows.deliberation import deliberations
from services.places import steering
from services.rules import rules
from services.rules.rules import Rule
from services.system import clock
from ui.frame.text import _, language, md, term
from ui.matter.step_fields import Asked, Proposal, proposes

_EVENING = time(19)


@proposes("deliberation", "grade")
def grade(asked: Asked) -> Proposal:
    """Which forum the place's playbook sends a topic of each grade to."""
    steered = steering.forum_by_grade(asked.session, asked.matter.area_id)
    told = " · ".join(f"{term('grade', code)}: {md(forum.name)}" for code, forum in steered.items())
    return Proposal(below=_("By the playbook: {told}", told=told) if told else "")


@proposes("deliberation", "starts_at")
def starts_at(asked: Asked) -> Proposal:
    """The first evening that the rule of notice permits."""
    rule = _rule(asked, "notice")
    tomorrow = clock.today() + timedelta(days=1)
    return Proposal(datetime.combine(rule.last_day(tomorrow) if rule else tomorrow, _EVENING), _advice(rule))


@proposes("deliberation", "ends_on")
def ends_on(asked: Asked) -> Proposal:
    """The first last day that the rule of publicity permits."""
    rule = _rule(asked, "publicity")
    return Proposal(rule.last_day(clock.today()) if rule else None, _advice(rule))


@proposes("deliberation", "expected")
def expected(asked: Asked) -> Proposal:
    """As many as belong to the forum."""
    _topic, forum = deliberations.detail(asked.session, asked.matter)
    return Proposal(forum.expected)


def _rule(asked: Asked, check: str) -> Rule | None:
    _topic, forum = deliberations.detail(asked.session, asked.matter)
    return rules.check_in(forum.ruleset, check)


def _advice(rule: Rule | None) -> str | None:
    return _("{rule} ({source})", rule=rule.text(language()), source=rule.source) if rule else None
