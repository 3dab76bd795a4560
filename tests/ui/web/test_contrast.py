"""Contrast 4.5 to 1 for every word, 3 to 1 for what shows the focus: the theme's colours and those of every style."""

import re
import tomllib
from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest

from services.system.settings import ROOT

_RULE, _PROPERTY = re.compile(r"([^{}]+)\{([^{}]*)\}"), re.compile(r"([a-z-]+)\s*:\s*([^;]+)")
_HEX = re.compile(r"#(?:[0-9A-Fa-f]{6}|[0-9A-Fa-f]{3})\b")
TEXT, SHAPE = 4.5, 3.0


def theme() -> dict[str, Any]:
    told: dict[str, Any] = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    return told


def grounds() -> list[str]:
    """What words may stand on: the page, what is typed into, the side."""
    told = theme()["theme"]
    return [told["backgroundColor"], told["secondaryBackgroundColor"], told["sidebar"]["backgroundColor"]]


def channels(colour: str) -> tuple[int, ...]:
    digits = colour.removeprefix("#")
    digits = "".join(sign * 2 for sign in digits) if len(digits) == 3 else digits
    return tuple(int(digits[at : at + 2], 16) for at in (0, 2, 4))


def light(colour: tuple[float, ...]) -> float:
    parts = [part / 255 for part in colour]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(share * part for share, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    high, low = sorted((light(one), light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def faded(colour: str, ground: str, share: float) -> tuple[float, ...]:
    """A colour so transparent on a ground, as Streamlit draws captions and what stands in an empty field."""
    return tuple(share * a + (1 - share) * b for a, b in zip(channels(colour), channels(ground), strict=True))


def sheets() -> Iterator[tuple[str, str]]:
    """Every style that the program brings along: its files, and the sheets inside the modules that draw."""
    for path in sorted((ROOT / "ui" / "web" / "static").glob("*.css")):
        yield path.name, path.read_text(encoding="utf-8")
    for path in sorted((ROOT / "ui").rglob("*.py")):
        for found in re.findall(r"<style>(.*?)</style>", path.read_text(encoding="utf-8"), re.DOTALL):
            yield path.name, found


def pairs(sheet: str) -> Iterator[tuple[str, str, str]]:
    """Selector, colour and ground; a rule that names no ground stands on any of the page's."""
    rules = [(selector.strip(), dict(_PROPERTY.findall(body))) for selector, body in _RULE.findall(sheet)]
    ground_of = {selector: _HEX.findall(_ground(told)) for selector, told in rules}
    for selector, told in rules:
        for colour in _HEX.findall(told.get("color", "")):
            own = _HEX.findall(_ground(told)) or ground_of.get(re.sub(r":[a-z-]+$", "", selector), [])
            yield from ((selector, colour, ground) for ground in own or grounds())


def _ground(told: dict[str, str]) -> str:
    return told.get("background", "") or told.get("background-color", "")


def test_there_is_one_theme_and_nobody_is_led_into_another() -> None:
    told = theme()
    assert told["theme"]["base"] == "light" and not {"dark", "light"} & set(told["theme"])
    assert told["client"]["toolbarMode"] == "minimal"


@pytest.mark.parametrize("name", ["textColor", "linkColor", "primaryColor"])
def test_the_theme_is_read_on_every_ground(name: str) -> None:
    colour = theme()["theme"][name]
    for ground in grounds():
        assert contrast(channels(colour), channels(ground)) >= TEXT, (name, ground)


def test_what_streamlit_fades_is_read_too() -> None:
    text = theme()["theme"]["textColor"]
    for ground, share in product(grounds(), (0.6,)):
        assert contrast(faded(text, ground, share), channels(ground)) >= TEXT, (ground, share)


def test_words_in_colour_are_read() -> None:
    told = theme()["theme"]
    for name in ("red", "orange", "yellow", "green", "blue", "violet", "gray"):
        for ground in (*grounds(), told[f"{name}BackgroundColor"]):
            assert contrast(channels(told[f"{name}TextColor"]), channels(ground)) >= TEXT, (name, ground)


def test_every_pair_of_every_style_is_read() -> None:
    poor = [
        (name, selector, colour, ground, round(contrast(channels(colour), channels(ground)), 2))
        for name, sheet in sheets()
        for selector, colour, ground in pairs(sheet)
        if contrast(channels(colour), channels(ground)) < TEXT
    ]
    assert not poor, "\n".join(map(str, poor))


def test_the_focus_is_seen() -> None:
    seen = 0
    for name, sheet in sheets():
        for selector, body in _RULE.findall(sheet):
            for colour in _HEX.findall(dict(_PROPERTY.findall(body)).get("outline", "")):
                seen += 1
                assert min(contrast(channels(colour), channels(one)) for one in grounds()) >= SHAPE, (name, selector)
            removed = "outline:none" in body.replace(" ", "") or "outline:0" in body.replace(" ", "")
            assert not removed or ":not(:focus-visible)" in selector, (name, selector)
    assert seen > 2
