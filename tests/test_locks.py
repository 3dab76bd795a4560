"""What is installed is what was locked: every package, with the hashes of its files."""

import re
from collections.abc import Iterator
from importlib.metadata import distribution, distributions

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from services.system.settings import ROOT

_LOCKED = re.compile(
    r"^([A-Za-z0-9_.-]+)==([^\s;]+)(?: ; .+)? \\\n((?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)", re.M
)
# What Python itself puts into a new environment.
_OWN = {"pip", "setuptools"}


def _locked(name: str) -> dict[str, str]:
    text = (ROOT / f"{name}.lock").read_text("utf-8")
    return {canonicalize_name(found[1]): found[2] for found in _LOCKED.finditer(text)}


def _named(name: str) -> Iterator[Requirement]:
    for line in (ROOT / f"{name}.txt").read_text("utf-8").splitlines():
        if line and not line.startswith(("#", "-r")):
            yield Requirement(line)


def _taken(named: list[Requirement]) -> dict[str, str]:
    """Every installed package these need, by way of others too, and its version."""
    found, waiting = dict[str, str](), [(one.name, frozenset(one.extras)) for one in named]
    seen = set(waiting)
    while waiting:
        name, extras = waiting.pop()
        installed = distribution(name)
        found[canonicalize_name(name)] = installed.version
        for told in map(Requirement, installed.requires or ()):
            needed = told.marker is None or any(told.marker.evaluate({"extra": one}) for one in ("", *extras))
            further = (told.name, frozenset(told.extras))
            if needed and further not in seen:
                seen.add(further)
                waiting.append(further)
    return found


@pytest.mark.parametrize("name", ["requirements", "requirements-dev"])
def test_what_is_named_is_pinned_and_locked_as_it_is_pinned(name: str) -> None:
    locked = _locked(name)
    for one in _named(name):
        assert [(pin.operator, pin.version) for pin in one.specifier] == [
            ("==", locked.get(canonicalize_name(one.name)))
        ], f"{one}: pin it with ==, then run make lock"


def test_every_package_of_the_running_program_is_locked_at_its_version() -> None:
    locked = _locked("requirements")
    strange = {f"{name}=={version}" for name, version in _taken(list(_named("requirements"))).items()}
    strange -= {f"{name}=={version}" for name, version in locked.items()}
    assert not strange, f"Not as in requirements.lock: {sorted(strange)}. Run make lock, or install anew."


def test_every_installed_package_is_locked() -> None:
    known = {*_locked("requirements"), *_locked("requirements-dev"), *_OWN}
    installed = {canonicalize_name(one.metadata["Name"]) for one in distributions()}
    assert not installed - known, f"In no lock: {sorted(installed - known)}. Name it in requirements*.txt; make lock."


@pytest.mark.parametrize("name", ["requirements", "requirements-dev"])
def test_every_entry_of_a_lock_has_hashes(name: str) -> None:
    text = (ROOT / f"{name}.lock").read_text("utf-8")
    entries = [line for line in text.splitlines() if line and not line.startswith((" ", "#"))]
    assert len(entries) == len(_locked(name)) > 50 and "--hash=sha256:" in text
