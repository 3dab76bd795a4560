"""Scenes: where a sample issue happens, and what people say about it."""

from dataclasses import dataclass
from itertools import accumulate
from random import Random

from services.demo.estates import Estate, Spot
from services.demo.pack import Samples, Template
from services.demo.shares import Shares

_Offer = tuple[list[Template], list[float]]


@dataclass(frozen=True)
class Scene:
    """A template at a spot of an estate."""

    estate: Estate
    spot: Spot
    template: Template

    @property
    def title(self) -> str:
        """The title the issue gets."""
        building = self.spot.area.name if self.template.in_building else ""
        return self.template.title.format(estate=self.estate.spot.area.name, building=building)

    @property
    def location(self) -> str:
        """The place in words."""
        estate, here = self.estate.spot.area.name, self.spot.area.name
        return estate + here if self.template.in_building else estate


class Scenes:
    """Draws scenes with the calibrated shares of grids and sources."""

    def __init__(self, rng: Random, samples: Samples, grids: dict[str, list[Estate]]) -> None:
        volumes = {code: told["volume"] for code, told in samples.told["grid"].items() if code in grids}
        self._rng = rng
        self._grids = Shares(rng, volumes)
        self._sources = Shares(rng, samples.told["sources"])
        self._templates = samples.templates
        self._estates = {
            code: (inside, [float(estate.spot.area.households or 1) for estate in inside])
            for code, inside in grids.items()
        }
        self._offers: dict[tuple[str, str], _Offer] = {}

    def draw(self) -> Scene:
        """The next scene."""
        inside, households = self._estates[self._grids.draw()]
        estate = self._rng.choices(inside, households)[0]
        return self.at(estate)

    def at(self, estate: Estate) -> Scene:
        """Another scene in an estate."""
        templates, sums = self._offer(estate.spot.area.kind or "", self._sources.draw())
        template = self._rng.choices(templates, cum_weights=sums)[0]
        spot = self._rng.choice(estate.buildings) if template.in_building else estate.spot
        return Scene(estate, spot, template)

    def _offer(self, kind: str, source: str) -> _Offer:
        if (kind, source) not in self._offers:
            fitting = [one for one in self._templates if not one.kinds or kind in one.kinds]
            templates = [one for one in fitting if one.source == source] or fitting
            self._offers[kind, source] = templates, list(accumulate(one.weight for one in templates))
        return self._offers[kind, source]
