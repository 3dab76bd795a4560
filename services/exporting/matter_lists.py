"""Lists of matters: the ledger of issues or action items, exactly with the filter in view."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from models.area import Area
from models.matter import Matter
from models.organisation import Organisation
from services.engine import deadlines
from services.exporting.list_columns import Cell, Column, Extract, Words, attribute, day, word
from services.exporting.list_requests import Question, batches, ids_of
from services.matters import list_addresses, matters
from services.matters.matters import Filter
from services.places import areas
from services.rights.permissions import reads_all
from services.system import clock
from services.words.i18n import listed

FLOWS = ("issue", "action")
# A drop-down of more names is no help.
_MOST_NAMES = 3000
_TITLES = {"issue": listed("Issue ledger"), "action": listed("Action items")}
_LABELS = {
    "openness": listed("Open or closed"),
    "clock": listed("Clock"),
    "state": listed("State"),
    "category": listed("Category"),
    "source": listed("Source"),
    "unit": listed("Unit"),
    "link": listed("Link"),
    "text": listed("Search"),
    "opened_from": listed("Raised from"),
    "opened_to": listed("Raised until"),
    "sort": listed("Order"),
}


def ledger(question: Question) -> Extract:
    """The ledger of issues or action items that the address asks for."""
    flow = question.params.get("flow", "")
    wanted = list_addresses.read(question.params, question.here.path, flow if flow in FLOWS else FLOWS[0])
    asked = matters.conditions(question.session, question.actor, wanted)
    ids = ids_of(question.session, select(Matter.id).where(*asked).order_by(*matters.SORTS[wanted.sort]()))
    return Extract(
        name="matters",
        title=question.words.say(_TITLES[wanted.flow]),
        unit=question.unit(),
        scope=question.scope(),
        asked=in_words(question.words, wanted),
        columns=(*_columns(question, wanted.flow), *_inside(question)),
        count=len(ids),
        rows=lambda: batches(ids, lambda some: _rows(question.session, some, wanted)),
    )


def in_words(words: Words, wanted: Filter) -> tuple[tuple[str, str], ...]:
    """The filter as labels and values that a reader of the sheet understands."""
    return tuple((words.say(_LABELS[name]), _said(words, wanted, name)) for name in _LABELS if getattr(wanted, name))


def _said(words: Words, wanted: Filter, name: str) -> str:
    kind = f"state.{wanted.flow}" if name == "state" else name
    return words.term(kind, str(getattr(wanted, name)))


def _rows(session: Session, ids: list[int], wanted: Filter) -> Iterator[Any]:
    yield from session.connection().execute(_query(ids, wanted))


def _query(ids: list[int], wanted: Filter) -> Select[Any]:
    above, table = aliased(Area), Matter.__table__  # type: ignore[attr-defined]
    names: tuple[Any, ...] = (
        col(Area.name).label("area_name"),
        col(Area.level).label("area_level"),
        col(above.name).label("above"),
        col(Organisation.name).label("unit_name"),
        col(Matter.detail)["acceptance"].as_string().label("acceptance"),
    )
    query: Select[Any] = (
        select(*table.c, *names)
        .join(Area, col(Area.id) == Matter.area_id)
        .outerjoin(above, col(above.id) == Area.parent_id)
        .outerjoin(Organisation, col(Organisation.id) == Matter.unit_id)
        .where(col(Matter.id).in_(ids))
        .order_by(*matters.SORTS[wanted.sort]())
    )
    return query


def where(row: Any, _words: Words) -> Cell:
    """The area of a matter; a building with the estate it stands in."""
    return f"{row.above} {row.area_name}" if row.area_level == "building" and row.above else str(row.area_name)


def area_names(question: Question) -> tuple[str, ...]:
    """The names of the areas in view, for a drop-down."""
    found = dict.fromkeys(area.name for area in areas.under(question.session, question.here.path))
    return tuple(found)[:_MOST_NAMES]


def unit_names(question: Question) -> tuple[str, ...]:
    """The names of the place's bodies, any of which may be responsible, for a drop-down."""
    query = select(Organisation.name).join(Area, col(Area.id) == Organisation.area_id)
    found = question.session.exec(query.where(areas.within(question.root())).order_by(col(Organisation.path)))
    return tuple(dict.fromkeys(found))[:_MOST_NAMES]


