"""Handlers: how each kind of import is checked and written."""

from services.importing.areas.job import AreaChecker, AreaWriter
from services.importing.bodies.check import BodyChecker
from services.importing.bodies.write import BodyWriter
from services.importing.job.import_jobs import Kind
from services.importing.matters.check import MatterChecker
from services.importing.matters.drafter import MatterDrafter
from services.importing.matters.write import MatterWriter
from services.places.bodies import BODIES

HANDLERS: dict[str, Kind] = {
    "matters": Kind(MatterChecker, MatterWriter, MatterDrafter),
    "areas": Kind(AreaChecker, AreaWriter),
    **dict.fromkeys(BODIES, Kind(BodyChecker, BodyWriter)),
}
