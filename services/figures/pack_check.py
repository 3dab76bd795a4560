"""Checking a pack before it is loaded: read as loading reads it, into a database that is gone afterwards."""

from dataclasses import dataclass
from pathlib import Path

from sqlmodel import Session, SQLModel, col, create_engine, func, select

from models.area import Area
from models.organisation import Organisation
from models.place import Forum, Office, Venue
from services.figures import cards
from services.figures.card_evidence import gather
from services.places.place_packs import Pack, known_packs, pack
from services.places.places import load_place
from services.system.errors import Refused
from services.words import vocabulary


@dataclass(frozen=True)
class Checked:
    """A pack that can be loaded: how many rows of each it brings."""

    pack: Pack
    areas: int
    drawn: int
    organisations: int
    forums: int
    venues: int
    offices: int
    cards: int
    figures: int


def check(slug: str, folder: Path | None = None) -> Checked:
    """Read the whole pack. Refused for the first thing that is wrong, with the file and the row or key."""
    told = pack(slug, folder)
    _head(told)
    engine = create_engine("sqlite://")
    SQLModel.metadata.create_all(engine)
    with Session(engine) as session:
        root = session.get_one(Area, load_place(session, slug, folder).area_id)
        for expression in _evidence(slug, folder):
            gather(session, root, expression)
        _cards(slug, folder)
        drawn = session.exec(select(func.count()).where(col(Area.lng).is_not(None))).one()
        return Checked(
            told,
            areas=_count(session, Area),
            drawn=drawn,
            organisations=_count(session, Organisation),
            forums=_count(session, Forum),
            venues=_count(session, Venue),
            offices=_count(session, Office),
            cards=len(cards.cards(slug, folder)),
            figures=len(cards.figures(slug, folder)),
        )


def _evidence(slug: str, folder: Path | None) -> set[str]:
    told = {one.evidence for one in cards.cards(slug, folder)} | {one.evidence for one in cards.figures(slug, folder)}
    return told - {""}


def _head(told: Pack) -> None:
    for key in ("name", "root", "prefix"):
        if not getattr(told, key):
            raise Refused("place.toml: {key} is empty. Fill it in, then check again.", key=key)
    others = (pack(one) for one in known_packs() if one != told.slug)
    if found := next((one for one in others if one.prefix == told.prefix), None):
        raise Refused(
            "place.toml: the prefix {prefix} is that of {name}. Choose another one.",
            prefix=told.prefix,
            name=found.name,
        )
    if told.slug != told.folder.name:
        raise Refused(
            "place.toml: slug is {slug}, but the folder is called {folder}. Make them the same.",
            slug=told.slug,
            folder=told.folder.name,
        )


def _cards(slug: str, folder: Path | None) -> None:
    known = {one.no for one in cards.cards(slug, folder)}
    for figure in cards.figures(slug, folder):
        if figure.card not in known:
            raise Refused("figures.csv: there is no card {no} in cards.csv. Add its row.", no=figure.card)
    for card in cards.cards(slug, folder):
        if not card.flow_built and card.flow not in vocabulary.codes("missing"):
            raise Refused(
                "cards.csv, card {no}: flow {flow} is not known. Choose one of: {known}.",
                no=card.no,
                flow=card.flow or '""',
                known=", ".join(vocabulary.codes("missing")),
            )


def _count(session: Session, table: type[SQLModel]) -> int:
    return session.exec(select(func.count()).select_from(table)).one()
