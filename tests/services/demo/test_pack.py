"""Which places are loaded when nobody names one."""

from pathlib import Path

import pytest

from services.demo.pack import offered
from services.places import place_packs

TOLD = """
slug = "{slug}"
name = "{slug}"
prefix = "X"
root = "1"
sample = true
notice = {{}}
provenance = {{}}
playbook = {{}}
"""


def put(folder: Path, slug: str, more: str = "", samples: bool = True) -> None:
    (folder / slug / ("demo" if samples else "")).mkdir(parents=True)
    (folder / slug / "place.toml").write_text(f"{more}\n{TOLD.format(slug=slug)}", encoding="utf-8")


def test_real_places_with_samples_are_offered_in_order(tmp_path: Path) -> None:
    put(tmp_path, "west")
    put(tmp_path, "east")
    put(tmp_path, "tale", "fictional = true")
    put(tmp_path, "bare", samples=False)
    assert offered(tmp_path) == ["east", "west"]


@pytest.mark.parametrize(("slug", "by_itself"), [("chilinglu", True), ("shaokou", False)])
def test_the_made_up_place_is_loaded_only_by_its_name(slug: str, by_itself: bool) -> None:
    assert slug in place_packs.known_packs() and (slug in offered()) is by_itself
