"""Exports: every list as a file, under the address of its page; audited, never cached, one at a time per sign-in."""

from collections.abc import AsyncGenerator, Callable, Iterator
from functools import wraps
from pathlib import Path
from urllib.parse import quote

from starlette.background import BackgroundTask
from starlette.concurrency import iterate_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from services.exporting import day_files, file_jobs, import_templates
from services.exporting.file_jobs import Job
from services.exporting.lists import lists
from services.exporting.lists.list_columns import Extract
from services.places import areas
from services.rights import audit
from services.rights.permissions import Actor
from services.system import clock, db
from services.system.errors import NotFound, Refused
from services.system.files import private_files
from services.system.files.holds import Holds
from services.system.files.work_folders import WorkFolder
from services.words import vocabulary
from services.words.cleaning import clean
from services.words.i18n import listed, translate
from ui.web import sign_in_pages
from ui.web.doors.arrivals import is_navigation

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_ZIP = "application/zip"
_CSV = "text/csv; charset=utf-8"
_ICS = "text/calendar; charset=utf-8"
_LONGEST_QUERY = 500
_MOST_AT_ONCE = 6
_RUNNING = Holds("export")
# Each holds the lock on its folder until the file has been sent.
_FOLDERS: dict[Path, WorkFolder] = {}

_ONE_AT_A_TIME = listed("A file is still being made for you. Wait until it has arrived, then take the next one.")
_MANY = listed("Many files are being made at this moment. Try again in a minute.")

Handler = Callable[[Request, Actor], Response]


class Busy(Refused):
    """This sign-in, or everybody together, is being sent as many files as there may be at once."""

    def __init__(self, message: str = _ONE_AT_A_TIME) -> None:
        super().__init__(message)


def asked(function: Handler) -> Callable[[Request], Response]:
    """Answer 401 to nobody, and a refusal with its sentence: a page for a person, plain text for a program."""

    @wraps(function)
    def answer(request: Request) -> Response:
        actor: Actor | None = getattr(request.state, "actor", None)
        if actor is None:
            return PlainTextResponse("Sign in first", 401)
        try:
            return function(request, actor)
        except Refused as refused:
            return _refusal(request, actor, refused)

    return answer


def _refusal(request: Request, actor: Actor, refused: Refused) -> Response:
    status = 404 if isinstance(refused, NotFound) else 429 if isinstance(refused, Busy) else 400
    if is_navigation(request.scope):
        return sign_in_pages.render(request, "refused.html", status, problem=refused, speaks=actor.language)
    return PlainTextResponse(
        translate(actor.language, refused.message, **refused.params), status, {"cache-control": "no-store"}
    )


def begin(request: Request, actor: Actor) -> str:
    """Take this sign-in's one place for a running export."""
    return begin_for(request.headers.get("x-mulin-session") or f"{actor.account_id} {actor.name}")


def begin_for(key: str) -> str:
    """Take the one place that ``key`` has; Busy while it is taken. Give it back with ``end``."""
    _RUNNING.take(key)
    own, all_together = _RUNNING.count(key), _RUNNING.total()
    if own > 1 or all_together > _MOST_AT_ONCE:
        _RUNNING.give(key)
        raise Busy(_ONE_AT_A_TIME if own > 1 else _MANY)
    return key


def end(key: str) -> None:
    """Give the place back."""
    _RUNNING.give(key)


def _ask(request: Request, actor: Actor, ending: str) -> tuple[Job, str]:
    """The job, with the rows it will have, written into the audit; and the name of the file."""
    name, params = request.path_params["name"], dict(request.query_params)
    with db.reading() as session:
        found = lists.extract(session, actor, name, params)
        where = areas.scope(session, actor, clean(params.get("area")) or None).path
    job = Job(name, actor, params, found.count)
    if ending == "xlsx":
        file_jobs.require_room(job)
    with db.writing(db.DOOR) as session:
        told = {"rows": found.count, "query": clean(request.url.query)[:_LONGEST_QUERY]}
        audit.write(session, actor.name, "export", f"{name}.{ending}", told, area=where)
    return job, _file_name(found, ending)


def _file_name(found: Extract, ending: str) -> str:
    area = found.scope.rpartition(" › ")[2]
    return f"{found.title}-{area}-{clock.today():%Y%m%d}.{ending}"


