"""What a page costs: Streamlit's price is per element, so the pages that are drawn most often have a budget of them."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlmodel import Session, col, select
from streamlit.runtime.scriptrunner_utils.script_run_context import ScriptRunContext

from models.matter import Matter
from models.place import Place
from services.system import db
from tests.ui.opening import english, open_page

pytestmark = [pytest.mark.usefixtures("english"), pytest.mark.parametrize("database", ["sqlite"], indirect=True)]
__all__ = ["english"]

# Half of what each cost when everything was an element of its own, or less: 194, 72, 90, 220, 74 and 141.
BUDGETS = [
    ("overview", {}, 28),
    ("deliberations", {}, 36),
    ("board", {"flow": "deliberation"}, 32),
    ("board", {"flow": "issue"}, 32),
    ("matter", {"of": "issue"}, 36),
    ("matter", {"of": "deliberation"}, 56),
]


@contextmanager
def counted(patch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """How many elements and blocks each run sends."""
    sent, send = [0], ScriptRunContext.enqueue

    def enqueue(self: ScriptRunContext, message: object) -> None:
        sent[0] += message.WhichOneof("type") == "delta"  # type: ignore[attr-defined]
        send(self, message)  # type: ignore[arg-type]

    patch.setattr(ScriptRunContext, "enqueue", enqueue)
    yield sent
    patch.undo()


@pytest.mark.parametrize(("page", "asked", "budget"), BUDGETS, ids=[f"{page}-{asked}" for page, asked, _ in BUDGETS])
def test_a_page_stays_within_its_elements(
    demo: str, monkeypatch: pytest.MonkeyPatch, page: str, asked: dict[str, str], budget: int
) -> None:
    with Session(db.engine(demo), expire_on_commit=False) as session:
        place = session.exec(select(Place)).one()
        asked = {"no": told_most(session, asked["of"])} if "of" in asked else asked
        app = open_page(session, place, "secretary", page, **asked)
        with counted(monkeypatch) as sent:
            app.run()
    assert not app.exception and 0 < sent[0] <= budget


def told_most(session: Session, flow: str) -> str:
    """The number of an open matter of the flow with the longest history."""
    longest = select(Matter.number).where(Matter.flow == flow, col(Matter.is_open))
    return session.exec(longest.order_by(col(Matter.version).desc(), col(Matter.id))).first() or ""
