"""Modules: whatever stands in a package is imported, so that a new file needs no line in a list."""

from importlib import import_module
from pkgutil import walk_packages
from types import ModuleType


def load(package: ModuleType) -> None:
    """Import every module of ``package`` and of the packages in it, in the order of their names."""
    for found in sorted(walk_packages(package.__path__, f"{package.__name__}."), key=lambda one: one.name):
        import_module(found.name)