def disposition(ascii_name: str, name: str) -> dict[str, str]:
    """The headers of a file: its name in plain letters and, after RFC 5987, in its own; kept by nobody on the way."""
    plain = "".join("_" if letter in '/\\:*?"<>|' or not letter.isprintable() else letter for letter in name)
    told = f"attachment; filename=\"{ascii_name}\"; filename*=UTF-8''{quote(plain, safe='')}"
    return {"content-disposition": told, "cache-control": "no-store"}


@asked
def workbook(request: Request, actor: Actor) -> Response:
    """The list as a workbook."""
    key = begin(request, actor)
    try:
        job, name = _ask(request, actor, "xlsx")
        path = _fresh(f"{job.name}.xlsx")
        done = BackgroundTask(remove, path)
        try:
            file_jobs.workbook(job, path)
        except BaseException:
            remove(path)
            raise
        return FileResponse(path, media_type=_XLSX, headers=disposition(path.name, name), background=done)
    finally:
        end(key)


def _fresh(name: str) -> Path:
    folder = WorkFolder()
    path = private_files.touch(folder.path / name)
    _FOLDERS[path] = folder
    return path


def remove(path: Path) -> None:
    """Remove a file that has been sent, and the folder made for it."""
    _FOLDERS.pop(path).close()


@asked
def text(request: Request, actor: Actor) -> Response:
    """The list as a CSV file, sent while it is being read."""
    key = begin(request, actor)
    try:
        job, name = _ask(request, actor, "csv")
    except BaseException:
        end(key)
        raise
    headers = disposition(f"{job.name}.csv", name)
    return StreamingResponse(_stream(file_jobs.pieces(job), key), media_type=_CSV, headers=headers)


@asked
def days(request: Request, actor: Actor) -> Response:
    """The calendar in view as iCalendar."""
    with db.reading() as session:
        found = day_files.extract(session, actor, dict(request.query_params))
        where = areas.scope(session, actor, clean(request.query_params.get("area")) or None).path
    with db.writing(db.DOOR) as session:
        told = {"rows": found.count, "query": clean(request.url.query)[:_LONGEST_QUERY]}
        audit.write(session, actor.name, "export", "days.ics", told, area=where)
    return Response(found.content, media_type=_ICS, headers=disposition("days.ics", found.name))


@asked
def everything(request: Request, actor: Actor) -> Response:
    """All records of their area as one archive, for whoever administers it; audited by the export itself."""
    key = begin(request, actor)
    path = _fresh(f"mulin-{clock.today():%Y%m%d}.zip")
    try:
        file_jobs.everything(actor, path)
        done = BackgroundTask(remove, path)
        return FileResponse(path, media_type=_ZIP, headers=disposition(path.name, path.name), background=done)
    except BaseException:
        remove(path)
        raise
    finally:
        end(key)


@asked
def template(request: Request, actor: Actor) -> Response:
    """An empty workbook for a kind of import, with the words of the place ``?place=…`` to choose from."""
    kind = request.path_params["kind"]
    path = _fresh("template.xlsx")
    try:
        with db.reading() as session:
            import_templates.write(session, actor, kind, clean(request.query_params.get("place")), path)
    except BaseException:
        remove(path)
        raise
    title, of = translate(actor.language, "Template"), vocabulary.term("import_kind", kind, actor.language)
    name = f"{title}-{of}.xlsx"
    done = BackgroundTask(remove, path)
    return FileResponse(path, media_type=_XLSX, headers=disposition(f"{kind}.xlsx", name), background=done)


async def _stream(pieces: Iterator[bytes], key: str) -> AsyncGenerator[bytes, None]:
    try:
        async for piece in iterate_in_threadpool(pieces):
            yield piece
    finally:
        # Also when the browser has gone: the process that writes must not go on for nobody.
        getattr(pieces, "close", lambda: None)()
        end(key)


routes: list[BaseRoute] = [
    Route("/export/{name}.xlsx", workbook),
    Route("/export/{name}.csv", text),
    Route("/export/all.zip", everything),
    Route("/export/days.ics", days),
    Route("/template/{kind}.xlsx", template),
]
