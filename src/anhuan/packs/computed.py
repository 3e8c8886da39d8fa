"""Fields that are computed and never typed: a product of rated factors, banded.

LEC (likelihood x exposure x consequence) and LS (likelihood x severity) are two methods of one computed field; a plant
may change their ratings and bands, or add a method, in the pack's data. Every band names the text that it comes from.
Products are formed in decimal, so that 0.1 x 10 meets a bound of 1 exactly.

    {"field": "risk_level", "from": "risk", "values": ["red", "orange", "yellow", "blue"],
     "methods": {"ls": {"factors": {"l": [1, 2, 3, 4, 5], "s": [1, 2, 3, 4, 5]},
                        "bands": [{"id": "ls_red", "from": 20, "value": "red", "source": "house_ls"}, ...]}},
     "sources": {...}}

The values lie in the form's field `from` as `{"method": "ls", "factors": {"l": 4, "s": 5}}`.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import lru_cache
from itertools import product
from math import prod
from typing import Any

import msgspec
from msgspec import Struct

from anhuan.core.policy import Problem
from anhuan.packs.problems import PackInvalid, PackProblem
from anhuan.packs.sources import Source

PRODUCTS_KEPT = 1024
"""Values that a computed field keeps at hand: the same ratings always come to the same."""


class Band(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A band of scores; the first band, from the top, whose lower bound the score meets gives the value."""

    id: str
    value: str
    source: str
    at_least: float | None = msgspec.field(default=None, name="from")
    """Lower bound, itself included."""
    above: float | None = None
    """Lower bound, itself not included."""

    def holds(self, score: Decimal) -> bool:
        """The score lies at or above the band's lower bound."""
        if self.above is not None:
            return score > _decimal(self.above)
        return self.at_least is None or score >= _decimal(self.at_least)


