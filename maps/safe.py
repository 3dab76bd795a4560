"""Safe folium: the only module that imports folium. What it lets into JavaScript are addresses, codes and our words.

folium pastes text into JavaScript template literals, where ``html.escape`` is not enough. So names and titles never
come this way: they arrive in the browser as GeoJSON and are shown with textContent.
"""

import html
import json
import re
from collections.abc import Sequence
from typing import Any

import folium
from branca.element import MacroElement
from folium.template import Template

_LOCAL = re.compile(r"/(?!/)[\w\-./]*(\?[\w\-.=&%~,+]*)?", re.ASCII)
_RISKY = re.compile(r"[<>&'`${}]")
_CODE = re.compile(r"[a-z][a-z_]{0,31}", re.ASCII)


class Remote(ValueError):
    """An address that would leave this host, or could be more than an address, was about to reach the browser."""


def js_html(text: object) -> str:
    """Escape text that folium pastes as HTML into a JavaScript template literal."""
    escaped = html.escape(str(text)).replace("\\", "&#92;").replace("`", "&#96;")
    return escaped.replace("$", "&#36;").replace("{", "&#123;").replace("}", "&#125;")


def local(url: str) -> str:
    """``url``, if it is an address on this host and nothing else. Raises Remote."""
    if not _LOCAL.fullmatch(url):
        raise Remote(f"Only addresses on this host, percent-encoded, go into a map: {url[:80]!r}")
    return url


def literal(value: Any) -> str:
    """``value`` as a JavaScript literal. folium renders scripts as templates a second time, so no brace stays.

    A word with ``{{ }}`` in it would otherwise run as a template on the server.
    """
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{literal(key)}: {literal(item)}" for key, item in value.items()) + " }"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(literal, value)) + "]"
    return _RISKY.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(value))


class Map(folium.Map):
    """A folium map without tiles that loads only the scripts and styles it is given."""

    def __init__(self, scripts: Sequence[str], styles: Sequence[str], **options: Any) -> None:
        super().__init__(tiles=None, **options)
        self.default_js = [(f"script{at}", local(url)) for at, url in enumerate(scripts)]
        self.default_css = [(f"style{at}", local(url)) for at, url in enumerate(styles)]


class Start(MacroElement):
    """Starts our part of the map in the browser. ``words`` are translated words of ours."""

    _template = Template(
        "{% macro script(this, kwargs) %}mulin.start({{ this._parent.get_name() }}, {{ this.options }});{% endmacro %}"
    )

    def __init__(self, words: dict[str, str]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name, self.options = "Start", literal({"words": words})


class UrlLayer(MacroElement):
    """A layer the browser fills by fetching GeoJSON from this host. ``kind`` says how it is drawn."""

    _template = Template(
        "{% macro script(this, kwargs) %}var {{ this.get_name() }} = mulin.layer("
        "{{ this.arguments }}).addTo({{ this._parent.get_name() }});{% endmacro %}"
    )

    def __init__(self, kind: str, url: str) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        if not _CODE.fullmatch(kind):
            raise Remote(f"A kind of layer is a short word: {kind[:40]!r}")
        self._name, self.arguments = "UrlLayer", f"{literal(kind)}, {literal(local(url))}"


class Look(MacroElement):
    """Fits the map to ``bounds`` when ``key`` is another than before; ``notes`` are words of ours in its corner."""

    _template = Template("{% macro script(this, kwargs) %}mulin.view({{ this.view }});{% endmacro %}")

    def __init__(self, key: str, bounds: list[list[float]] | None, notes: Sequence[str]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name, self.view = "Look", literal({"key": key, "bounds": bounds, "notes": list(notes)})


def tile_layer(url: str, attribution: str) -> Any:
    """A background the operator configured; its attribution is escaped for folium."""
    return folium.TileLayer(tiles=url, attr=js_html(attribution), max_zoom=22, max_native_zoom=18)


def group() -> Any:
    """An empty group of layers."""
    return folium.FeatureGroup()
