"""How a matter stands to a step: before it, at it, past it."""

import pytest

from models.matter import Matter
from services.engine import flows
from services.looks import standings


@pytest.mark.parametrize(
    ("state", "action", "expected"),
    [
        ("submitted", "accept", "open"),
        ("submitted", "dispatch", "not_yet"),
        ("dispatched", "accept", "no_longer"),
        ("filed", "dispatch", "open"),
        ("draft", "archive", "not_yet"),
        ("archived", "verify", "no_longer"),
        ("declined", "dispatch", "no_longer"),
        ("gone", "dispatch", "no_longer"),
    ],
)
def test_a_matter_stands_before_at_or_past_a_step(state: str, action: str, expected: str) -> None:
    assert (
        standings.to_step(
            Matter(flow="issue", state=state, number="x", title="x", area_id=1, opened_month=0, is_open=True), action
        )
        == expected
    )


def test_every_step_of_every_flow_is_open_from_where_it_starts() -> None:
    for flow in flows.flows():
        for arrow in flows.arrows(flow):
            for source in arrow.sources:
                matter = Matter(flow=flow, state=source, number="x", title="x", area_id=1, opened_month=0, is_open=True)
                assert standings.to_step(matter, arrow.action) == "open"
