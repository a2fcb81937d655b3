"""A year of requests, shortlists and contracts among made-up providers.

Each provider has a true quality that nobody sees: how likely a contract is kept, and how likely it is in time. Clients
read samples, which show the quality with an error, look at the upper places more than at the lower ones, and hire one
of the eight, or nobody.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from random import Random
from statistics import mean

from hiring.requests.recompute_shortlist import Candidate, Rules, Wanted, shortlist

DAYS = 365
PROVIDERS = 120
NEW_EVERY_DAYS = 2
REQUESTS_A_DAY = 4
IN_TIME_DAYS = 90  # within which a newcomer's first contract counts
_GENRES = ("FF", "FF", "FH", "FM", "FM", "FL", "FR", "FR", "FV", "YF", "DN", "VS")  # as often as they are asked for
_PLACES = 2
_WORK_DAYS = (10, 30)
_READS = (1.0, 0.9, 0.8, 0.7, 0.6, 0.55, 0.5, 0.45)  # how many clients look at each place
_SAMPLE_ERROR = 0.18
_LEAST_QUALITY = 0.5  # below this impression nobody is hired


@dataclass
class Provider:
    name: str
    quality: float
    genres: tuple[str, ...]
    price_minor: int
    joined: int
    counted: int = 0
    kept: int = 0
    in_time: int = 0
    busy: int = 0
    places: deque[int] = field(default_factory=deque)  # days on which it was on a shortlist
    hires: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class Year:
    hired_in_time: float
    never_hired: float
    gini: float
    quality: float
    filled: float


def run(seed: int, rules: Rules) -> Year:
    """Let a year go by and return its figures."""
    chance = Random(seed)
    providers = [_new(chance, number, joined=0) for number in range(PROVIDERS)]
    ending: dict[int, list[Provider]] = {}
    hired: list[Provider] = []
    for day in range(DAYS):
        for one in ending.pop(day, ()):
            _end(chance, one)
        if day % NEW_EVERY_DAYS == 0 and day:
            providers.append(_new(chance, len(providers), joined=day))
        for number in range(REQUESTS_A_DAY):
            one = _serve(chance, providers, f"{seed}-{day}-{number}", day, rules)
            if one is not None:
                hired.append(one)
                ending.setdefault(day + chance.randint(*_WORK_DAYS), []).append(one)
    return _figures(providers, hired)


def _new(chance: Random, number: int, *, joined: int) -> Provider:
    genres = tuple(dict.fromkeys(chance.choice(_GENRES) for _ in range(chance.randint(1, 3))))
    quality = min(0.99, max(0.35, chance.gauss(0.75, 0.14)))
    return Provider(f"ofr_{number}", quality, genres, round(chance.gauss(60_000, 15_000)), joined)


def _serve(chance: Random, providers: list[Provider], name: str, day: int, rules: Rules) -> Provider | None:
    """Make the shortlist of one request, and return whom the client hires."""
    budget = round(chance.gauss(75_000, 15_000))
    wanted = Wanted(
        request=name, kind="copy_editing", language="en", genre=chance.choice(_GENRES), budget_minor=budget,
        currency="USD",
    )  # fmt: skip
    known = {one.name: one for one in providers}
    made = shortlist(wanted, [_candidate(one, day, rules) for one in providers], rules)
    best, best_seen = None, _LEAST_QUALITY
    for place in made.places:
        one = known[place.offer]
        one.places.append(day)
        if chance.random() < _READS[place.place - 1]:
            seen = one.quality + chance.gauss(0, _SAMPLE_ERROR)
            if seen > best_seen:
                best, best_seen = one, seen
    if best is not None:
        best.busy += 1
        best.hires.append(day)
    return best


def _candidate(one: Provider, day: int, rules: Rules) -> Candidate:
    while one.places and one.places[0] <= day - rules.recent_days:
        one.places.popleft()
    return Candidate(
        offer=one.name, kind="copy_editing", languages=(("en", ""),), genres=one.genres, shown_genres=one.genres[:1],
        price_minor=one.price_minor, currency="USD", places=_PLACES - one.busy, counted=one.counted, kept=one.kept,
        delivered=one.counted, in_time=one.in_time, ended=one.counted, recent_places=len(one.places),
    )  # fmt: skip


def _end(chance: Random, one: Provider) -> None:
    one.busy -= 1
    one.counted += 1
    one.kept += chance.random() < one.quality
    one.in_time += chance.random() < one.quality


def _figures(providers: list[Provider], hired: list[Provider]) -> Year:
    newcomers = [one for one in providers if 0 < one.joined <= DAYS - IN_TIME_DAYS]
    in_time = [one for one in newcomers if one.hires and one.hires[0] < one.joined + IN_TIME_DAYS]
    settled = [one for one in providers if one.joined <= DAYS - IN_TIME_DAYS]
    return Year(
        hired_in_time=len(in_time) / len(newcomers),
        never_hired=sum(not one.hires for one in settled) / len(settled),
        gini=gini([len(one.hires) for one in settled]),
        quality=mean(one.quality for one in hired),
        filled=len(hired) / (DAYS * REQUESTS_A_DAY),
    )


def gini(values: list[int]) -> float:
    """Return 0 where all have the same, towards 1 where one has everything."""
    ordered, total = sorted(values), sum(values)
    if not total:
        return 0.0
    weighted = sum((2 * rank - len(ordered) - 1) * value for rank, value in enumerate(ordered, start=1))
    return weighted / (len(ordered) * total)
