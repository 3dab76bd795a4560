"""Personal words: what anybody would try first for a person here: names, of people and places, also in pinyin."""

import re
from collections.abc import Iterable

from sqlmodel import Session, select

from models.account import Account
from models.area import Area
from models.organisation import Organisation
from models.place import Place

_SYLLABLES = 2


def of(session: Session, account: Account) -> frozenset[str]:
    """The words of an account: its sign-in name, person and organisation, its area and those above, every place."""
    area = session.get(Area, account.area_id) if account.area_id else None
    unit = session.get(Organisation, account.organisation_id) if account.organisation_id else None
    names = [account.name, unit.name if unit else "", *_areas(session, area)]
    codes = [account.login, *(word for place in session.exec(select(Place)) for word in (place.slug, place.prefix))]
    names += session.exec(select(Place.name))
    found = {word for code in codes for word in _parts(code)} | {word for name in names for word in _spoken(name)}
    return frozenset(word for word in found if len(word) > 1)


def _areas(session: Session, area: Area | None) -> Iterable[str]:
    while area:
        yield area.name
        area = session.get(Area, area.parent_id) if area.parent_id else None


def _parts(code: str) -> Iterable[str]:
    parts = re.findall(r"[^\W_]+", code.casefold())
    yield from parts
    yield "".join(parts)


def _spoken(name: str) -> Iterable[str]:
    """A name as it is written and as it is typed: in pinyin, also the first of it, and the family name last."""
    # Its table of characters costs every start a seventh of a second: only who sets a password pays.
    from pypinyin import lazy_pinyin

    yield name.casefold()
    yield from _parts(name)
    syllables = [re.sub(r"[\W_]", "", one.casefold()) for one in lazy_pinyin(name)]
    for end in range(_SYLLABLES, len(syllables) + 1):
        yield "".join(syllables[:end])
    yield "".join(syllables[1:] + syllables[:1])
