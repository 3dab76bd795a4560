from sqlmodel import Session, select, update
from streamlit.testing.v1 import AppTest

from models.account import Account
from models.audit import AuditLine
from models.place import Place
from services.keep import anchor_text, anchors, known_anchors, settling
from services.system import db
from tests.ui.opening import open_page


def _settled(session: Session) -> None:
    session.commit()
    settling.settle()


def _open(session: Session, place: Place) -> AppTest:
    """The page as an administrator of everything sees it."""
    app = open_page(session, place, "admin", "audit")
    session.exec(update(Account).values(area_id=None))
    session.commit()
    return app.run()


def _html(app: AppTest) -> list[str]:
    return [str(getattr(one, "value", "")) for one in app.get("html")]


def test_an_administrator_prints_an_anchor_that_holds(session: Session, place: Place) -> None:
    _settled(session)
    app = _open(session, place)
    next(button for button in app.button if button.label == "Print anchor").click().run()
    assert not app.exception
    sheet = next(said for said in _html(app) if "mulin-sheet anchor" in said)
    typed = sheet.partition("<p class=signs")[2].partition(">")[2].partition("</p>")[0].replace("<br>", " ")
    with db.reading() as data:
        assert list(anchors.compare(data, anchor_text.read(typed))) == []
        assert data.exec(select(AuditLine.act)).all()[-1] == "anchor"
        assert known_anchors.behind(data) is None


def test_what_is_behind_is_said_and_no_anchor_given(session: Session, place: Place) -> None:
    _settled(session)
    app = _open(session, place)
    with db.reading() as data:
        known_anchors.note(data)
    with db.writing() as data:
        dialect = data.get_bind().dialect.name
        gone = "audit_line_no_update" if dialect == "sqlite" else "audit_line_append_only ON audit_line"
        data.connection().exec_driver_sql(f"DROP TRIGGER {gone}")
        data.connection().exec_driver_sql("UPDATE audit_line SET digest = 'x'")
    app.run()
    assert any("not those that this machine saw" in one.value for one in app.error)
    assert next(button for button in app.button if button.label == "Print anchor").disabled


def test_who_sees_only_an_area_is_told_no_count_of_everything(session: Session, place: Place) -> None:
    _settled(session)
    app = open_page(session, place, "secretary", "audit")
    assert "Print anchor" not in [button.label for button in app.button]
