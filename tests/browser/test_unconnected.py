"""A browser that is let in and gets no websocket, or keeps no cookies, is told so."""

from collections.abc import Callable

import httpx
import pytest

from tests.browser.conftest import Person

pytestmark = pytest.mark.browser
# As a proxy does that lets no websocket through.
_REFUSED = "const W = WebSocket; window.WebSocket = class extends W { constructor(u, p) { super(u + '/shut', p); } };"


def test_who_gets_no_websocket_is_told(person: Callable[..., Person]) -> None:
    staff = person("Community staff")
    staff.page.add_init_script(_REFUSED)
    staff.page.goto(f"{staff.address}/issues")
    said = staff.page.locator("#mulin-said")
    said.wait_for()
    assert "websocket" in said.inner_text()
    staff.shot("unconnected")


def test_a_page_that_was_cut_off_for_a_moment_says_nothing(person: Callable[..., Person]) -> None:
    staff = person("Community staff")
    staff.go("/issues")
    staff.page.wait_for_timeout(1000)
    assert not staff.page.locator("#mulin-said").count()


def test_who_keeps_no_cookies_is_told(served: str) -> None:
    answer = httpx.post(f"{served}/sign-in", data={"csrf": "x" * 43, "login": "a", "password": "b"})
    assert (answer.status_code, "ookie" in answer.text) == (403, True)
    stale = httpx.post(f"{served}/sign-in", data={"csrf": "x" * 43}, cookies={"mulin_csrf": "y" * 43})
    assert (stale.status_code, "ookie" in stale.text) == (403, False)
