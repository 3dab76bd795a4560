"""Matters at random, of every kind a database may hold, and every figure counted from their rows with pandas."""

from datetime import timedelta
from random import Random

import pandas as pd
from sqlmodel import Session, col, delete, select

from models.answer import FOLLOW_UP, REPORTER, RESIDENTS, UNKNOWN, Answer
from models.area import Area
from models.matter import THINGS, Matter, bit
from models.organisation import Organisation
from models.place import Place
from services.figures.kept_counts import Span
from services.system import clock

DONE, DROPPED = ("closed", "visited", "archived"), ("declined", "merged")
OPEN = ("draft", "submitted", "filed", "dispatched", "in_progress", "suspended", "to_verify")


def scatter(session: Session, place: Place, seed: int, n: int = 160) -> None:
    """Write ``n`` matters: open, closed, dropped, imported without a closing time, reopened, moved, deleted."""
    rng, root = Random(seed), session.get_one(Area, place.area_id)
    areas = list(session.exec(select(Area.id).where(col(Area.path).startswith(root.path))))
    units = [None, *session.exec(select(Organisation.id).limit(4))]
    made = [_matter(rng, at, rng.choice(areas), rng.choice(units)) for at in range(n)]
    session.add_all(made)
    session.flush()
    for one in made:
        if one.state in DONE and rng.random() < 0.8:
            session.add_all(_follow_up(rng, one.id))
        if one.is_open is False and rng.random() < 0.1:
            one.repeats_id = made[0].id
    session.flush()
    _stir(session, rng, made, areas)


def _matter(rng: Random, at: int, area: int, unit: int | None) -> Matter:
    opened = clock.now() - timedelta(seconds=rng.randrange(1, 86400 * 900), microseconds=rng.randrange(10**6))
    state = rng.choice((*OPEN, *DONE * 3, *DROPPED))
    flow = "issue" if rng.random() < 0.9 else "action"
    state = state if flow == "issue" else rng.choice(("doing", "done", "done", "cancelled"))
    is_open = state in OPEN or state == "doing"
    lasted = timedelta(
        seconds=rng.choice((0, 3599, 3600, rng.randrange(86400 * 40))), microseconds=rng.randrange(10**6)
    )
    closed = None if is_open or rng.random() < 0.1 else opened + lasted - timedelta(hours=rng.random() < 0.05)
    due = opened + timedelta(days=rng.randrange(1, 60)) if rng.random() < 0.8 else None
    ended = state in DONE or state == "done"
    dispatches = rng.randrange(4)
    return Matter(
        number=f"R-{at}",
        flow=flow,
        state=state,
        is_open=is_open,
        title="t",
        category=rng.choice((None, "90005", "06011")),
        area_id=area,
        unit_id=unit,
        opened_at=opened,
        opened_month=clock.month_of(opened),
        due_at=due if is_open else None,
        closed_at=closed,
        on_time=rng.choice((None, True, True, False)) if ended else None,
        dispatches=dispatches,
        returns=rng.randrange(dispatches + 2),
        reworks=rng.choice((0, 0, 0, 1, 2)),
        unrecorded=0 if rng.random() < 0.6 else sum(bit(thing) for thing in THINGS if rng.random() < 0.4),
        time_left=rng.choice((None, 7, -7)) if state == "suspended" else None,
    )


def _follow_up(rng: Random, matter: int) -> list[Answer]:
    words = {"satisfaction": (UNKNOWN, "satisfied", "satisfied", "basically", "dissatisfied")}
    asked = [name for name in FOLLOW_UP if rng.random() < 0.95]
    said = {name: rng.choice(words.get(name, (UNKNOWN, "yes", "yes", "no"))) for name in asked}
    rng.shuffle(asked)
    return [Answer(matter_id=matter, category=REPORTER, question=name, value=said[name]) for name in asked]


