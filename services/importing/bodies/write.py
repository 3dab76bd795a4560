"""Body write: organisations, venues, offices and forums into their tables, and the tree of organisations kept right."""

from typing import Any

from sqlmodel import Session, col, select

from models.organisation import Organisation
from services.importing.bodies.body_entries import BodyEntry
from services.importing.job.import_jobs import Job
from services.places.bodies import BODIES
from services.system.errors import Refused

_PATH = 255


class BodyWriter:
    """Writes the entries of one file of bodies."""

    def __init__(self, job: Job) -> None:
        self._job, self._body = job, BODIES[job.mapping.kind]
        self._lines: dict[str, str] = {}
        self._number = 0

    def write(self, entries: list[BodyEntry]) -> None:
        """Write a batch; parents come before their children."""
        for entry in entries:
            row = self._change(entry) if entry.id else self._make(entry)
            self._lines[f"#{entry.line}"] = row.code

    def close(self) -> None:
        """Nothing is left to do."""

    def _make(self, entry: BodyEntry) -> Any:
        columns = {"code": entry.code or self._free_code(), **entry.values}
        if self._body.model is Organisation:
            above = self._above(entry)
            columns |= {"parent_id": above.id if above else None, "path": _path(above, columns["code"])}
        row: Any = self._body.model(**columns)
        self._job.session.add(row)
        self._job.session.flush()
        self._job.note(self._body.row, row.id)
        return row

    def _change(self, entry: BodyEntry) -> Any:
        row: Any = self._job.session.get_one(self._body.model, entry.id)
        columns = dict(entry.values)
        if self._body.model is Organisation and entry.parent:
            above = self._above(entry)
            columns |= {"parent_id": above.id if above else None, "path": _path(above, row.code)}
        before = {name: getattr(row, name) for name, value in columns.items() if getattr(row, name) != value}
        if before:
            self._job.note(self._body.row, row.id, before)
        if "path" in before:
            self._move(row.path, columns["path"])
        for name in before:
            setattr(row, name, columns[name])
        self._job.session.flush()
        return row

    def _above(self, entry: BodyEntry) -> Organisation | None:
        code = self._lines.get(entry.parent, entry.parent)
        return self._job.session.exec(select(Organisation).where(Organisation.code == code)).first() if code else None

    def _move(self, path: str, to: str) -> None:
        """What hangs below a moved organisation moves with it."""
        below = select(Organisation).where(col(Organisation.path).startswith(path, autoescape=True))
        for unit in self._job.session.exec(below).all():
            if unit.path != path:
                self._job.note("organisation", unit.id, {"path": unit.path})
                unit.path = to + unit.path[len(path) :]

    def _free_code(self) -> str:
        assert self._job.place is not None
        start = f"{self._job.place.prefix}-{self._body.letter}"
        self._number = self._number or _last(self._job.session, self._body.model, start)
        self._number += 1
        return f"{start}{self._number:04d}"


def _last(session: Session, model: Any, start: str) -> int:
    """The highest number given to codes that begin so."""
    given = session.exec(select(model.code).where(col(model.code).startswith(start, autoescape=True)))
    return max((int(code[len(start) :]) for code in given if code[len(start) :].isdecimal()), default=0)


def _path(above: Organisation | None, code: str) -> str:
    path = f"{above.path if above else ''}{code}/"
    if len(path) > _PATH:
        raise Refused("The organisations above {code} are too many, or their codes too long. Shorten them.", code=code)
    return path
