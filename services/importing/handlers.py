"""Handlers: how each kind of import is checked and written."""

from services.importing.area_import import AreaChecker, AreaWriter
from services.importing.bodies import BODIES
from services.importing.body_check import BodyChecker
from services.importing.body_write import BodyWriter
from services.importing.jobs import Kind
from services.importing.matter_check import MatterChecker
from services.importing.matter_write import MatterWriter

HANDLERS: dict[str, Kind] = {
    "matters": Kind(MatterChecker, MatterWriter),
    "areas": Kind(AreaChecker, AreaWriter),
    **dict.fromkeys(BODIES, Kind(BodyChecker, BodyWriter)),
}
