"""Tables of the shop's figures, and a comparison with its goals."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from bench.shop_cases import CASES, Facts
from bench.shop_measure import Cost

_DEEP = 900_000  # goal P4 names a depth of 960,000


@dataclass
class Size:
    """The results for one number of books. Rates and costs are by case; what could not be measured is missing."""

    books: int
    database: str
    generated_s: float = 0.0
    facts: Facts = field(default_factory=dict)
    costs: dict[str, Cost] = field(default_factory=dict)
    rates: dict[str, float | None] = field(default_factory=dict)
    memory_mb: dict[str, float] = field(default_factory=dict)
    downloads_p95_ms: dict[str, float] = field(default_factory=dict)
    reindexed_s: dict[str, float] = field(default_factory=dict)
    peer: dict[str, Cost] = field(default_factory=dict)


@dataclass(frozen=True)
class Goal:
    text: str
    is_met: bool


def goals(sizes: Sequence[Size]) -> list[Goal]:
    """Return the goals that can be judged by these results."""
    return [*_costs_of(sizes[-1]), *_searches(sizes[-1]), *_queries(sizes), *_load(sizes)]


def _costs_of(last: Size) -> Iterator[Goal]:
    costs = {name: one.cpu_ms for name, one in last.costs.items()}
    books = f"{last.books:,} books, {last.database}"
    for name in ("front page", "list", "one filter"):
        if name in costs:
            yield _at_most(f"P1 {name}, ms CPU, {books}", costs[name], 10)
    if "book" in costs:
        yield _at_most(f"P3 book page, ms CPU, {books}", costs["book"], 10)
    if {"list", "list, last page"} <= costs.keys():
        yield _at_most(f"P4 last page, times the first, {books}", costs["list, last page"] / costs["list"], 1.2)


def _searches(last: Size) -> Iterator[Goal]:
    for name in filter(lambda name: name.startswith("search"), last.costs):
        found = last.costs[name]
        yield _at_most(f"P5 {name}, ms at p50, {last.books:,} books", found.p50_ms, 20)
        yield _at_most(f"P5 {name}, ms at p95, {last.books:,} books", found.p95_ms, 60)


def _queries(sizes: Sequence[Size]) -> Iterator[Goal]:
    for case in CASES:
        for size in sizes:
            asked = size.facts["queries"].get(case.name)
            if asked is not None and case.most_queries is not None:
                yield _at_most(f"P6 {case.name}, queries, {size.books:,} books", asked, case.most_queries)


def _load(sizes: Sequence[Size]) -> Iterator[Goal]:
    last = sizes[-1]
    for name, value in last.memory_mb.items():
        yield _at_most(f"P7 two web workers, MB, {name}", value, 600)
    if "accel" in last.downloads_p95_ms:
        yield _at_most("P8 95 % of a list's times, 100 slow downloads, ms", last.downloads_p95_ms["accel"], 50)


def _at_most(what: str, found: float, most: float) -> Goal:
    return Goal(f"{what}: {found:,.2f} (at most {most:,.2f})", found <= most)


def markdown(sizes: Sequence[Size]) -> str:
    """Return the tables: CPU by case and size, the peer's, and the rest."""
    return "\n".join([*_costs(sizes), "", *_beside(sizes), "", *_rest(sizes)]) + "\n"


def _costs(sizes: Sequence[Size]) -> Iterator[str]:
    names = [case.name for case in CASES if any(case.name in size.costs for size in sizes)]
    yield ("| ms CPU (p95 ms) | queries | " + " | ".join(f"{one.books:,}" for one in sizes) + " |")
    yield "|---|---:|" + "---:|" * len(sizes)
    for name in names:
        found = [size.costs.get(name) for size in sizes]
        cells = [f"{one.cpu_ms:.2f} ({one.p95_ms:.1f})" if one else "" for one in found]
        queries = max(size.facts["queries"].get(name, 0) for size in sizes)
        yield f"| {name} | {queries} | " + " | ".join(cells) + " |"


def _beside(sizes: Sequence[Size]) -> Iterator[str]:
    last = sizes[-1]
    yield f"| beside it, {last.books:,} books | ms CPU | requests a second |"
    yield "|---|---:|---:|"
    rows = [(f"django-oscar, 10,000 products: {name}", one) for name, one in last.peer.items()]
    rows += [(name, one) for name, one in last.costs.items() if last.rates.get(name)]
    for name, one in rows:
        rate = f"{last.rates[name]:,.0f}" if last.rates.get(name) else ""
        yield f"| {name} | {one.cpu_ms:.3f} | {rate} |"


def _rest(sizes: Sequence[Size]) -> Iterator[str]:
    yield "| | " + " | ".join(f"{one.books:,}" for one in sizes) + " |"
    yield "|---|" + "---:|" * len(sizes)
    yield "| generated in, s | " + " | ".join(f"{one.generated_s:.0f}" for one in sizes) + " |"
    yield "| put on sale and found, ms | " + " | ".join(f"{one.facts['searchable_ms']:.0f}" for one in sizes) + " |"
    for attribute, unit in (("memory_mb", "MB"), ("downloads_p95_ms", "p95 ms"), ("reindexed_s", "s")):
        for name in sorted({name for size in sizes for name in getattr(size, attribute)}):
            found = [getattr(size, attribute).get(name) for size in sizes]
            cells = ["" if value is None else f"{value:,.1f}" for value in found]
            yield f"| {attribute.rpartition('_')[0].replace('_', ' ')}: {name}, {unit} | " + " | ".join(cells) + " |"
