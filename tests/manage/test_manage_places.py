"""Several places are loaded one by one: what is there stays, what is missing comes with the next call."""

from collections.abc import Iterator

import pytest
from sqlmodel import Session, select
from typer.testing import CliRunner

import manage
from models.account import Account
from models.area import Area
from models.place import Place
from services.demo import pack, walks
from services.people.demo_identities import demo_identities
from services.places import fullest
from services.system import db
from ui.terminal import places


def run(*arguments: str) -> tuple[int, list[str]]:
    done = CliRunner().invoke(manage.app, arguments)
    return done.exit_code, done.output.splitlines()


@pytest.fixture
def two(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(pack, "offered", lambda: ["chilinglu", "shaokou"])
    yield
    fullest._KEPT.forget()


def slugs() -> list[str]:
    with db.reading() as session:
        return list(session.exec(select(Place.slug).order_by(Place.slug)))


@pytest.mark.usefixtures("demo", "two")
def test_what_is_missing_is_loaded_and_a_repetition_changes_nothing() -> None:
    code, said = run("demo")
    assert (code, slugs()) == (0, ["chilinglu", "shaokou"])
    assert said[0].startswith("1/2 ") and "here already" in said[0]
    assert said[1].startswith("2/2 ") and "loaded in" in said[1]
    with db.reading() as session:
        before = set(session.exec(select(Account.login)))
    assert {"demo.secretary.chilinglu", "demo.unit-clerk.shaokou", "demo.admin"} <= before
    assert all("here already" in line for line in run("demo")[1][:2])
    with db.reading() as session:
        assert set(session.exec(select(Account.login))) == before
    assert run("verify")[0] == 0


@pytest.mark.usefixtures("demo", "two")
def test_a_place_that_breaks_off_leaves_nothing_and_comes_with_the_next_call(monkeypatch: pytest.MonkeyPatch) -> None:
    walk = walks.walk

    def killed(session: Session, root: Area, one: dict[str, object]) -> None:
        walk(session, root, one)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(walks, "walk", killed)
        assert run("demo")[0] != 0
    assert slugs() == ["chilinglu"]
    code, said = run("demo")
    assert (code, "loaded in" in said[1], slugs()) == (0, True, ["chilinglu", "shaokou"])


@pytest.mark.usefixtures("demo")
def test_one_line_a_place_says_whose_desks_there_are() -> None:
    run("demo", "--place", "shaokou")
    run("demo", "--place", "chilinglu")
    with db.reading() as session:
        lines = places.desks(demo_identities(session))
    assert len(lines) == 4 and all(lines[1].count(word) == 1 for word in ("Party secretary", "Grid worker", "Viewer"))
    assert lines[3].startswith("  All places: ") and places.desks([]) == []
