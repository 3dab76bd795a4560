"""Places of imports: the one a mapping names, or a new one where the mapping says what it is."""

from sqlmodel import Session, select

from models.area import Area
from models.place import Place
from services.importing.job.import_jobs import Job
from services.importing.mapping.mapping import Mapping
from services.people import accounts
from services.places.place_from_name import NewPlace, create_place
from services.system.errors import Refused
from services.system.settings import settings


def found_place(session: Session, told: Mapping) -> Place | None:
    """The place the mapping names; none where it is still to be made. Refused where there is neither."""
    if not told.place:
        raise Refused("Choose the place that the file is about.")
    found = by_slug(session, told.place)
    if found is None and told.ground is None:
        raise Refused("There is no place {slug}. Choose one that is loaded, or make it first.", slug=told.place[:40])
    return found


def by_slug(session: Session, slug: str) -> Place | None:
    """The place called ``slug``."""
    return session.exec(select(Place).where(Place.slug == slug)).first()


def only(session: Session) -> str:
    """The short name of the one place that is loaded; nothing when there are none or several."""
    slugs = list(session.exec(select(Place.slug)))
    return slugs[0] if len(slugs) == 1 else ""


def make_place(job: Job) -> tuple[Place, Area]:
    """Make the place of the mapping with its root area. Refused where another has its name, prefix or code."""
    told = job.mapping.ground
    assert told is not None
    new = NewPlace(job.mapping.place, told.name, told.prefix, told.level, told.code)
    place = create_place(job.session, job.actor, new)
    root = job.session.get_one(Area, place.area_id)
    root.lng, root.lat = told.lng, told.lat
    job.note("area", root.id)
    job.note("place", place.id)
    return place, root


def settle(job: Job) -> None:
    """In demo mode a place that was made gets its identities to try it with, once its areas are there."""
    if job.place and job.root and settings().demo:
        accounts.ensure_demo_identities(job.session, job.root, job.place.slug)
