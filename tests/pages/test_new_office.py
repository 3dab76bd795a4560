"""An office without a single area: every page greets or shows what it has, and says the way on."""

import pytest
from sqlmodel import Session, select
from streamlit.testing.v1 import AppTest

from models.account import Account
from models.matter import Matter
from models.place import Forum
from services.matters import list_pages
from services.people import accounts, codes, signins
from services.rights import permissions
from services.rights.permissions import Actor
from services.system import db
from services.system.settings import ROOT, settings
from tests.ui.opening import english, press
from ui.frame import menu
from ui.frame.menu import ENTRIES, Entry, always

pytestmark = pytest.mark.usefixtures("english")
__all__ = ["english"]

OPEN = [entry for entry in ENTRIES if permissions.may(Actor(None, "admin", "admin"), f"page.{entry.name}")]


def opened(session: Session, role: str, script: str) -> AppTest:
    account = accounts.create(
        session,
        "test",
        login=f"first.{role.replace('_', '.')}",
        name=role,
        role=role,
        password=None,
        area_id=None,
        subject=role,
    )
    account.language = "en"
    digest = signins.digest_of(signins.start(session, account, "test"))
    session.commit()
    app = AppTest.from_file(str(ROOT / "ui" / "router.py"), default_timeout=300)
    app.user = {"session": digest}
    app.run()
    return app.switch_page(script).run()


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("entry", OPEN, ids=lambda entry: entry.name)
def test_every_page_greets_an_administrator(session: Session, entry: Entry) -> None:
    app = opened(session, "admin", entry.path)
    assert not app.exception, app.exception
    assert not app.error, app.error
    if not always(entry.name):
        assert [title.value for title in app.title] == ["Welcome to Mulin"]
        said = " ".join(text.value for text in app.markdown)
        assert all(word in said for word in ("Areas", "Organisations", "Venues", "Forums", "Accounts"))
        assert "manage.py demo" not in said


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_who_cannot_bring_anything_in_is_sent_to_the_administrator(session: Session) -> None:
    app = opened(session, "viewer", ENTRIES[0].path)
    assert not app.exception
    assert any("Ask an administrator" in info.value for info in app.info)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_log_is_there_before_any_area(session: Session) -> None:
    app = opened(session, "admin", next(entry.path for entry in ENTRIES if entry.name == "audit"))
    assert [title.value for title in app.title] == ["Audit"] and not app.exception
    assert "first.admin" in app.dataframe[1].value.to_csv()


def go(app: AppTest, name: str, **params: str) -> AppTest:
    """Another page of the same session, by its link."""
    flow = list_pages.flow_at(name)
    app.query_params.clear()
    for key, value in (({"flow": flow} if flow else {}) | params).items():
        app.query_params[key] = value
    app = app.switch_page(menu.path(name)).run()
    assert not app.exception, app.exception
    return app


def typed(app: AppTest, label: str, button: str, key: str = "", **values: object) -> AppTest:
    """Fill widgets by the end of their keys, and press."""
    for end, value in values.items():
        name = end.replace("_", "-")
        [found] = [one for one in [*app.text_input, *app.selectbox] if str(one.key).endswith(f"{key}{name}")]
        found.set_value(value)
    # What stands in a form is sent with its button; anything else runs the page at once.
    return press(app if "submit" in button else app.run(), label, button)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_an_empty_production_database_is_led_to_its_first_deliberation(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MULIN_MODE", "production")
    settings.cache_clear()
    app = opened(session, "admin", menu.path("overview"))
    app = typed(app, "Begin", "welcome-begin", name_typed="Willow Pond", prefix_typed="WP")
    assert "Still to set up" in " ".join(text.value for text in app.markdown)
    app = go(app, "setup", what="areas")
    app = typed(app, "Add", "setup-add-", "setup-add-WP-community-", name="Lotus Community")
    app = go(app, "setup", what="organisations")
    app = typed(app, "Add", "setup-organisations-new", "setup-organisations-new-", name="Committee", kind="committee")
    app = go(app, "setup", what="forums")
    app = typed(
        app, "Add", "setup-forums-new", "setup-forums-new-", name="Round table", ruleset="council", home="WP-01"
    )
    app = go(app, "setup", what="venues")
    app = typed(app, "Add", "setup-venues-new", "setup-venues-new-", name="Hall", kind="hall")
    app = go(app, "accounts")
    app = typed(app, "Make the account", "account-add", "account-", login="li.na", name="Li Na", role_new="secretary")
    [code] = [box.value for box in app.code]
    assert any("A secretary or a member of staff" in text.value for text in go(app, "setup").markdown)
    with db.writing() as other:
        secretary = other.exec(select(Account).where(Account.login == "li.na")).one()
        assert secretary.must_change and secretary.code == codes.digest_of(code)
        secretary.must_change, secretary.language = False, "en"
        digest = signins.digest_of(signins.start(other, secretary, "test"))
    own = AppTest.from_file(str(ROOT / "ui" / "router.py"), default_timeout=300)
    own.user = {"session": digest}
    own = go(own.run(), "overview")
    [lists] = [link for link in own.get("page_link") if link.proto.label.startswith("Begin the first")]
    own = go(own, lists.proto.page)
    own = press(own, "New topic")
    with db.reading() as other:
        forum = other.exec(select(Forum)).one().code
    own = typed(own, "Propose", "new-topic-submit", "new-topic-", title="A bench by the pond", forum=forum)
    assert not own.error, own.error[0].value
    with db.reading() as other:
        [matter] = other.exec(select(Matter)).all()
        assert matter.number.startswith("WP-") and matter.title == "A bench by the pond"
    assert not [link for link in go(own, "overview").get("page_link") if link.proto.label.startswith("Begin the first")]
