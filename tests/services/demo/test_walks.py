"""The walks of a pack: each step through the services, on its day, and every record a sample."""

import pytest
from sqlmodel import select

from models.matter import Matter
from services.demo.loading import load_demo
from services.keep.verify import verify
from services.system import db


@pytest.mark.usefixtures("database")
def test_the_walks_of_a_pack_stand_where_it_says() -> None:
    assert load_demo("shaokou").fresh and not load_demo("shaokou").fresh
    with db.reading() as session:
        found = session.exec(select(Matter).where(Matter.flow == "whistle").order_by(Matter.number)).all()
        assert [one.state for one in found] == ["closed", "coordinating", "whistled"]
        assert all(one.sample for one in session.exec(select(Matter)))
        assert verify(session).problems == []
