"""Importing this module arms every guard, hook and indicator; whoever moves matters imports it first."""

from services import figures, flows, meetings, parts
from services.engine import checklists, guards, links
from services.matters import search
from services.system import modules

__all__ = ["checklists", "guards", "links", "search"]

for _room in (flows, figures, meetings, parts):
    modules.load(_room)
