from dataclasses import replace

import pytest
from sqlmodel import Session

from models.area import Area
from models.place import Place
from services.places.place_from_name import NewPlace, create_place
from services.rights.permissions import Actor
from services.system.errors import Refused

ADMIN = Actor(None, "admin", "admin")
TOLD = NewPlace("moumou", "某某区", "MM", "district", "430199")


def test_a_place_has_a_root_that_areas_can_hang_from(session: Session) -> None:
    place = create_place(session, ADMIN, TOLD)
    root = session.get_one(Area, place.area_id)
    assert (root.code, root.path, root.level, place.prefix, place.sample) == (
        "430199",
        "430199/",
        "district",
        "MM",
        False,
    )
    other = create_place(session, ADMIN, NewPlace("other", "另一街道", "OT", "street"))
    assert session.get_one(Area, other.area_id).code == "OT"


@pytest.mark.parametrize(
    "wrong",
    [
        {"slug": "../etc"},
        {"slug": "Mou"},
        {"slug": ""},
        {"name": "\n\u202e"},
        {"name": "长" * 65},
        {"prefix": "mm"},
        {"prefix": "TOOLONGER"},
        {"prefix": "M-"},
        {"level": "building"},
        {"level": "planet"},
        {"code": "a/b"},
        {"code": "a b"},
        {"code": "x" * 25},
    ],
    ids=str,
)
def test_what_cannot_be_a_place_is_refused(session: Session, wrong: dict[str, str]) -> None:
    with pytest.raises(Refused):
        create_place(session, ADMIN, replace(TOLD, **wrong))


@pytest.mark.parametrize("taken", [{"slug": "chilinglu"}, {"prefix": "CL"}, {"code": "430103"}], ids=str)
def test_what_another_place_has_is_refused(session: Session, place: Place, taken: dict[str, str]) -> None:
    assert place.slug == "chilinglu"
    with pytest.raises(Refused, match="already has"):
        create_place(session, ADMIN, replace(TOLD, **taken))


@pytest.mark.parametrize("role", ["secretary", "staff", "grid_worker", "viewer"])
def test_only_who_is_responsible_everywhere_makes_a_place(session: Session, role: str) -> None:
    with pytest.raises(Refused):
        create_place(session, Actor(None, role, role, "430103/"), TOLD)
