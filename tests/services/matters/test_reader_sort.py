"""The order of a list tells the public nothing of what is hidden in a title."""

from collections.abc import Callable

import pytest
from sqlmodel import Session

from models.area import Area
from models.place import Place
from services.matters import matters
from services.matters.matters import Filter
from services.rights.permissions import Actor
from tests.services.rights import units

HIDDEN = ("call 13912345678", "call 13812345678", "call 13712345678")


@pytest.mark.parametrize("sort", ["title", "-title"])
def test_the_public_reads_the_order_of_what_it_reads(
    session: Session, place: Place, actor: Callable[[str], Actor], sort: str
) -> None:
    root = session.get_one(Area, place.area_id)
    for at, title in enumerate((*HIDDEN, "bench", "door"), 1):
        units.add(session, root, at, "CL-O-CG", public=True).title = title
    session.commit()
    wanted = Filter(flow="issue", sort=sort)

    def listed(role: str) -> list[str]:
        return [row.matter.title for row in matters.page(session, actor(role), wanted)]

    def numbers(role: str) -> list[str]:
        return [row.matter.number for row in matters.page(session, actor(role), wanted)]

    desk, public = listed("staff"), listed("viewer")
    assert desk == sorted(desk, reverse=sort.startswith("-"))
    assert public == sorted(public, reverse=sort.startswith("-")) and public.count("call ***") == 3
    alike = [number for number in numbers("viewer") if number in {f"CL-2026-{at:06d}" for at in (1, 2, 3)}]
    newest = [row.matter.number for row in matters.page(session, actor("viewer"), wanted.with_(sort="newest"))]
    assert alike == [number for number in newest if number in alike]
