"""Nothing that was entered is shown as the code it is kept by: neither its name nor its value."""

import re

import pytest
from sqlmodel import Session, select

import services.registry  # noqa: F401
from models.event import Event
from models.matter import Matter
from services.system import db
from ui.matter import entered_values
from ui.matter.timeline import title

_CODE = re.compile(r"[a-z][a-z_]*[a-z]")


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_timeline_of_the_demo_place_holds_no_code(demo: str) -> None:
    raw: set[tuple[str, ...]] = set()
    with Session(db.engine(demo)) as session:
        for event, flow in session.exec(select(Event, Matter.flow).join(Matter)):
            raw |= {(flow, event.action)} if _CODE.fullmatch(title(flow, event)) else set()
            for name, value in (event.data or {}).items():
                told = entered_values.label(flow, name, value), entered_values.said(flow, name, value, {})
                raw |= {(flow, event.action, name, one) for one in told if _CODE.fullmatch(one)}
    assert not raw
