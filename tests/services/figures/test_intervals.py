"""Wilson's interval: exact at none and at all, and that of SciPy for every k of every n up to two thousand."""

import subprocess
import sys
from random import Random

import numpy as np
import pytest
from scipy.special import ndtri
from scipy.stats import binomtest

from models.area import Area
from services.figures import intervals
from services.figures.indicators import Count
from services.figures.kept_counts import Share
from services.figures.rankings import ranked
from services.system.settings import ROOT

MOST = 2000


def every(most: int = MOST) -> tuple[np.ndarray, np.ndarray]:
    n = np.repeat(np.arange(1, most + 1), np.arange(2, most + 2))
    return np.arange(len(n)) - np.repeat(np.cumsum(np.arange(2, most + 2)) - np.arange(2, most + 2), n_many(most)), n


def n_many(most: int) -> np.ndarray:
    return np.arange(2, most + 2)


def test_every_interval_up_to_two_thousand_is_exact_at_its_ends_and_solves_wilsons_equation() -> None:
    k, n = every()
    assert len(k) == sum(range(2, MOST + 2)) and (k <= n).all() and (k[n == 7] == np.arange(8)).all()
    low, high = intervals.together(k, n)
    assert (low[k == 0] == 0.0).all() and (high[k == n] == 1.0).all()
    assert (low[k > 0] > 0).all() and (high[k < n] < 1).all()
    share = k / n
    assert (low <= share).all() and (share <= high).all()
    # Both ends are where the share seen lies just so many standard deviations of theirs away.
    for edge in (low, high):
        inner = (edge > 0) & (edge < 1)
        away = (share - edge)[inner] ** 2 * n[inner] / (edge * (1 - edge))[inner]
        assert away == pytest.approx(ndtri(0.975) ** 2, rel=1e-6)


def test_it_is_that_of_scipy() -> None:
    rng = Random(5)
    drawn = [(rng.randint(0, n), n) for n in (rng.randint(1, MOST) for _ in range(300))]
    for k, n in [*drawn, *((0, n) for n in range(1, 60)), *((n, n) for n in range(1, 60))]:
        told = binomtest(k, n).proportion_ci(0.95, method="wilson")
        assert intervals.wilson(k, n) == pytest.approx((told.low, told.high), abs=1e-12)


@pytest.mark.parametrize("better", ["up", "down"])
@pytest.mark.parametrize("perfect", [True, False])
def test_where_all_are_perfect_none_is_worse(perfect: bool, better: str) -> None:
    areas = [Area(id=at, code=str(at), name=str(at), level="community", path=f"/{at}/") for at in range(1, 27)]
    for n in range(5, MOST, 37):
        rows = ranked([(area, Share((n + area.id) * perfect, n + area.id)) for area in areas], better)
        assert {(row.verdict, row.letters) for row in rows} == {("same", "a")}
        assert {row.high if perfect else row.low for row in rows} == {float(perfect)}
        assert all(0 <= (row.fair or 0) <= 1 for row in rows)


def test_a_weighted_share_has_one_too() -> None:
    low, high = intervals.wilson(8.6, 10)
    assert 0 < low < 0.86 < high < 1
    assert intervals.wilson(Count(10.0, 10).numerator, 10)[1] == 1.0


def test_nobody_loads_the_statistics_before_a_figure_needs_them() -> None:
    every_page = (
        "import sys, pathlib, runpy; import app; import services.registry; from ui.web import warm_up, server;"
        "from ui.frame import page_frame;"
        "import services.figures.breakdowns, services.figures.readings, services.figures.cards;"
        "import ui.figures.breakdown_view, ui.figures.figure_cards, ui.figures.ranking, ui.map.picked_card;"
        "[compile(p.read_text(), p, 'exec') for p in pathlib.Path('pages').rglob('*.py')];"
        "assert not [name for name in sys.modules if name.split('.')[0] == 'scipy'], 'loaded'"
    )
    done = subprocess.run([sys.executable, "-c", every_page], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr[-2000:]
