"""The addresses of the files: the page's rights, sentences for mistakes, one at a time, a line in the audit."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import replace
from io import BytesIO
from zipfile import ZipFile

import httpx
import openpyxl
import pytest
from sqlmodel import Session, col, select
from starlette.applications import Starlette

import services.registry  # noqa: F401
from models.audit import AuditLine
from services.exporting import file_jobs
from services.flows.issue import issues
from services.rights import audit
from services.rights.permissions import Actor
from tests.ui.web.test_layer_routes import Vouched
from ui.web import exports

Of = Callable[[str], Actor]


def get(actor: Actor | None, url: str, **headers: str) -> httpx.Response:
    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(Vouched(Starlette(routes=exports.routes), actor))
        async with httpx.AsyncClient(transport=transport, base_url="http://mulin") as browser:
            return await browser.get(url, headers=headers)

    return asyncio.run(ask())


@pytest.fixture
def staff(actor: Of) -> Actor:
    return replace(actor("staff"), name="李 & 王")


@pytest.fixture
def two(session: Session, staff: Actor) -> list[str]:
    made = [
        issues.create(session, staff, issues.NewIssue(title=title, area_id=staff.area_id or 0)).number
        for title in ("=1+1", "路灯不亮")
    ]
    session.commit()
    return made


@pytest.fixture(params=["here", "in a process of its own"])
def either_way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param != "here":
        monkeypatch.setattr(file_jobs, "_SHORT", 0)


@pytest.fixture(autouse=True)
def nothing_left_running() -> Iterator[None]:
    yield
    assert not exports._RUNNING.total()


@pytest.mark.usefixtures("either_way")
def test_a_workbook_arrives_with_its_chinese_name_and_the_mark(staff: Actor, two: list[str]) -> None:
    answer = get(staff, "/export/matters.xlsx?q=路灯&sort=number")
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    told = answer.headers["content-disposition"]
    assert told.startswith("attachment; filename=\"matters.xlsx\"; filename*=UTF-8''%E4%BA%8B%E9%A1%B9")
    sheet = openpyxl.load_workbook(BytesIO(answer.content)).worksheets[0]
    assert [row[1].value for row in sheet.iter_rows(min_row=6)] == two[1:]
    assert "李 && 王" in str(sheet.oddFooter.left.text)


@pytest.mark.usefixtures("either_way")
def test_csv_arrives_with_every_row_and_no_formula(staff: Actor, two: list[str]) -> None:
    answer = get(staff, "/export/matters.csv?sort=number")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/csv; charset=utf-8")
    assert answer.content.startswith(b"\xef\xbb\xbf")
    rows = answer.content.decode("utf-8-sig").splitlines()[1:]
    assert [row.split(",")[0] for row in rows] == two
    assert rows[0].split(",")[1] == "'=1+1"


@pytest.mark.usefixtures("two")
def test_what_leaves_is_written_down(session: Session, staff: Actor) -> None:
    get(staff, "/export/matters.csv?open=all&q=路灯")
    line = session.exec(select(AuditLine).where(AuditLine.act == "export").order_by(col(AuditLine.seq).desc())).one()
    assert (line.actor, line.subject) == (staff.name, "matters.csv")
    assert line.data == {"rows": 1, "query": "open=all&q=%E8%B7%AF%E7%81%AF", "area": staff.area_path}
    assert audit.digest_of(line, "") == line.digest


def test_nobody_gets_nothing() -> None:
    for path in ("/export/matters.xlsx", "/export/all.zip", "/template/matters.xlsx"):
        assert get(None, path).status_code == 401


def test_everything_leaves_only_with_the_administrator(session: Session, staff: Actor, actor: Of) -> None:
    admin = actor("admin")
    session.commit()
    assert get(staff, "/export/all.zip").status_code == 400
    answer = get(admin, "/export/all.zip")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/zip")
    with ZipFile(BytesIO(answer.content)) as opened:
        assert "manifest.json" in opened.namelist()
        assert b"argon2" not in opened.read("tables/account.jsonl")
    session.rollback()
    assert session.exec(select(AuditLine.actor).where(AuditLine.act == "export.full")).one() == "admin"


def test_a_template_arrives_for_whoever_may_import(staff: Actor, actor: Of) -> None:
    answer = get(staff, "/template/venues.xlsx?place=chilinglu")
    assert answer.status_code == 200
    assert openpyxl.load_workbook(BytesIO(answer.content)).sheetnames[0] == "阵地"
    assert get(staff, "/template/secrets.xlsx?place=chilinglu").status_code == 404
    assert get(actor("viewer"), "/template/venues.xlsx?place=chilinglu").status_code == 400


@pytest.mark.usefixtures("actor")
def test_lists_and_areas_outside_are_not_found(session: Session, staff: Actor) -> None:
    for path in ("secrets.xlsx", "matters.csv?area=430100", "audit.csv", "matters.pdf", "../matters.csv"):
        assert get(staff, f"/export/{path}").status_code == 404
    assert get(replace(staff, role="nobody"), "/export/matters.csv").status_code == 404
    assert not session.exec(select(AuditLine).where(AuditLine.act == "export")).all()


def test_a_person_reads_a_refusal_on_a_page_a_program_as_text(staff: Actor) -> None:
    english = replace(staff, language="en")
    assert get(english, "/export/secrets.xlsx").text.startswith("There is no list secrets")
    page = get(english, "/export/%3Cb%3E.xlsx", accept="text/html")
    assert (page.status_code, page.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert "There is no list &lt;b&gt; for you here." in page.text


@pytest.mark.usefixtures("two")
def test_a_workbook_has_a_limit_that_is_said_and_csv_none(
    monkeypatch: pytest.MonkeyPatch, session: Session, staff: Actor
) -> None:
    monkeypatch.setattr(file_jobs, "MOST_IN_A_WORKBOOK", 1)
    answer = get(replace(staff, language="en"), "/export/matters.xlsx")
    assert (answer.status_code, "2 rows; a workbook takes 1" in answer.text) == (400, True)
    assert get(staff, "/export/matters.csv").status_code == 200
    assert len(session.exec(select(AuditLine).where(AuditLine.act == "export")).all()) == 1


@pytest.mark.usefixtures("two")
def test_one_at_a_time_for_each_sign_in(staff: Actor) -> None:
    key = exports.begin_for("one")
    try:
        assert get(staff, "/export/rules.csv", **{"x-mulin-session": "one"}).status_code == 429
        assert get(staff, "/export/rules.csv", **{"x-mulin-session": "two"}).status_code == 200
    finally:
        exports.end(key)
    assert get(staff, "/export/rules.csv", **{"x-mulin-session": "one"}).status_code == 200


def test_not_everybody_at_once(monkeypatch: pytest.MonkeyPatch, staff: Actor) -> None:
    monkeypatch.setattr(exports, "_MOST_AT_ONCE", 0)
    answer = get(replace(staff, language="en"), "/export/rules.csv")
    assert (answer.status_code, answer.text) == (
        429,
        "Many files are being made at this moment. Try again in a minute.",
    )


@pytest.mark.usefixtures("two")
def test_a_browser_that_goes_away_ends_the_work(monkeypatch: pytest.MonkeyPatch, staff: Actor) -> None:
    monkeypatch.setattr(file_jobs, "_SHORT", 0)
    pieces = file_jobs.pieces(file_jobs.Job("matters", staff, {}, 2))

    async def leave() -> None:
        stream = exports._stream(pieces, exports.begin_for("leaving"))
        await anext(stream)
        await stream.aclose()

    asyncio.run(leave())
    assert not exports._RUNNING.total()
    with pytest.raises(StopIteration):
        next(pieces)


@pytest.mark.usefixtures("two")
def test_a_file_that_ends_early_is_no_file(monkeypatch: pytest.MonkeyPatch, staff: Actor) -> None:
    monkeypatch.setattr(file_jobs, "_SHORT", 0)
    lost = file_jobs.Job("secrets", staff, {}, 2)
    with pytest.raises(RuntimeError):
        list(file_jobs.pieces(lost))
