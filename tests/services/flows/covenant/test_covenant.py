"""Covenant 公约: drafted, put to the vote and on notice; its versions side by side; and who cites a clause."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

import services.registry  # noqa: F401
from models.area import Area
from models.matter import Matter
from models.place import Place
from services.engine import begin, workflow
from services.flows.issue import issues
from services.keep.verify import verify
from services.parts import citations, clause_versions, clauses
from services.rights.permissions import Actor
from services.system import clock
from services.system.errors import Refused

Actors = Callable[[str], Actor]
FIRST, SECOND = "楼道不停放电动车。", "楼道不停放电动车和自行车。"


class Agreed:
    """A covenant, and the secretary who brings it on."""

    def __init__(self, session: Session, actor: Actor, area: Area) -> None:
        self.session, self.actor = session, actor
        self.number = begin.begin(session, actor, "covenant", {"title": "Covenant", "area": area.code}).number

    @property
    def matter(self) -> Matter:
        return self.session.exec(select(Matter).where(Matter.number == self.number)).one()

    def do(self, function: Callable[..., Matter], *told: Any) -> None:
        function(self.session, self.actor, self.number, self.matter.version, *told)

    def move(self, action: str, **told: Any) -> None:
        workflow.move(self.session, self.actor, self.number, action, self.matter.version, told)

    def adopt(self, **told: Any) -> None:
        last = clock.today() + timedelta(days=7)
        counts = {"entitled": 120, "present": 80, "in_favour": 61, "against": 9}
        self.move("adopt", **counts | told, ends_on=last.isoformat())

    def pass_(self) -> None:
        self.move("ask")
        self.move("vote")
        self.adopt()
        with clock.pretending(clock.now() + timedelta(days=9)):
            self.move("take_effect")


@pytest.fixture
def agreed(session: Session, place: Place, actor: Actors) -> Agreed:
    return Agreed(session, actor("secretary"), session.get_one(Area, place.area_id))


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"present": 121}, "more than the"),
        ({"in_favour": 81}, "more than the"),
        ({"in_favour": 41, "against": 41}, "outweigh"),
        ({"in_favour": 40}, "not enough"),
        ({"present": 60, "in_favour": 60, "against": 0}, "not enough"),
    ],
)
def test_a_vote_is_held_against_the_rule_it_names(agreed: Agreed, wrong: dict[str, int], said: str) -> None:
    agreed.do(clauses.write, FIRST)
    agreed.move("ask")
    agreed.move("vote")
    with pytest.raises(Refused, match=said):
        agreed.adopt(**wrong)
    agreed.adopt()
    with pytest.raises(Refused, match="lasts until"):
        agreed.move("take_effect")


def test_versions_lie_side_by_side_and_matters_cite_what_is_in_force(agreed: Agreed) -> None:
    session, actor = agreed.session, agreed.actor
    agreed.do(clauses.write, FIRST)
    agreed.do(clauses.write, "Dogs are led.")
    issue = issues.create(
        session, actor, issues.NewIssue(title="Bicycles in the stairwell", area_id=agreed.matter.area_id)
    )
    assert citations.choices(session, actor, issue) == []
    agreed.pass_()
    with clock.pretending(clock.now() + timedelta(days=9)):
        _cite_and_revise(agreed, issue)


def _cite_and_revise(agreed: Agreed, issue: Matter) -> None:
    session, actor = agreed.session, agreed.actor
    assert [one.seq for _, one in citations.choices(session, actor, issue)] == [1, 2]
    citations.cite(session, actor, issue.number, issue.version, agreed.number, 1)
    with pytest.raises(Refused, match="already"):
        citations.cite(session, actor, issue.number, issue.version, agreed.number, 1)
    with pytest.raises(Refused, match="not in force"):
        citations.cite(session, actor, issue.number, issue.version, agreed.number, 9)
    assert {
        seq: [one.number for one in some] for seq, some in citations.citing(session, actor, agreed.matter).items()
    } == {1: [issue.number]}
    agreed.move("revise", note="Bicycles too.")
    agreed.do(clauses.reword, 1, SECOND, None)
    agreed.do(clauses.drop, 2, "The dog rules of the city say it.")
    agreed.do(clauses.write, "Lights are out at ten.")
    found = clause_versions.versions(session, agreed.matter)
    assert [(one.number, one.settled is None) for one in found] == [(1, False), (2, True)]
    changes = clause_versions.compare(found[0].texts, found[1].texts)
    assert [(one.seq, one.kind) for one in changes] == [(1, "reworded"), (2, "dropped"), (3, "added")]
    assert [piece.text for piece in changes[0].after if piece.changed] == ["和自行车"]
    assert verify(session).found == 0
