"""Which flows a place runs and what it calls them: by its playbook, by its office's own folder, or all there are."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from types import MappingProxyType

import pytest
from sqlmodel import Session

import services.registry  # noqa: F401
from models.area import Area
from models.place import Place
from services.engine import flows
from services.places import places, playbook
from services.system import flow_files
from tests.services.engine import errands

Told = Callable[..., None]


@pytest.fixture
def path(session: Session, place: Place) -> str:
    return session.get_one(Area, place.area_id).path


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Iterator[Told]:
    """Let the playbook of the place say something else."""

    def say(**changed: object) -> None:
        pack = places.pack("chilinglu")
        book = MappingProxyType({**pack.playbook, **changed})
        monkeypatch.setattr(playbook, "pack", lambda _slug: replace(pack, playbook=book))
        playbook._KEPT.forget()

    playbook._KEPT.forget()
    yield say
    playbook._KEPT.forget()
    flows.forget()


def test_a_flow_is_called_by_the_name_the_place_gives_it(session: Session, path: str) -> None:
    runs = playbook.of(session, path)
    assert (
        runs.name("deliberation", "zh_CN") == "有事好商量" == playbook.name_of(session, "deliberation", path, "zh_CN")
    )
    assert runs.title("deliberation", "en") == "Talk it over"
    assert runs.title("issue", "zh_CN") == "事项台账", "Called as everywhere, its list has a heading of its own."


def test_only_what_the_playbook_runs(session: Session, path: str, told: Told) -> None:
    told(flows=["deliberation", "issue"])
    assert playbook.flows_of(session, path) == ("issue", "deliberation")


def test_a_place_without_a_playbook_runs_whatever_can_be_begun(
    session: Session, place: Place, path: str, told: Told
) -> None:
    told(flows=[])
    place.slug = "came-as-a-file"
    session.add(place)
    session.flush()
    playbook._KEPT.forget()
    assert playbook.flows_of(session, path) == flows.flows()
    assert playbook.name_of(session, "deliberation", path, "en") == "Deliberation"


def test_above_all_places_whatever_any_of_them_runs(session: Session, path: str, told: Told) -> None:
    told(flows=["issue"])
    assert playbook.flows_of(session, path.split("/")[0] + "/") == ("issue",)
    assert playbook.flows_of(session, path + "01/") == ("issue",)


def test_a_flow_of_the_offices_own_runs_everywhere(session: Session, path: str, told: Told) -> None:
    told(flows=["issue"])
    errands.write()
    flows.forget()
    assert playbook.flows_of(session, path) == ("issue", "errand")
    assert flow_files.own() == ("errand",)
