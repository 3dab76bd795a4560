"""Recorded 有无记载: what a ledger can say of its matters, by the columns that are read from it.

A column that isn't there says neither yes nor no: figures leave its matters out and say how many they are.
"""

from models.matter import THINGS, bit
from services.importing.job.import_jobs import Job

# Any of these sets of columns records the thing; what is named with none only this program records.
_NEEDS: dict[str, tuple[tuple[str, ...], ...]] = {
    "ending": (("status",), ("closed",)),
    "hold": (("status",),),
    "deadline": (("due",),),
    "timeliness": (("on_time",), ("late",), ("due", "closed")),
    "duration": (("closed",),),
    "rework": (("reworks",),),
    "recurrence": (("category", "closed", "location"), ("category", "closed", "lng"), ("category", "closed", "point")),
    "follow_up": (("contacted", "resolved", "satisfaction"),),
    "inside": (),
}


def missing(job: Job) -> list[str]:
    """The things that the ledger of this import says nothing about."""
    told = {field for field, columns in job.mapping.columns.items() if columns}
    # The rows of a geographic file have their points without a column.
    told |= {"point"} if job.layer.geometry else set()
    return [thing for thing in THINGS if not any(told.issuperset(needed) for needed in _NEEDS[thing])]


def bits(job: Job) -> int:
    """The same as a matter keeps it."""
    return sum(map(bit, missing(job)))
