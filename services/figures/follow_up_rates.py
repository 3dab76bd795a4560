"""The three rates 三率: response, solution and satisfaction, from the newest valid follow-up of each issue.

A follow-up is valid when all three questions were answered, so the three rates have one denominator, and the score of
them together is exactly the weighted sum of the three. The weights are rules of data/rules.csv.
"""

from sqlmodel import Session

from services.figures import indicators
from services.figures.indicators import Counted, indicator
from services.figures.kept_counts import Ask, Share
from services.rules.rules import rule

_ANSWERS = (("contacted",), ("resolved",), ("satisfied",), ("basically",), ("answered",))


def _content(satisfied: int, basically: int) -> float:
    # Rounded, so that tenths of whole numbers stay what they are on paper.
    return round(satisfied + rule("satisfaction.basically").value * basically, 6)


@indicator
def satisfaction(session: Session, ask: Ask) -> Counted:
    """Satisfied, the basically satisfied counting for less, among those with a valid follow-up."""
    for key, month, (_, _, satisfied, basically, n) in indicators.sums(session, ask, *_ANSWERS):
        if n:
            yield key, month, Share(_content(satisfied, basically), n)


@indicator
def three_rates(session: Session, ask: Ask) -> Counted:
    """The three rates together, each by its weight: the average score of a valid follow-up."""
    weight = {name: rule(f"three_rates.{name}").value for name in ("contact", "solved", "satisfaction")}
    for key, month, (contacted, resolved, satisfied, basically, n) in indicators.sums(session, ask, *_ANSWERS):
        score = weight["contact"] * contacted + weight["solved"] * resolved
        if n:
            yield key, month, Share(round(score + weight["satisfaction"] * _content(satisfied, basically), 6), n)
