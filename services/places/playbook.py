"""Playbook 工作法: which flows and pages a place runs, and what it calls its flows."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import exists
from sqlmodel import Session, col, select

from models.area import Area
from models.matter import Matter
from models.place import Place
from services.places import areas, ground_version, modules
from services.places.place_packs import known_packs, pack
from services.rights import audit, permissions
from services.system import flow_files
from services.system.memory.result_cache import Memo
from services.words import vocabulary

_KEPT = Memo(room=200, megabytes=4)


@dataclass(frozen=True)
class Playbook:
    """The flows that run in an area, in their order; the names the place gives them, and the headings of their lists.

    Both by flow and language. ``idle`` are the pages that nobody runs here.
    """

    flows: tuple[str, ...]
    names: dict[tuple[str, str], str]
    titles: dict[tuple[str, str], str]
    idle: frozenset[str] = frozenset()

    def name(self, flow: str, language: str) -> str:
        """What the flow is called here."""
        return self.names.get((flow, _short(language))) or vocabulary.term("flow", flow, language)

    def title(self, flow: str, language: str) -> str:
        """The heading of the flow's list: its own, unless the place calls the flow otherwise."""
        own = vocabulary.term("flow", flow, language)
        called = self.name(flow, language)
        return self.titles.get((flow, _short(language)), called) if called == own else called


def of(session: Session, path: str) -> Playbook:
    """The playbook of the place that ``path`` lies in; above places, what any of them runs."""
    # A book of flows is another object after every reading of the folders.
    state = ground_version.ground(session), audit.newest(session), id(flow_files.book())
    key = (str(session.get_bind().engine.url), *state, path)
    return _KEPT.remembered(key, lambda: _playbook(session, path))


def flows_of(session: Session, path: str) -> tuple[str, ...]:
    """The flows that run at ``path``, in the order they are offered."""
    return of(session, path).flows


def name_of(session: Session, flow: str, path: str, language: str) -> str:
    """What a flow is called at ``path``."""
    return of(session, path).name(flow, language)


def told(session: Session, path: str) -> dict[str, Any]:
    """What the pack of the place that ``path`` lies in says under ``[playbook]``; nothing above or outside places."""
    place = areas.place_at(session, path)
    return _book(place.slug) if place else {}


def _short(language: str) -> str:
    return "zh" if language.startswith("zh") else "en"


def _playbook(session: Session, path: str) -> Playbook:
    here = [(slug, root) for slug, root in _places(session) if path.startswith(root) or root.startswith(path)]
    found = [_book(slug) for slug, _root in here]
    runs = {flow for book in found for flow in book.get("flows", ())} | set(flow_files.own())
    if not found or any("flows" not in book for book in found):
        runs |= {flow for flow in flow_files.folders() if _begun(flow) or _there(session, flow, path)}
    named = found[0].get("names", {}) if len(found) == 1 else {}
    names = {(flow, short): str(word) for flow, told in named.items() for short, word in told.items()}
    flows = tuple(flow for flow in flow_files.folders() if flow in runs)
    return Playbook(flows, names, _titles(), _idle(session, here, found))


def _idle(session: Session, here: list[tuple[str, str]], books: list[dict[str, Any]]) -> frozenset[str]:
    """The pages that none of these places runs; none where no place is in view."""
    run = (modules.run(session, slug, root, book) for (slug, root), book in zip(here, books, strict=True))
    return frozenset(modules.pages()).difference(*run) if here else frozenset()


def _titles() -> dict[tuple[str, str], str]:
    lists = {flow: flow_files.head(folder).get("list", {}) for flow, folder in flow_files.folders().items()}
    told = ((flow, short, told.get(f"title_{short}")) for flow, told in lists.items() for short in ("zh", "en"))
    return {(flow, short): str(title) for flow, short, title in told if title}


def _places(session: Session) -> list[tuple[str, str]]:
    return list(session.exec(select(Place.slug, Area.path).join(Area, col(Area.id) == Place.area_id)))


def _book(slug: str) -> dict[str, Any]:
    # A place that came as a file has no pack, and so no playbook.
    return dict(pack(slug).playbook) if slug in known_packs() else {}


def _begun(flow: str) -> bool:
    """Whether a matter of the flow can be begun at all: by a person, or by another flow's link."""
    links = flow_files.rows("links.csv")
    born = any(row["to"] == flow and row["does"].startswith("begin") for row in links)
    return born or f"{flow}.create" in permissions.acts()


def _there(session: Session, flow: str, path: str) -> bool:
    here = select(Area.id).where(areas.within(path))
    return bool(session.exec(select(exists().where(col(Matter.flow) == flow, col(Matter.area_id).in_(here)))).one())
