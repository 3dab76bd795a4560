"""Places of imports: the one a mapping names, or a new one where the mapping says what it is."""

from sqlmodel import Session, col, or_, select

from models.area import Area
from models.place import Place
from services import accounts
from services.errors import Refused
from services.importing.jobs import Job
from services.importing.mapping import Ground, Mapping
from services.settings import settings


def found_place(session: Session, told: Mapping) -> Place | None:
    """The place the mapping names; none where it is still to be made. Refused where there is neither."""
    if not told.place:
        raise Refused("Choose the place that the file is about.")
    found = session.exec(select(Place).where(Place.slug == told.place)).first()
    if found is None and told.ground is None:
        raise Refused("There is no place {slug}. Choose one that is loaded, or make it first.", slug=told.place[:40])
    return found


def make_place(job: Job) -> tuple[Place, Area]:
    """Make the place of the mapping with its root area. Only for those who are responsible everywhere."""
    told = job.mapping.ground
    assert told is not None
    if job.actor.area_path:
        raise Refused("Only an administrator for all places may make a new one. Ask for it, then import again.")
    _free(job.session, told)
    root = Area(code=told.code, name=told.name, level=told.level, path=f"{told.code}/", lng=told.lng, lat=told.lat)
    job.session.add(root)
    job.session.flush()
    place = Place(slug=job.mapping.place, name=told.name, prefix=told.prefix, area_id=root.id)
    job.session.add(place)
    job.session.flush()
    job.note("area", root.id)
    job.note("place", place.id)
    return place, root


def _free(session: Session, told: Ground) -> None:
    joined = select(Place.name).join(Area, col(Area.id) == Place.area_id)
    taken = session.exec(joined.where(or_(col(Place.prefix) == told.prefix, col(Area.code) == told.code))).first()
    if taken:
        raise Refused(
            "{name} already uses the prefix {prefix} or its code. Give the mapping others.",
            name=taken,
            prefix=told.prefix,
        )


def settle(job: Job) -> None:
    """In demo mode a place that was made gets its identities to try it with, once its areas are there."""
    if job.place and job.root and settings().demo:
        accounts.ensure_demo_identities(job.session, job.root, job.place.slug)
