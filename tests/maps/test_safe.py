"""What reaches the browser as code: addresses on this host, codes, and words of ours; never what people typed."""

import json
import re
from typing import Any

import pytest
from streamlit_folium import generate_leaflet_string

from maps import plan, safe
from maps.plan import Tiles

PAYLOADS = (
    "${alert(1)}",
    "`+alert(1)+`",
    "</script><script>alert(1)</script>",
    "\"');alert(1);//",
    "<img src=x onerror=alert(1)>",
    "\\u003cimg src=x onerror=alert(1)\\u003e",
    "{{ 7*7 }}",
)
SCRIPTS = ("/assets/leaflet/leaflet.js", "/assets/map.js?v=0a1b")
NONE = Tiles()
STYLES = ("/assets/leaflet/leaflet.css",)
URLS = {"areas": "/layers/areas.geojson?v=1&area=CL-G1", "matters": "/layers/matters.geojson?v=1&text=%24%7Balert%7D"}


def rendered(words: dict[str, str] | None = None, tiles: Tiles = NONE, notes: tuple[str, ...] = ()) -> str:
    base: Any = plan.base_map(SCRIPTS, STYLES, words or {"map": "Map"}, tiles)
    plan.layers(URLS, "CL-G1", (112.9, 28.1, 113.0, 28.2), notes).add_to(base)
    return str(base.get_root().render())


@pytest.mark.parametrize("payload", PAYLOADS)
def test_js_html_leaves_nothing_a_template_literal_could_run(payload: str) -> None:
    assert not re.search(r"[<>`${}\\\"']", safe.js_html(payload))


@pytest.mark.parametrize("payload", PAYLOADS)
def test_an_address_is_an_address_and_nothing_else(payload: str) -> None:
    with pytest.raises(safe.Remote):
        safe.UrlLayer("areas", f"/layers/areas.geojson?text={payload}")
    with pytest.raises(safe.Remote):
        safe.UrlLayer(payload, "/layers/areas.geojson")


@pytest.mark.parametrize(
    "url", ["https://d3js.org/d3.v4.min.js", "//evil.cn/x.js", "javascript:alert(1)", "/\\evil.cn"]
)
def test_no_other_host_is_let_in(url: str) -> None:
    with pytest.raises(safe.Remote):
        safe.local(url)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_our_own_words_stay_inside_their_json_string(payload: str) -> None:
    page = rendered({"map": payload}, notes=(payload,))
    told = [json.loads(found) for found in re.findall(r"mulin\.(?:start\(\w+, |view\()(\{.*?\})\);", page)]
    assert [told[0]["words"]["map"], told[1]["notes"][0]] == [payload, payload]
    assert "<script>alert" not in page and "<img" not in page


@pytest.mark.parametrize("payload", PAYLOADS)
def test_an_attribution_is_escaped(payload: str) -> None:
    page = rendered(tiles=Tiles("/tiles/{z}/{x}/{y}.png", payload))
    assert payload not in page


def test_a_map_asks_this_host_only() -> None:
    assert not re.findall(r"(?:src|href)=[\"'](?!/assets/)[^\"']+", rendered())
    assert not re.findall(r"https?://", rendered())


def test_the_base_is_the_same_from_run_to_run_whatever_the_data() -> None:
    scripts = []
    for _ in range(2):
        base = plan.base_map(SCRIPTS, STYLES, {"map": "Map"}, Tiles())
        base.get_root().render()
        scripts.append(generate_leaflet_string(base))
    assert scripts[0] == scripts[1]
    assert "mulin.start(map_div" in scripts[0]


def test_every_layer_becomes_one_address() -> None:
    page = rendered()
    assert [url in page.replace("\\u0026", "&") for url in URLS.values()] == [True, True]
