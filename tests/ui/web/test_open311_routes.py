"""GeoReport v2 on the web: both formats, errors in the specification's form, and nothing at all while it is off."""

import asyncio
import time
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import httpx
import pytest
from sqlmodel import Session
from starlette.applications import Starlette
from starlette.middleware import Middleware

import services.registry  # noqa: F401
from models.place import Place
from services.flows.issue import issues
from services.rights.permissions import Actor
from services.system.files.shared_numbers import SharedNumbers
from services.system.settings import settings
from ui.web import open311
from ui.web.doors.allowances import Allowance
from ui.web.gate import Gate

Of = Callable[[str], Actor]
DECLARED = "<?xml version='1.0' encoding='utf-8'?>"


def ask(path: str, method: str = "GET", address: str = "127.0.0.1", host: str = "mulin") -> httpx.Response:
    """Asked by nobody in particular, through the gate."""

    async def answer() -> httpx.Response:
        app = Starlette(routes=open311.routes, middleware=[Middleware(Gate)])
        transport = httpx.ASGITransport(app, client=(address, 50_000))
        async with httpx.AsyncClient(transport=transport, base_url="http://mulin") as browser:
            return await browser.request(method, path, headers={"host": host})

    return asyncio.run(answer())


@pytest.fixture(autouse=True)
def _fresh(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("MULIN_WORK_FOLDER", str(tmp_path / "work"))
    settings.cache_clear()
    monkeypatch.setattr(open311, "_ALLOWANCE", Allowance(questions=120, bytes=16 * 1024 * 1024))


@pytest.fixture
def on(monkeypatch: pytest.MonkeyPatch, database: str) -> None:
    assert database
    monkeypatch.setenv("MULIN_OPEN311", "true")
    settings.cache_clear()


@pytest.fixture
def number(session: Session, place: Place, actor: Of) -> str:
    hidden = issues.create(session, actor("staff"), issues.NewIssue(title="内部", area_id=place.area_id))
    title = '<b>&"路灯"]]></b>'
    shown = issues.create(session, actor("staff"), issues.NewIssue(title=title, area_id=place.area_id))
    shown.public = True
    session.add(shown)
    session.commit()
    assert hidden.number != shown.number
    return shown.number


PATHS = ["discovery", "services", "services/01037", "requests", "requests/CL-2026-000001", "anything", "../../issues"]


@pytest.mark.usefixtures("place")
@pytest.mark.parametrize("path", PATHS)
def test_while_it_is_off_there_is_nothing(path: str) -> None:
    for kind in ("json", "xml"):
        answer = ask(f"/open311/v2/{path}.{kind}")
        assert answer.status_code in (401, 404)
        assert "CL-" not in answer.text


@pytest.mark.usefixtures("on")
def test_json_and_xml_say_the_same(number: str) -> None:
    answer = ask("/open311/v2/requests.json")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json; charset=utf-8")
    assert answer.headers["cache-control"] == "public, max-age=60"
    [told] = answer.json()
    assert (told["service_request_id"], told["status"]) == (number, "open")
    xml = ask("/open311/v2/requests.xml")
    assert (xml.status_code, xml.headers["content-type"]) == (200, "text/xml; charset=utf-8")
    assert xml.text.startswith(DECLARED)
    root = ElementTree.fromstring(xml.text)
    assert root.tag == "service_requests"
    [request] = list(root)
    assert request.tag == "request"
    assert {one.tag: one.text for one in request} == {
        name: None if value is None else str(value) for name, value in told.items()
    }
    assert told["description"] == '<b>&"路灯"]]></b>'


@pytest.mark.usefixtures("on")
def test_one_request_and_one_service(number: str) -> None:
    assert ask(f"/open311/v2/requests/{number}.json").json()[0]["service_request_id"] == number
    services = ask("/open311/v2/services.json").json()
    assert {one["metadata"] for one in services} == {False}
    root = ElementTree.fromstring(ask("/open311/v2/services.xml").text)
    assert [one.findtext("service_code") for one in root] == [one["service_code"] for one in services]
    assert root[0].findtext("metadata") == "false"
    definition = ElementTree.fromstring(ask("/open311/v2/services/01037.xml").text)
    assert (definition.tag, definition.findtext("service_code")) == ("service_definition", "01037")


@pytest.mark.usefixtures("on", "place")
def test_discovery_leads_to_the_endpoint() -> None:
    told = ask("/open311/v2/discovery.json").json()
    [endpoint] = told["endpoints"]
    assert endpoint["url"] == "http://mulin/open311/v2"
    assert endpoint["formats"] == ["text/xml", "application/json"]
    root = ElementTree.fromstring(ask("/open311/v2/discovery.xml").text)
    assert [one.text for one in root.iter("format")] == endpoint["formats"]
    assert root.tag == "discovery"


WRONG = [
    ("requests.{}?status=pending", 400),
    ("requests.{}?start_date=%00", 400),
    ("requests.{}?page=99999999999999999999", 400),
    ("requests.{}?service_code=%27%20OR%201=1", 400),
    ("requests.{}?jurisdiction_id=%3Cx%3E", 404),
    ("requests/CL-2026-000001.{}", 404),
    ("requests/CL-2026-999999.{}", 404),
    ("requests/%00.{}", 404),
    ("services/nothing.{}", 404),
    ("tokens/1.{}", 404),
]


@pytest.mark.usefixtures("on", "number")
def test_errors_have_the_specified_form() -> None:
    for path, status in WRONG:
        answer = ask(f"/open311/v2/{path.format('json')}")
        [error] = answer.json()
        assert (answer.status_code, error["code"], set(error)) == (status, status, {"code", "description"})
        assert error["description"]
        xml = ask(f"/open311/v2/{path.format('xml')}")
        root = ElementTree.fromstring(xml.text)
        assert (xml.status_code, root.tag, root[0].tag) == (status, "errors", "error")
        assert root.findtext("error/code") == str(status)
        assert "no-store" in answer.headers["cache-control"]


@pytest.mark.usefixtures("on", "place")
def test_nothing_is_written_and_nothing_else_is_open() -> None:
    assert ask("/open311/v2/requests.json", "POST").status_code == 405
    assert ask("/open311/", "POST").status_code == 405
    assert ask("/open311/../issues").status_code in (401, 404)
    assert ask("/export/matters.csv").status_code == 401


def test_signs_that_xml_can_not_hold_are_left_out() -> None:
    made = open311.written("errors", [{"code": 1, "description": "a\x00\x0b\ufffe\ud800b"}])
    assert ElementTree.fromstring(made).findtext("error/description") == "ab"


@pytest.mark.usefixtures("on", "place")
def test_discovery_names_what_is_configured_and_never_what_was_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    assert ask("/open311/v2/discovery.json", host="evil.example").status_code == 421
    monkeypatch.setenv("MULIN_PUBLIC_ADDRESS", "https://mulin.example.gov.cn")
    settings.cache_clear()
    for host in ("mulin", "localhost:1", "mulin.example.gov.cn"):
        [endpoint] = ask("/open311/v2/discovery.json", host=host).json()["endpoints"]
        assert endpoint["url"] == "https://mulin.example.gov.cn/open311/v2"


@pytest.mark.usefixtures("on", "place")
def test_an_address_has_so_many_questions_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    # On a slow machine some would be given back while the others are asked.
    monkeypatch.setattr("ui.web.doors.allowances.time.monotonic", lambda: 1000.0)
    answers = [ask("/open311/v2/services.json", address="10.0.0.1") for _ in range(130)]
    assert [answer.status_code for answer in answers[:120]] == [200] * 120
    late = answers[-1]
    assert late.status_code == 429 and 1 <= int(late.headers["retry-after"]) <= 61
    assert late.json()[0]["code"] == 429 and late.headers["cache-control"] == "no-store"
    assert ask("/open311/v2/services.json", address="10.0.0.2").status_code == 200
    assert ask("/open311/v2/services.xml", address="2001:db8::1").status_code == 200


@pytest.mark.usefixtures("on", "place")
def test_an_address_has_so_many_bytes_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(open311, "_ALLOWANCE", Allowance(questions=1000, bytes=20_000))
    sizes = []
    while (answer := ask("/open311/v2/services.json", address="2001:db8::7")).status_code == 200:
        sizes.append(len(answer.content))
    assert 20_000 <= sum(sizes) <= 20_000 + max(sizes)
    assert ask("/open311/v2/services.json", address="2001:db8::8").status_code == 429, "the same network"


def test_what_was_not_used_is_there_again(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [time.time()]
    monkeypatch.setattr("ui.web.doors.allowances.time.time", lambda: now[0])
    allowance, other = (Allowance(questions=2, bytes=100, kind="again") for _process in range(2))
    assert [one.wait("a") for one in (allowance, other, allowance)] == [0, 0, 31], "whichever process is asked"
    now[0] += 31
    assert [allowance.wait("a"), allowance.wait("b")] == [0, 0]
    other.sent("b", 200)
    assert allowance.wait("b") > 60
    now[0] += 3600
    assert [allowance.wait("b") for _ in range(3)] == [0, 0, 31]
    now[0] -= 86400
    assert allowance.wait("b") == 0, "a clock that is set back shuts nobody out"


def test_an_address_that_asks_no_more_is_forgotten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings(), "work_folder", tmp_path)
    numbers = SharedNumbers("kept", 1)
    with numbers.changing("a") as told:
        told.append(1.0)
    numbers.forget(60)
    assert [path.stat().st_mode & 0o777 for path in tmp_path.glob("kept-*/*")] == [0o600]
    numbers.forget(-1)
    assert not list(tmp_path.glob("kept-*/*"))
