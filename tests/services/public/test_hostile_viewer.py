"""A viewer who keeps everything he was ever shown and solves for what was withheld; and one who comes back to compare.

He is given more than any page shows: the whole edition, how it is rounded, every public matter one by one. Only the
secret thresholds he does not know. Still no count of hidden cases can be told closer than the rule asks.
"""

from collections import defaultdict
from collections.abc import Callable
from datetime import timedelta
from random import Random

import pytest
from sqlmodel import Session, col, delete, select

from models.area import Area
from models.matter import Matter
from models.place import Place
from models.public_edition import PublicEdition
from services.figures import readings
from services.flows.issue import issues
from services.places import areas
from services.public import cells, disclosure, editions, rounding, told_counts
from services.rights.permissions import Actor
from services.rules.rules import rule
from services.system import clock
from tests.services.figures import raw
from tests.services.public import viewer_eyes as eyes
from tests.services.public.viewer_solver import Puzzle

Actors = Callable[[str], Actor]
Hidden = dict[tuple[str, int], int]
FLOW = "issue"
pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
def scattered(session: Session, place: Place) -> Session:
    """Matters of all kinds, a quarter of them public, most in one grid and a few in each of the others."""
    raw.scatter(session, place, 3, 220)
    rng = Random(3)
    grids = areas.descend(session, session.get_one(Area, place.area_id).path, "grid")
    for matter in session.exec(select(Matter)):
        matter.public = rng.random() < 0.25
        if rng.random() < 0.7:
            matter.area_id = rng.choices(grids, [30, 6, 2, 1, 1])[0].id
    session.flush()
    return session


def truth(session: Session, root: Area) -> Hidden:
    """How many hidden cases of each kind lie at and below each area."""
    own: Hidden = defaultdict(int)
    paths = {area.id: area.path for area in areas.under(session, root.path)}
    span = editions.current(session, root, FLOW).span
    for cell in cells.found(session, editions.CODES, root.path, FLOW, span):
        for area, path in paths.items():
            own[cell.kind, area] += cell.number * (not cell.public and paths[cell.area_id].startswith(path))
    return own


def ground(session: Session, root: Area) -> dict[int, list[int]]:
    parts: dict[int, list[int]] = defaultdict(list)
    for area in areas.under(session, root.path):
        if area.id != root.id and area.parent_id:
            parts[area.parent_id].append(area.id)
    return dict(parts)


def beside(session: Session, root: Area) -> set[tuple[str, int]]:
    """Where hidden cases of a kind lie in no part of an area: that there are some, he is told as well."""
    span = editions.current(session, root, FLOW).span
    found = cells.found(session, editions.CODES, root.path, FLOW, span)
    return {(cell.kind, cell.area_id) for cell in found if not cell.public}


def known(
    edition: editions.Edition, parts: dict[int, list[int]], kind: str, apart: set[tuple[str, int]], step: int
) -> Puzzle:
    """What the edition says of the hidden cases of a kind: sums over the tree, and how each was rounded."""
    puzzle = Puzzle()
    every = {area for inside in parts.values() for area in inside} | set(parts)
    for area, inside in parts.items():
        least = -10_000 if (kind, area) in apart else 0
        puzzle.know({str(area): -1.0} | {str(one): 1.0 for one in inside}, least, 0)
    for area in every:
        _, told = edition.told.get(kind, {}).get(area, (0, 0))
        puzzle.know_sum([str(area)], told - step + 1, told + step - 1)
    return puzzle


def narrowest(session: Session, root: Area, parts: dict[int, list[int]]) -> float:
    """The narrowest interval that the solver finds for a kind of hidden case in an area."""
    edition, apart, found = editions.current(session, root, FLOW), beside(session, root), []
    for kind in edition.told:
        puzzle = known(edition, parts, kind, apart, editions.step())
        some = [area for area in parts if area in edition.told[kind]] + list(parts.get(root.id, []))
        found += [most - least for least, most in (puzzle.interval([str(area)]) for area in some)]
    return min(found)


def the_root(session: Session, place: Place) -> Area:
    return areas.ancestors(session, session.get_one(Area, place.area_id).path)[0]


def test_no_hidden_count_can_be_told_closer_than_the_rule(scattered: Session, place: Place) -> None:
    root = the_root(scattered, place)
    assert narrowest(scattered, root, ground(scattered, root)) > rule("public.cell").value


@pytest.mark.usefixtures("demo")
def test_nor_in_the_sample_place(session: Session, place: Place) -> None:
    root = the_root(session, place)
    assert narrowest(session, root, ground(session, root)) > rule("public.cell").value


