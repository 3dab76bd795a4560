"""The order of the tests: as they are written, or dealt anew for the number in MULIN_TEST_ORDER.

Files change places, and the tests inside a file: what a file has set up once is not set up again for every test.
"""

import os
from itertools import groupby
from random import Random

import hypothesis
import pytest

SEED = os.environ.get("MULIN_TEST_ORDER", "")
# A slow machine is no failure; time is measured by `make bench`. Without a seed the same examples are tried each time.
hypothesis.settings.register_profile("mulin", deadline=None, derandomize=not SEED)
hypothesis.settings.load_profile("mulin")


def pytest_configure(config: pytest.Config) -> None:
    """Let Hypothesis search from the same number."""
    if SEED and config.getoption("hypothesis_seed", None) is None:
        config.option.hypothesis_seed = SEED


def pytest_report_header() -> str | None:
    """Say how to have the same order again."""
    return f"order of the tests: MULIN_TEST_ORDER={SEED}" if SEED else None


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Deal the files, and in each of them the tests."""
    if not SEED:
        return
    chance = Random(SEED)
    files = [list(tests) for _, tests in groupby(items, key=lambda item: item.path)]
    chance.shuffle(files)
    for tests in files:
        chance.shuffle(tests)
    items[:] = [test for tests in files for test in tests]
