"""Cookies that others wrote: none locks anybody out, none is believed, and none goes on to anything behind the gate."""

import pytest
from hypothesis import given
from hypothesis import strategies as some
from starlette.requests import Request
from starlette.types import Scope

from tests.ui.web.doors.conftest import signed_in
from tests.ui.web.running import Browser, Running, run
from ui.web import cookies

OURS = "a" * 42 + "Z"
FOREIGN = [
    "别的程序=中文".encode(),
    "name=中文".encode(),
    "中文".encode("gb18030") + b"=1",
    b"name=\xff\xfe\x00"[:-1],
    b"bare",
    b'"',
    b'name="',
    b'name="open',
    b'name="a;b',
    b'{"a":1,"b":[2]}',
    b'prefs={"a":"b; c","d":"e"}',
    b"prefs=%7B%22a%22%3A1%7D",
    b"=value",
    b"=",
    b"name=",
    b";",
    b";;; ;",
    b"a=b=c=d",
    b"name with blanks=value with blanks",
    b"name=a,b",
    b"$Version=1; $Path=/",
    b"expires=Thu, 01 Jan 1970 00:00:00 GMT; path=/; HttpOnly",
    b"name=\\",
    b'name="\\042\\999"',
    b"__proto__=x",
    b"[]=1",
    b"name=<script>",
    b"a\tb=c\td",
    b"x=" + b"y" * 4096,
    b"; ".join(b"c%d=" % number + b"v" * 60 for number in range(150)),
    b"; ".join(b"big%d=" % number + b"v" * 3900 for number in range(12)),
    b"mulin_session=",
    b"mulin_session",
    b"mulin_session=x",
    b'mulin_session="' + b"a" * 43 + b'"',
    b"mulin_session=" + b"a" * 43,
    b"mulin_session=" + b"a" * 44,
    b"MULIN_SESSION=" + b"a" * 43,
    "mulin_session=中".encode() + b"a" * 42,
    b"mulin_session =" + b"a" * 43,
    b"mulin_language=xx",
    b'mulin_language="en',
    b"mulin_csrf={",
    b"_streamlit_xsrf=broken",
    b"_streamlit_user=eyJ",
    b"_streamlit_session=null",
]


@pytest.mark.parametrize("foreign", FOREIGN)
def test_a_foreign_cookie_locks_nobody_out(server: Running, li: Browser, foreign: bytes) -> None:
    own = li.cookie()
    origin = ("Origin", server.url.encode())
    for line in (foreign + b"; " + own, own + b";" + foreign):
        cookie = ("Cookie", line)
        assert server.status("GET", "/", cookie, ("Accept", b"text/html")) == 200
        assert server.handshake(cookie, origin) == 101


@pytest.mark.parametrize("foreign", FOREIGN)
def test_a_foreign_cookie_is_not_believed_and_the_door_opens(server: Running, foreign: bytes) -> None:
    cookie = ("Cookie", foreign)
    assert server.status("GET", "/api/me", cookie) == 401
    assert server.status("GET", "/sign-in", cookie, ("Accept", b"text/html")) == 200
    assert server.handshake(cookie, ("Origin", server.url.encode())) == 403


@pytest.mark.parametrize("foreign", FOREIGN[1::5])
def test_one_signs_in_beside_a_foreign_cookie(server: Running, foreign: bytes) -> None:
    browser = server.browser()
    proof = browser.proof()
    sent = [(b"cookie", foreign + b"; mulin_csrf=" + proof.encode() + b"; " + foreign)]
    form = {"csrf": proof, "login": "li.na", "password": "Kx7!pouring-Rain"}
    assert browser.client.post("/sign-in", data=form, headers=sent).status_code == 303


def test_of_two_cookies_of_ours_the_living_one_counts(server: Running, li: Browser) -> None:
    own = li.client.cookies["mulin_session"].encode()
    dead = b"mulin_session=" + b"d" * 43
    for line in (dead + b"; mulin_session=" + own, b"mulin_session=" + own + b"; " + dead):
        assert server.status("GET", "/api/me", ("Cookie", line)) == 204
        assert server.handshake(("Cookie", line), ("Origin", server.url.encode())) == 101
    many = b"; ".join(b"mulin_session=%043d" % number for number in range(50))
    assert server.status("GET", "/api/me", ("Cookie", many + b"; mulin_session=" + own)) == 204
    assert server.status("GET", "/api/me", ("Cookie", many)) == 401


def test_of_two_living_ones_the_wider_path_counts(server: Running, li: Browser) -> None:
    other = signed_in(server, "wang.wei").client.cookies["mulin_session"]
    mine = li.client.cookies["mulin_session"]
    with server.browser().socket(Cookie=f"mulin_session={other}; mulin_session={mine}") as tab:
        assert [one.text.body for one in run(tab) if one.WhichOneof("type") == "text"] == ["N li.na/staff"]


def scope(line: bytes) -> Scope:
    return {"type": "http", "headers": [(b"cookie", line), (b"Cookie", line[::-1])]}


@given(some.binary(max_size=300), some.binary(max_size=300))
def test_whatever_stands_around_it_our_cookie_is_found(before: bytes, after: bytes) -> None:
    line = before + b"; mulin_session=" + OURS.encode() + b"; mulin_language=en;" + after
    kept = cookies.cleaned({"type": "http", "headers": [(b"cookie", line)]}, OURS)
    assert OURS in cookies.tokens({"headers": [(b"cookie", line)]})
    assert Request(kept).cookies["mulin_session"] == OURS
    assert cookies.language(Request({**kept, "query_string": b""})) in ("en", "zh_CN")


PARTS = some.sampled_from(
    [
        b"mulin_session=",
        b"mulin_csrf=",
        b"_streamlit_xsrf=",
        b"=",
        b";",
        b'"',
        b"\\",
        b" ",
        b"a" * 43,
        b"\xe4\xb8\xad",
        b"{",
    ]
)


@given(some.lists(PARTS | some.binary(max_size=20), max_size=20).map(b"".join))
def test_nothing_goes_on_but_ours_in_our_own_form(line: bytes) -> None:
    kept = cookies.cleaned(scope(line), next(iter(cookies.tokens(scope(line))), None))
    found = [value for name, value in kept["headers"] if name.lower() == b"cookie"]
    assert len(found) <= 1
    for name, value in Request(kept).cookies.items():
        assert cookies._KNOWN[name].fullmatch(value)
    assert len(cookies.tokens(kept)) <= 1
