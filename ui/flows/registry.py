"""Importing this module arms what each flow proposes in forms and shows on the page of its matters."""

from services.system import modules
from ui import flows

modules.load(flows)
