"""What a playbook names must be there: flows, forums of the place, kinds of estate, grades and pages."""

from collections.abc import Collection, Iterable

from sqlmodel import Session, select

from models.place import Forum
from services.places import modules
from services.places.place_packs import Pack
from services.system import flow_files
from services.system.errors import Refused
from services.words.vocabulary import codes


def require(session: Session, told: Pack) -> None:
    """Refused for the first word of the playbook that nothing is called, with the key it stands under."""
    book, forums = told.playbook, list(session.exec(select(Forum.code)))
    estates, grades = book.get("forum_by_estate", {}), book.get("forum_by_grade", {})
    _known("flows", book.get("flows", ()), flow_files.folders())
    _known("names", book.get("names", {}), flow_files.folders())
    _known("pages", book.get("pages", ()), modules.pages())
    _known("forum_by_estate", estates, codes("estate"))
    _known("forum_by_grade", grades, codes("grade"))
    _known("forum_by_estate", estates.values(), forums)
    _known("forum_by_grade", grades.values(), forums)


def _known(key: str, words: Iterable[str], known: Collection[str]) -> None:
    for word in words:
        if word not in known:
            raise Refused(
                "place.toml, [playbook] {key}: {value} is not known. Choose one of: {known}.",
                key=key,
                value=str(word)[:40],
                known=", ".join(known),
            )