def _columns(question: Question, flow: str) -> tuple[Column, ...]:
    words, at = question.words, clock.now()
    states = tuple(words.terms(f"state.{flow}"))
    clocks, categories, sources = (tuple(words.terms(kind)) for kind in ("clock", "category", "source"))
    return (
        Column("number", listed("Number"), listed("The matter's own number."), attribute("number"), width=16),
        Column("title", listed("Title"), listed("What it is about."), attribute("title"), width=34),
        Column(
            "state",
            listed("State"),
            listed("Where the matter stands in its procedure."),
            word(f"state.{flow}", "state"),
            choices=states,
        ),
        Column(
            "clock",
            listed("Clock"),
            listed("How its deadline stands at the time of this list; closed matters: in time or late."),
            lambda row, words: words.term("clock", deadlines.standing(row, at)),
            width=9,
            choices=clocks,
        ),
        Column("due", listed("Due"), listed("The day of its deadline."), day("due_at"), "day", 11),
        Column(
            "area",
            listed("Area"),
            listed("The smallest area it is filed under."),
            where,
            width=16,
            choices=area_names(question),
        ),
        Column(
            "category",
            listed("Category"),
            listed("The category it was filed under."),
            word("category", "category"),
            width=14,
            choices=categories,
        ),
        Column(
            "unit",
            listed("Unit"),
            listed("The body responsible for it."),
            attribute("unit_name"),
            width=18,
            choices=unit_names(question),
        ),
        Column("opened", listed("Raised on"), listed("The day it was registered."), day("opened_at"), "day", 11),
        Column("closed", listed("Closed on"), listed("The day it was closed."), day("closed_at"), "day", 11),
        Column(
            "source",
            listed("Source"),
            listed("How it came to the desk."),
            word("source", "source"),
            choices=sources,
        ),
        *_beside(flow),
    )


def _beside(flow: str) -> tuple[Column, ...]:
    test = Column(
        "acceptance",
        listed("Acceptance test"),
        listed("What must hold for the item to count as done."),
        attribute("acceptance"),
        width=30,
        printed=False,
    )
    return (
        *((test,) if flow == "action" else ()),
        Column("location", listed("Place"), listed("Where, in words."), attribute("location"), width=24, printed=False),
        Column(
            "description",
            listed("Description"),
            listed("What was said about it."),
            attribute("description"),
            width=50,
            printed=False,
        ),
        Column(
            "lng", listed("Longitude"), listed("Degrees, WGS-84 (CGCS2000)."), attribute("lng"), "number", 11, False
        ),
        Column("lat", listed("Latitude"), listed("Degrees, WGS-84 (CGCS2000)."), attribute("lat"), "number", 11, False),
    )


def _inside(question: Question) -> tuple[Column, ...]:
    """What only the desk reads."""
    if not reads_all(question.actor):
        return ()
    return (
        Column(
            "source_ref",
            listed("Number at the source"),
            listed("Its number in the system it came from."),
            attribute("source_ref"),
            width=20,
            printed=False,
        ),
        Column(
            "public",
            listed("Public"),
            listed("Whether it has been put on public notice."),
            lambda row, words: words.either(row.public),
            width=8,
            printed=False,
        ),
        _counted("dispatches", listed("Dispatched"), listed("How often it was dispatched.")),
        _counted("returns", listed("Sent back"), listed("How often a unit sent it back.")),
        _counted("reworks", listed("Reworked"), listed("How often the check found it not done.")),
    )


def _counted(code: str, label: str, meaning: str) -> Column:
    return Column(code, label, meaning, attribute(code), "count", 8, False)
