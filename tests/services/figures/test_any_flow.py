"""A flow that is only a folder: its figures, the lists behind them, its cards and its place on the map."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session

import services.registry  # noqa: F401
from models.area import Area
from models.matter import Matter
from models.place import Place
from services.engine import flows
from services.figures import breakdowns, card_evidence, durations, indicators, readings
from services.figures.breakdowns import Question
from services.layers import map_views, matter_points, shading
from services.matters import case_conditions, list_pages, matters
from services.matters.matters import Filter
from services.places import areas
from services.public import open311
from services.rights.permissions import Actor
from services.system import clock
from services.system.settings import settings

FOLDER = {
    "flow.toml": (
        'order = 9\nzh = "吹哨"\nen = "Whistle"\n[list]\ncounted_zh = "次吹哨"\ncounted_en = "whistles"\n'
        "[map]\nshown = true\nkeeps_when_done = true\n[open311]\nshown = true\n"
    ),
    "states.csv": (
        "state,kind,station,public,waits_for,zh,en\nblown,start,raised,step,staff,已吹哨,Blown\n"
        "waiting,paused,acted,step,,等待,Waiting\nmet,done,acted,step,,已报到,Met\nidle,dropped,raised,none,,作罢,Idle\n"
    ),
    "arrows.csv": (
        "from,action,to,zh,en,needs,guards,deadline,tone,counts\nblown,wait,waiting,等,Wait,,,none,,\n"
        "waiting,go_on,blown,继续,Go on,,,,,\nblown,meet,met,报到,Meet,,,,primary,\n"
        "blown,drop,idle,作罢,Drop,,,none,,\n"
    ),
    "rights.csv": (
        "action,admin,secretary,staff,grid_worker,viewer\ncreate,,area,area,area,\nwait,,area,area,,\n"
        "go_on,,area,area,,\nmeet,,area,area,,\ndrop,,area,area,,\n"
    ),
}
MONTH = clock.month_of(clock.now())
NOW = indicators.Span(MONTH, MONTH)


def forget() -> None:
    flows.forget()
    breakdowns.forget()


@pytest.fixture
def whistles(session: Session, place: Place) -> Iterator[Area]:
    folder = settings().local_folder / "flows" / "siren"
    folder.mkdir(parents=True)
    for name, text in FOLDER.items():
        (folder / name).write_text(text, encoding="utf-8")
    forget()
    area = session.get_one(Area, place.area_id)
    late, opened = clock.now() - timedelta(days=1), clock.now() - timedelta(hours=5)
    rows: list[tuple[str, dict[str, Any]]] = [
        ("blown", {"due_at": late}),
        ("blown", {}),
        ("waiting", {}),
        ("idle", {"is_open": False}),
    ]
    rows += [
        ("met", {"is_open": False, "on_time": at > 0, "closed_at": clock.now(), "public": True}) for at in range(3)
    ]
    for at, (state, values) in enumerate(rows):
        told: dict[str, Any] = {
            "flow": "siren",
            "state": state,
            "area_id": area.id,
            "opened_month": MONTH,
            "opened_at": opened,
        }
        session.add(Matter(number=f"W-{at}", title="t", lng=113.0, lat=28.2, **told, **values))
    session.flush()
    yield area
    (folder / "flow.toml").unlink()
    forget()


def test_its_figures_are_there(session: Session, whistles: Area) -> None:
    def count(code: str) -> tuple[float, int | None]:
        found = indicators.total(session, code, whistles.path, NOW, "siren")
        return found.numerator, found.denominator

    codes = ("open", "overdue", "raised", "closed_rate", "on_time_rate", "paused_share")
    assert [count(code) for code in codes] == [(3, None), (1, None), (7, None), (3, 6), (2, 4), (1, 3)]
    assert indicators.total(session, "open", whistles.path, NOW).numerator == 0
    lasted = readings.lasted(session, whistles.path, "month", "siren")
    assert set(lasted) == set(durations.SHARES) and lasted["duration_median"].n == 6
    told = [one.definition.code for one in readings.headline(session, whistles.path, "month", "siren")]
    assert told == ["open", "overdue", "raised", "closed_rate", "on_time_rate", "paused_share"]
    assert "rework_rate" not in indicators.codes("siren")


def test_every_figure_leads_to_what_it_counts(session: Session, whistles: Area) -> None:
    admin = Actor(None, "admin", "admin")
    here = areas.scope(session, admin, whistles.code)
    for code in indicators.codes("siren"):
        found = breakdowns.breakdown(session, admin, Question(code, here, "area", NOW, None, "siren"))
        assert found.flow == "siren"
        for part, n in (("numerator", found.whole.count.numerator), ("denominator", found.whole.count.denominator)):
            if case_conditions.listable(code, part):
                asked = Filter(path=whistles.path, flow="siren", figure=f"{code}.{part}")
                assert matters.count(session, admin, asked) == n, (code, part)


def test_the_map_shows_it(session: Session, whistles: Area, actor: Callable[[str], Actor]) -> None:
    assert map_views.offered()[-1] == "siren"
    view = map_views.read(session, actor("staff"), {"area": whistles.code, "flow": "siren", "indicator": "open"})
    assert len(matter_points.on_map(session, actor("staff"), view)["features"]) == 7
    done = matter_points.results(session, actor("staff"), view)
    assert {point["properties"]["state"] for point in done["features"]} == {"siren.met"}
    assert done["words"]["state"]["siren.met"] in ("Met", "已报到")
    shaded = shading.shading(session, actor("staff"), view)
    assert sum(shade.count.numerator for shade in shaded.shades) == 0  # All stand at the root itself.
    told = [shading.shading(session, actor("viewer"), view), shading.shading(session, actor("viewer"), plain(view))]
    assert told[0] == told[1]


def plain(view: map_views.View) -> map_views.View:
    return map_views.View(view.here, view.wanted.with_(flow=flows.first()), view.indicator, view.period)


def test_a_card_and_open311_can_count_it(session: Session, whistles: Area) -> None:
    found = card_evidence.gather(session, whistles, "matters?flow=siren")
    assert (found.count, found.unit, found.flow) == (7, "whistles", "siren")
    assert found.page == list_pages.address("siren")
    told = open311.requests(session, open311.asked(session, {}), "en")
    assert [(one["service_request_id"], one["status_notes"]) for one in told] == [
        ("W-6", "Met"),
        ("W-5", "Met"),
        ("W-4", "Met"),
    ]