def _stir(session: Session, rng: Random, made: list[Matter], areas: list[int]) -> None:
    asked: dict[int, list[Answer]] = {}
    for answer in session.exec(select(Answer)):
        asked.setdefault(answer.matter_id, []).append(answer)
    for one in rng.sample(made, len(made) // 4):
        one.area_id, one.category, one.reworks = rng.choice(areas), rng.choice((None, "90005")), one.reworks + 1
        if one.id in asked:
            _ask_again(session, rng, rng.choice(asked[one.id]))
        if one.flow == "issue" and not one.is_open and rng.random() < 0.3:
            one.state, one.is_open, one.closed_at, one.on_time = "filed", True, None, None
    session.flush()
    for one in rng.sample(made[1:], len(made) // 10):
        if one.id in asked:
            session.execute(delete(Answer).where(col(Answer.matter_id) == one.id))
        session.delete(one)
    session.flush()


def _ask_again(session: Session, rng: Random, answer: Answer) -> None:
    """Another answer to one question, in place of the earlier one or over it; or the same from somebody else."""
    value = rng.choice((UNKNOWN, "basically" if answer.question == "satisfaction" else "yes"))
    again = Answer(matter_id=answer.matter_id, category=REPORTER, question=answer.question, value=value)
    match rng.randrange(3):
        case 0:
            answer.value = value
            return
        case 1:
            again.category = RESIDENTS
        case _:
            answer.replaced = 1
    session.flush()
    session.add(again)


class Raw:
    """All rows as a table, and each figure counted from it."""

    def __init__(self, session: Session) -> None:
        columns = list(Matter.__table__.columns)  # type: ignore[attr-defined]
        rows = session.connection().execute(select(*columns)).all()
        table = pd.DataFrame([tuple(row) for row in rows], columns=[column.name for column in columns])
        told = pd.DataFrame(
            [one.model_dump() for one in session.exec(select(Answer))], columns=list(Answer.model_fields)
        )
        told = told[told["replaced"] == 0]
        answers = self._pivot(told, "reporter", "value").reindex(columns=["matter_id", *FOLLOW_UP])
        answers = answers.where(answers != UNKNOWN, None).replace({"yes": True, "no": False})
        self.verdicts = self._pivot(told, "residents", "number")
        self.now = pd.Timestamp(clock.now())
        paths = dict(session.connection().execute(select(Area.id, Area.path)).all())
        table["path"] = table["area_id"].map(paths)
        local = pd.to_datetime(table["opened_at"], utc=True).map(clock.local)
        table["month"] = [moment.year * 12 + moment.month - 1 for moment in local]
        table["is_open"] = table["is_open"].astype(bool)
        table["late"] = pd.to_datetime(table["due_at"], utc=True) < self.now
        table["dated"] = table[["due_at", "on_time", "time_left"]].notna().any(axis=1)
        for at, thing in enumerate(THINGS):
            table[f"no_{thing}"] = (table["unrecorded"] // 2**at % 2).astype(bool)
        self.table = table.merge(answers, left_on="id", right_on="matter_id", how="left")
        self.table["answered"] = self.table[["contacted", "resolved", "satisfaction"]].notna().all(axis=1)
        self._within = dict[tuple[str, Span | None, str], pd.DataFrame]()
        self._left = dict[tuple[str, Span | None, str], dict[str, int]]()

    @staticmethod
    def _pivot(told: pd.DataFrame, category: str, cell: str) -> pd.DataFrame:
        """The answers of a category of people, a row a matter and a column a question."""
        mine = told[told["category"] == category]
        return mine.pivot(index="matter_id", columns="question", values=cell).reset_index()

    def narrow(self, rows: pd.DataFrame) -> None:
        """Count these rows alone from now on."""
        self.table = rows
        self._within.clear()
        self._left.clear()

    def within(self, path: str, span: Span | None, flow: str = "issue") -> pd.DataFrame:
        """The rows of a flow at or below ``path`` raised in the span; looked up once for all indicators."""
        asked = (path, span, flow)
        if asked not in self._within:
            self._within[asked] = self._found(*asked)
        return self._within[asked]

    def _found(self, path: str, span: Span | None, flow: str) -> pd.DataFrame:
        if span is not None:
            rows = self.within(path, None, flow)
            return rows[rows["month"].between(span.first, span.last)]
        return self.table[self.table["path"].str.startswith(path) & (self.table["flow"] == flow)]

    def count(self, code: str, path: str, span: Span) -> tuple[float, int | None]:
        """Numerator and denominator of an indicator."""
        return getattr(self, f"_{code}")(self.within(*self._asked(code, path, span)))  # type: ignore[no-any-return]

    @staticmethod
    def _asked(code: str, path: str, span: Span) -> tuple[str, Span | None, str]:
        now = code in ("open", "overdue", "paused_share")
        return path, None if now else span, "action" if code == "promise_rate" else "issue"

    def _open(self, rows: pd.DataFrame) -> tuple[float, None]:
        return int(rows["is_open"].sum()), None

    def _overdue(self, rows: pd.DataFrame) -> tuple[float, None]:
        return int((rows["is_open"] & rows["late"]).sum()), None

    def _undated(self, rows: pd.DataFrame) -> tuple[float, None]:
        return int((rows["is_open"] & ~rows["dated"]).sum()), None

    def _paused_share(self, rows: pd.DataFrame) -> tuple[float, int]:
        waiting = rows[rows["is_open"] & ~rows["no_hold"]]
        return int((waiting["state"] == "suspended").sum()), len(waiting)

    def _raised(self, rows: pd.DataFrame) -> tuple[float, None]:
        return len(rows), None

    def _closed_rate(self, rows: pd.DataFrame) -> tuple[float, int]:
        known = rows[~rows["no_ending"]]
        closed = len(known[known["state"].isin(DONE)])
        return closed, closed + int(known["is_open"].sum())

    def _closed_due_rate(self, rows: pd.DataFrame) -> tuple[float, int]:
        closed = len(rows[rows["state"].isin(DONE) & rows["dated"]])
        return closed, closed + int((rows["is_open"] & rows["late"]).sum())

    def _on_time_rate(self, rows: pd.DataFrame) -> tuple[float, int]:
        ended = rows[~rows["is_open"]]["on_time"].dropna().astype(bool)
        return int(ended.sum()), len(ended) + int((rows["is_open"] & rows["late"] & ~rows["no_timeliness"]).sum())

    _promise_rate = _on_time_rate

    def _rework_rate(self, rows: pd.DataFrame) -> tuple[float, int]:
        closed = rows[rows["state"].isin(DONE) & ~rows["no_rework"]]
        return int((closed["reworks"] >= 1).sum()), len(closed)

    def _dispatch_accuracy(self, rows: pd.DataFrame) -> tuple[float, int]:
        sent = rows[rows["dispatches"] != 0]
        return len(sent[sent["returns"] == 0]), len(sent)

    def _recurrence_rate(self, rows: pd.DataFrame) -> tuple[float, int]:
        told = rows[rows["category"].notna() & ~rows["no_recurrence"]]
        return int(told["repeats_id"].notna().sum()), len(told)

    def valid(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Those with all three answers."""
        return rows[rows["answered"]]

    def _contact_rate(self, rows: pd.DataFrame) -> tuple[float, int]:
        return int(self.valid(rows)["contacted"].astype(bool).sum()), len(self.valid(rows))

    def _solved_rate(self, rows: pd.DataFrame) -> tuple[float, int]:
        return int(self.valid(rows)["resolved"].astype(bool).sum()), len(self.valid(rows))

    def _satisfaction(self, rows: pd.DataFrame) -> tuple[float, int]:
        said = self.valid(rows)["satisfaction"]
        return (said == "satisfied").sum() + 0.9 * (said == "basically").sum(), len(said)

    def _three_rates(self, rows: pd.DataFrame) -> tuple[float, int]:
        n = len(self.valid(rows))
        parts = {"contact_rate": 0.1, "satisfaction": 0.4, "solved_rate": 0.5}
        return sum(getattr(self, f"_{code}")(rows)[0] * weight for code, weight in parts.items()), n

    def left(self, code: str, path: str, span: Span) -> int:
        """How many are left out because the ledger they came from doesn't record what the indicator counts."""
        asked = self._asked(code, path, span)
        if asked not in self._left:
            self._left[asked] = self._left_out(self.within(*asked))
        return self._left[asked].get(code, 0)

    @staticmethod
    def _left_out(rows: pd.DataFrame) -> dict[str, int]:
        """The same of all indicators."""
        waiting, late = rows["is_open"], rows["is_open"] & rows["late"]
        done = rows["state"].isin((*DONE, "done")) & ~waiting
        dateless = ~rows["dated"] & rows["no_deadline"]
        timeless = (done & rows["on_time"].isna() | late) & rows["no_timeliness"] | waiting & dateless
        out = {
            "overdue": waiting & dateless,
            "closed_rate": (done | waiting) & rows["no_ending"],
            "closed_due_rate": (done | waiting) & dateless,
            **dict.fromkeys(("on_time_rate", "promise_rate"), timeless),
            "rework_rate": done & rows["no_rework"],
            "dispatch_accuracy": (rows["dispatches"] == 0) & rows["no_inside"],
            "recurrence_rate": rows["no_recurrence"],
            **dict.fromkeys(
                ("contact_rate", "solved_rate", "satisfaction", "three_rates"),
                done & rows["no_follow_up"] & ~rows["answered"],
            ),
            "paused_share": waiting & rows["no_hold"],
        }
        return {code: int(each.sum()) for code, each in out.items()}

    def hours(self, path: str, span: Span) -> tuple[list[int], list[int], int]:
        """Hours of the closed, hours so far of the open, and how many are closed at an unknown time."""
        rows = self.within(path, span)[lambda rows: ~rows["no_duration"]]
        opened = pd.to_datetime(rows["opened_at"], utc=True)
        closed = rows["state"].isin(DONE)
        lasted = (pd.to_datetime(rows["closed_at"], utc=True) - opened)[closed].dropna()
        known = lasted[lasted >= pd.Timedelta(0)] // pd.Timedelta(hours=1)
        waiting = (self.now - opened)[rows["is_open"]] // pd.Timedelta(hours=1)
        return sorted(known.astype(int)), sorted(waiting.astype(int)), int(closed.sum()) - len(known)
