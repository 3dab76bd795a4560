"""Importing this module arms every guard, hook and indicator; whoever moves matters imports it first."""

from services import figures, flows
from services.engine import checklists, guards
from services.system import modules

__all__ = ["checklists", "guards"]

for _room in (flows, figures):
    modules.load(_room)
