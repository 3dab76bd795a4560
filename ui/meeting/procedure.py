"""Procedure 程序核对: a meeting against its forum's rules, with the figures compared and where each rule is from."""

import streamlit as st
from sqlmodel import Session

from models.matter import Matter
from models.meeting import Meeting
from services.meetings import compliance
from services.meetings.compliance import Finding
from services.rules.rules import Rule
from ui.frame import status_badge
from ui.frame.text import _, language, md


def show(session: Session, topic: Matter, meeting: Meeting) -> None:
    """One block a rule: what it asks, how the meeting stands to it, and its citation."""
    for finding in compliance.findings(session, topic, meeting):
        with st.container(gap="xxsmall", key=f"rule-{finding.rule.code}"):
            with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
                status_badge.badge(_standing(finding))
                st.markdown(md(_figures(finding)))
            st.markdown(md(finding.rule.text(language())))
            st.caption(md(citation(finding.rule)), help=meaning(finding.rule))


def _standing(finding: Finding) -> str:
    return "advice" if finding.standing == "unmet" and not finding.rule.binding else finding.standing


def _figures(finding: Finding) -> str:
    if finding.rule.check in ("notice", "publicity") and finding.detail:
        return _("{days} days", days=finding.detail)
    return finding.detail


def citation(rule: Rule) -> str:
    """Source, where it holds, and what the evidence mark means, in a line."""
    scope = _("local setting") if rule.scope == "local" else rule.scope
    return " · ".join(filter(None, (rule.source, rule.source_date, scope, _marks()[rule.mark][0])))


def meaning(rule: Rule) -> str:
    """What the evidence mark says, in a sentence."""
    return _marks()[rule.mark][1]


def _marks() -> dict[str, tuple[str, str]]:
    return {
        "V": (_("read at the source"), _("V: the text was read at its source. It holds where the scope says.")),
        "S": (
            _("second hand, not a national norm"),
            _("S: known second hand, a local rule or a sample. It binds where it was adopted, not as national law."),
        ),
        "M": (_("advice only"), _("M: not proved, or a setting of this place. It advises and never refuses.")),
    }