class Method(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One way of rating: its factors with their allowed ratings, and its bands from the highest score down."""

    factors: dict[str, tuple[float, ...]]
    bands: tuple[Band, ...]
    source: str
    """Where the ratings come from."""
    only_import: bool = False
    """True: takes over the level that an imported register gives; nobody can choose it in a report."""

    def band(self, score: Decimal) -> Band | None:
        """The band that a score falls in."""
        return next((band for band in self.bands if band.holds(score)), None)


class _Spec(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    field: str
    origin: str = msgspec.field(name="from")
    values: tuple[str, ...]
    methods: dict[str, Method]
    sources: dict[str, Source]


class Computation(Struct, frozen=True, kw_only=True):
    """A computed value and how it came about; it is kept on the case."""

    field: str
    value: str
    method: str
    score: float
    band: str
    """Id of the band that decided."""
    source: str
    """Key of the band's source."""
    version: str


class Computed:
    """A compiled computed field."""

    def __init__(self, key: str, version: str, spec: _Spec) -> None:
        self.key = key
        self.version = version
        self.field = spec.field
        self.origin = spec.origin
        """The form's field that holds method and factors."""
        self.values = spec.values
        """Worst first."""
        self.methods: Mapping[str, Method] = spec.methods
        self.sources: Mapping[str, Source] = spec.sources
        self._banded = lru_cache(maxsize=PRODUCTS_KEPT)(self._band_product)

    def __call__(self, values: Mapping[str, object]) -> Computation | None:
        """The value, or None while what it is computed from is missing or wrong (see `problems`)."""
        rating, problems = self._rating(values)
        if rating is None or problems:
            return None
        name, method, factors = rating
        return self._banded(name, *(factors[factor] for factor in method.factors))

    def _band_product(self, name: str, *ratings: float) -> Computation | None:
        """The value that ratings, in the order of the method's factors, come to."""
        method = self.methods[name]
        score = prod(map(_decimal, ratings), start=Decimal(1))
        band = method.band(score)
        if band is None:
            return None
        return Computation(
            field=self.field,
            value=band.value,
            method=name,
            score=float(score),
            band=band.id,
            source=band.source,
            version=self.version,
        )

    def problems(self, values: Mapping[str, object], *, imported: bool = False) -> tuple[Problem, ...]:
        """What stands in the way of computing: `required` for what is missing, else what is wrong with a rating.

        `imported`: the values come from a register, whose own grading may be taken over.
        """
        rating, problems = self._rating(values)
        if rating is not None and rating[1].only_import and not imported:
            open_to_all = [name for name, method in self.methods.items() if not method.only_import]
            return (Problem("not_in_list", f"/{self.origin}/method", {"values": open_to_all}),)
        return problems

    def taken_over(self, value: str) -> dict[str, object] | None:
        """The rating under which an imported register's value comes out as it is; None: no method takes any over."""
        for name, method in self.methods.items():
            for ratings in product(*method.factors.values()) if method.only_import else ():
                band = method.band(prod(map(_decimal, ratings), start=Decimal(1)))
                if band is not None and band.value == value:
                    return {"method": name, "factors": dict(zip(method.factors, ratings, strict=True))}
        return None

    @property
    def word_keys(self) -> tuple[str, ...]:
        """Every word that methods, factors, ratings, bands and values need to be shown."""
        keys = [f"{self.field}.{value}" for value in self.values]
        for name, method in self.methods.items():
            keys.append(f"{self.origin}.{name}")
            for factor, ratings in method.factors.items():
                keys.append(f"{self.origin}.{name}.{factor}")
                keys += [f"{self.origin}.{name}.{factor}.{rating:g}" for rating in ratings]
            keys += [f"band.{band.id}" for band in method.bands]
        return tuple(keys)

    def _rating(
        self, values: Mapping[str, object]
    ) -> tuple[tuple[str, Method, Mapping[str, Any]] | None, tuple[Problem, ...]]:
        """Method and factors as far as they can be read, and what is wrong with them."""
        place = f"/{self.origin}"
        rating = values.get(self.origin)
        if rating is None:
            return None, (Problem("required", place),)
        if not isinstance(rating, Mapping):
            return None, (Problem("wrong_type", place, {"types": ["object"]}),)
        name = rating.get("method")
        if name is None:
            return None, (Problem("required", f"{place}/method"),)
        if not isinstance(name, str) or name not in self.methods:
            return None, (Problem("not_in_list", f"{place}/method", {"values": list(self.methods)}),)
        factors = rating.get("factors", {})
        if not isinstance(factors, Mapping):
            return None, (Problem("wrong_type", f"{place}/factors", {"types": ["object"]}),)
        method = self.methods[name]
        return (name, method, factors), tuple(_factor_problems(method, factors, f"{place}/factors"))


def _factor_problems(method: Method, factors: Mapping[str, object], place: str) -> Iterator[Problem]:
    for name in factors:
        if name not in method.factors:
            yield Problem("unknown_field", f"{place}/{name}")
    for name, allowed in method.factors.items():
        given = factors.get(name)
        if given is None:
            yield Problem("required", f"{place}/{name}")
        elif isinstance(given, bool) or not isinstance(given, int | float) or given not in allowed:
            yield Problem("not_in_list", f"{place}/{name}", {"values": list(allowed)})


def compile_computed(key: str, spec: Mapping[str, Any], version: str) -> Computed:
    """A computed field ready to be asked. Raises PackInvalid with every fault of the file."""
    try:
        read = msgspec.convert(dict(spec), type=_Spec)
    except msgspec.ValidationError as error:
        raise PackInvalid((PackProblem("file_malformed", f"computed/{key}", {"reason": str(error)}),)) from None
    problems = [problem for name, method in read.methods.items() for problem in _judge(key, name, method, read)]
    if not read.methods:
        problems.append(PackProblem("method_missing", f"computed/{key}"))
    if problems:
        raise PackInvalid(tuple(problems))
    return Computed(key, version, read)


def _judge(key: str, name: str, method: Method, spec: _Spec) -> Iterator[PackProblem]:
    """Every product falls in a band, every band gets some, and a higher score is never given a better value."""
    place = f"computed/{key}/{name}"
    if not method.factors or not all(method.factors.values()):
        yield PackProblem("factor_without_ratings", place)
        return
    if any(rating < 0 for ratings in method.factors.values() for rating in ratings):
        yield PackProblem("rating_negative", place)
    for source in {method.source, *(band.source for band in method.bands)} - spec.sources.keys():
        yield PackProblem("source_unknown", place, {"source": source, "known": sorted(spec.sources)})
    if len({band.id for band in method.bands}) != len(method.bands):
        yield PackProblem("row_id_not_unique", place, {"id": [band.id for band in method.bands]})
    for band in method.bands:
        if band.value not in spec.values:
            yield PackProblem("output_unlisted", f"{place}/{band.id}", {"values": list(spec.values)})
        if band.above is not None and band.at_least is not None:
            yield PackProblem("band_has_two_bounds", f"{place}/{band.id}")
    scores = sorted({prod(map(_decimal, ratings), start=Decimal(1)) for ratings in product(*method.factors.values())})
    found = [method.band(score) for score in scores]
    gaps = [float(score) for score, band in zip(scores, found, strict=True) if band is None]
    if gaps:
        yield PackProblem("score_without_band", place, {"scores": gaps[:5]})
    for band in method.bands:
        if band not in found:
            yield PackProblem("row_unreachable", f"{place}/{band.id}", {"row": band.id})
    ranks = [spec.values.index(band.value) for band in found if band is not None and band.value in spec.values]
    if ranks != sorted(ranks, reverse=True):
        yield PackProblem("bands_out_of_order", place, {"values": list(spec.values)})


def _decimal(number: float) -> Decimal:
    return Decimal(str(number))