def test_the_same_solver_finds_every_count_where_nothing_is_rounded(
    scattered: Session, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(editions, "step", lambda: 1)
    root = the_root(scattered, place)
    assert narrowest(scattered, root, ground(scattered, root)) == 0


def test_all_that_is_shown_is_worked_out_from_the_edition(scattered: Session, place: Place, actor: Actors) -> None:
    """Every hidden case is deleted, moved or closed; until the next edition no answer to the viewer changes."""
    viewer, codes = actor("viewer"), eyes.everywhere(scattered, place)
    before = eyes.of_figures(scattered, viewer, codes)
    assert sum('"value"' in said for said in before.values()) > 3
    rng = Random(5)
    for matter in scattered.exec(select(Matter).where(~col(Matter.public))):
        matter.area_id = rng.choice(list(scattered.exec(select(Area.id))))
        matter.is_open, matter.state = rng.random() < 0.5, rng.choice(("closed", "filed", "declined"))
        matter.on_time, matter.due_at = rng.choice((None, True, False)), None
        matter.opened_month -= rng.randrange(40)
    scattered.flush()
    eyes.forget()
    after = eyes.of_figures(scattered, viewer, codes)
    assert [name for name, said in before.items() if after[name] != said] == []


def test_one_complaint_changes_nothing_a_viewer_sees(scattered: Session, place: Place, actor: Actors) -> None:
    viewer, codes = actor("viewer"), eyes.everywhere(scattered, place)[-4:]
    before = eyes.of_figures(scattered, viewer, codes)
    building = areas.descend(scattered, scattered.get_one(Area, place.area_id).path, "building")[0]
    issues.create(scattered, actor("secretary"), issues.NewIssue(title="one more", area_id=building.id))
    eyes.forget()
    assert eyes.of_figures(scattered, viewer, codes) == before


def test_from_week_to_week_no_change_can_be_told_closer_than_a_step(
    scattered: Session, place: Place, actor: Actors
) -> None:
    """Of a count that can only have grown he knows so much, as of what nobody closed or moved; still not by how much.

    By the day alone a case becomes overdue, and another one older than the months that are counted.
    """
    root, step = the_root(scattered, place), editions.step()
    parts = ground(scattered, root)
    first, before = editions.current(scattered, root, FLOW), truth(scattered, root)
    grid = areas.descend(scattered, scattered.get_one(Area, place.area_id).path, "grid")[2]
    issues.create(scattered, actor("secretary"), issues.NewIssue(title="one more", area_id=grid.id))
    eyes.forget()
    with clock.pretending(clock.now() + timedelta(days=7)):
        second, after = editions.current(scattered, root, FLOW), truth(scattered, root)
    assert second.at > first.at
    fallen = {kind for (kind, area), number in before.items() if after.get((kind, area), 0) < number}
    grown = [kind for kind in first.told if kind not in fallen]
    assert grown
    for kind in grown:
        for area in (root.id, *parts[root.id], grid.id):
            told = [edition.told.get(kind, {}).get(area, (0, 0))[1] for edition in (first, second)]
            puzzle = Puzzle()
            puzzle.know_sum(["before"], told[0] - step + 1, told[0] + step - 1)
            puzzle.know_sum(["before", "more"], told[1] - step + 1, told[1] + step - 1)
            least, most = puzzle.interval(["more"])
            assert most - least >= step - 1


def test_a_count_is_rounded_alike_in_every_edition(scattered: Session, place: Place) -> None:
    """What did not change is told alike; a case that has become overdue is of another kind than before."""
    root = the_root(scattered, place)
    real, told = [], []
    for week in range(4):
        eyes.forget()
        with clock.pretending(clock.now() + timedelta(days=7 * week)):
            shown = editions.current(scattered, root, FLOW).told
            hidden = truth(scattered, root)
        told.append({kind: {at: pair[1] for at, pair in found.items() if pair[1]} for kind, found in shown.items()})
        real.append({kind: {at: n for (of, at), n in hidden.items() if of == kind and n} for kind in shown})
    steady = [kind for kind in told[0] if all(one.get(kind) == real[0][kind] for one in real)]
    assert steady and all(one[kind] == told[0][kind] for one in told for kind in steady)
    kept = scattered.exec(select(PublicEdition).where(PublicEdition.flow == FLOW)).all()
    assert len(kept) == 4 and len({one.salt for one in kept}) == 1 and len(kept[0].salt) == 32


def test_an_edition_holds_no_hidden_count_itself(scattered: Session, place: Place) -> None:
    root = the_root(scattered, place)
    editions.current(scattered, root, FLOW)
    kept = scattered.exec(select(PublicEdition)).first()
    assert kept and all(hidden % editions.step() == 0 for found in kept.cells.values() for _, hidden in found.values())


def test_what_is_told_is_near_the_truth(scattered: Session, place: Place, actor: Actors) -> None:
    root, viewer = the_root(scattered, place), actor("viewer")
    whole = areas.scope(scattered, viewer, None)
    true, edition = truth(scattered, root), editions.current(scattered, root, FLOW)
    for kind, found in edition.told.items():
        for area, (_, hidden) in found.items():
            assert abs(hidden - true[kind, area]) < 2 * editions.step()
    raised = readings.figure(scattered, "raised", whole.path, disclosure.period(scattered, viewer, ""))
    told = disclosure.told(scattered, viewer, whole, raised)
    kinds = sum("raised.n" in kind.split() for kind in edition.told)
    assert told and abs(told.count.numerator - raised.count.numerator) < 2 * editions.step() * kinds
    assert told.count.numerator >= told_counts.least()


def test_thresholds_are_secret_and_differ(scattered: Session, place: Place) -> None:
    root = the_root(scattered, place)
    first = editions.current(scattered, root, FLOW).told
    scattered.execute(delete(PublicEdition))
    eyes.forget()
    assert editions.current(scattered, root, FLOW).told != first
    assert len({rounding.threshold("s", f"{at}", 10) for at in range(60)}) == 10
