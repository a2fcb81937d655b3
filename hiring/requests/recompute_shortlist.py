"""Recompute a shortlist of providers from what the shop publishes about it.

    python recompute_shortlist.py shortlist.json

Needs only Python 3.12 and sends no data. Prints every place with its points and reasons, and who was left out and why;
ends with 1 if the file's places are not those of the formula. The shop makes its shortlists with this very file.

How a shortlist is made, in whole numbers only:

1. Left out, by the first reason that holds: another service, other languages, a price above the budget, paid by a share
   that the client does not give, no free place, away. "Away" also stands for people who take no requests from this
   client, so that nobody learns who has blocked whom. Offers that were asked before are not counted again.
2. Points for the rest:
   - genre: 300 if the offer names the very genre of the request, 200 if its first two letters (Thema codes), 100 if its
     first letter;
   - 100 if a sample, or a book that credits the provider, is in that very genre;
   - record: 500 * (kept + 3) // (counted + 4) contracts. "Counted" are ended contracts with clients for whom somebody
     else vouches (/hire/how/), "kept" those of them that were not given up by the provider;
   - on time: 100 * (in time + 3) // (delivered + 4) deliveries.
   Price is shown and can be sorted by, but gives no points; neither do speed of answers or money spent.
3. Most points come first. Where points are equal, the order is that of the SHA-256 of the request's and the offer's
   names, so that nobody can choose it.
4. Of eight places, the fourth and the eighth go to newcomers: offers with fewer than three ended contracts, those with
   the fewest places on shortlists in 28 days first.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

FORMAT = "octavo-shortlist/1"


@dataclass(frozen=True, slots=True)
class Rules:
    """The constants of the formula. The file contains the ones it was made with."""

    places: int = 8
    newcomer_places: tuple[int, ...] = (4, 8)
    newcomer_below: int = 3  # ended contracts
    recent_days: int = 28
    same_genre: int = 300
    near_genre: int = 200  # the same first two letters
    same_section: int = 100  # the same first letter
    shown_genre: int = 100
    record: int = 500
    on_time: int = 100
    good_before: int = 3  # good contracts that everybody begins with
    counted_before: int = 4  # of so many
    near_misses: int = 4


RULES = Rules()


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for. Amounts are minor units; `budget_minor` None is no limit."""

    request: str
    kind: str
    language: str = ""
    target: str = ""
    genre: str = ""
    words: int = 0
    budget_minor: int | None = None
    currency: str = ""
    takes_share: bool = False


@dataclass(frozen=True, slots=True)
class Candidate:
    """One public offer. `price_minor` is that of the whole text; None for a share of the royalties."""

    offer: str
    kind: str
    languages: tuple[tuple[str, str], ...] = ()
    genres: tuple[str, ...] = ()
    shown_genres: tuple[str, ...] = ()
    price_minor: int | None = None
    currency: str = ""
    places: int = 1
    is_away: bool = False
    was_asked: bool = False
    counted: int = 0
    kept: int = 0
    delivered: int = 0
    in_time: int = 0
    ended: int = 0
    recent_places: int = 0


@dataclass(frozen=True, slots=True)
class Points:
    genre: int = 0
    shown: int = 0
    record: int = 0
    on_time: int = 0

    @property
    def total(self) -> int:
        return self.genre + self.shown + self.record + self.on_time


@dataclass(frozen=True, slots=True)
class Place:
    """A place on the shortlist. `is_newcomers` says that it was kept for a newcomer."""

    place: int
    offer: str
    points: Points
    is_newcomers: bool = False


@dataclass(frozen=True, slots=True)
class NearMiss:
    """An offer that one reason alone keeps from the list; `by_minor` is how much it is over the budget."""

    offer: str
    reason: str
    by_minor: int = 0


@dataclass(frozen=True, slots=True)
class Shortlist:
    """`left_out` counts every offer that is neither placed nor fits: by its first reason."""

    places: tuple[Place, ...]
    fitting: int = 0  # offers that fit, placed or not
    left_out: dict[str, int] = field(default_factory=dict)
    near_misses: tuple[NearMiss, ...] = ()


KIND, LANGUAGES, BUDGET, SHARE, NO_PLACE, AWAY, ASKED = (
    "kind",
    "languages",
    "budget",
    "share",
    "no_place",
    "away",
    "asked",
)
REASONS = (ASKED, KIND, LANGUAGES, BUDGET, SHARE, NO_PLACE, AWAY)
# What a client or a provider can do something about.
_NEAR = {BUDGET, SHARE, NO_PLACE}


def reasons(wanted: Wanted, one: Candidate) -> tuple[str, ...]:
    """Return every reason for which the offer is left out, in the order in which they are counted."""
    found = {
        ASKED: one.was_asked,
        KIND: one.kind != wanted.kind,
        LANGUAGES: not speaks(wanted, one),
        BUDGET: is_over_budget(wanted, one),
        SHARE: one.price_minor is None and not wanted.takes_share,
        NO_PLACE: one.places < 1,
        AWAY: one.is_away,
    }
    return tuple(reason for reason in REASONS if found[reason])


def speaks(wanted: Wanted, one: Candidate) -> bool:
    """Return whether the offer is for the languages asked for. "de" is for "de-AT", and the other way round."""
    if not wanted.language and not wanted.target:
        return True
    return any(
        _same_language(wanted.language, language) and _same_language(wanted.target, target)
        for language, target in one.languages
    )


def _same_language(wanted: str, offered: str) -> bool:
    if not wanted or wanted == offered:
        return True
    base, other = wanted.split("-", maxsplit=1)[0], offered.split("-", maxsplit=1)[0]
    return base == other and (wanted == base or offered == other)


def is_over_budget(wanted: Wanted, one: Candidate) -> bool:
    """Return whether the price is above the budget. A price in another currency counts as above it."""
    if wanted.budget_minor is None or one.price_minor is None:
        return False
    return one.currency != wanted.currency or one.price_minor > wanted.budget_minor


def points_of(wanted: Wanted, one: Candidate, rules: Rules = RULES) -> Points:
    """Return the points of an offer that fits."""
    return Points(
        genre=max((_likeness(wanted.genre, code, rules) for code in one.genres), default=0) if wanted.genre else 0,
        shown=rules.shown_genre if wanted.genre and wanted.genre in one.shown_genres else 0,
        record=_share(rules.record, one.kept, one.counted, rules),
        on_time=_share(rules.on_time, one.in_time, one.delivered, rules),
    )


def _likeness(wanted: str, offered: str, rules: Rules) -> int:
    if wanted == offered:
        return rules.same_genre
    if len(wanted) > 1 and wanted[:2] == offered[:2]:
        return rules.near_genre
    return rules.same_section if wanted[:1] == offered[:1] else 0


def _share(most: int, good: int, counted: int, rules: Rules) -> int:
    return most * (good + rules.good_before) // (counted + rules.counted_before)


def tie(wanted: Wanted, one: Candidate) -> str:
    """Return what decides between equal points."""
    return hashlib.sha256(f"{wanted.request}:{one.offer}".encode()).hexdigest()


def shortlist(wanted: Wanted, candidates: Iterable[Candidate], rules: Rules = RULES) -> Shortlist:
    """Return the places, and who was left out and why. The order of the candidates does not matter."""
    fitting, out = [], []
    for one in sorted(candidates, key=lambda one: one.offer):
        found = reasons(wanted, one)
        if found:
            out.append((one, found))
        else:
            fitting.append(one)
    points = {one.offer: points_of(wanted, one, rules) for one in fitting}
    ranked = sorted(fitting, key=lambda one: (-points[one.offer].total, tie(wanted, one)))
    counts: dict[str, int] = {}
    for _one, found in out:
        counts[found[0]] = counts.get(found[0], 0) + 1
    placed = tuple(_placed(ranked, points, rules))
    is_short = len(placed) < rules.places
    return Shortlist(placed, len(fitting), counts, _near_misses(wanted, out, rules) if is_short else ())


def _placed(ranked: Sequence[Candidate], points: dict[str, Points], rules: Rules) -> Iterable[Place]:
    left = list(ranked)
    for place in range(1, rules.places + 1):
        if not left:
            return
        newcomers = [one for one in left if one.ended < rules.newcomer_below]
        is_newcomers = place in rules.newcomer_places and bool(newcomers)
        # Of those with as few places, the first in the order of points.
        chosen = min(newcomers, key=lambda one: one.recent_places) if is_newcomers else left[0]
        left.remove(chosen)
        yield Place(place, chosen.offer, points[chosen.offer], is_newcomers)


def _near_misses(
    wanted: Wanted, out: Sequence[tuple[Candidate, tuple[str, ...]]], rules: Rules
) -> tuple[NearMiss, ...]:
    found = []
    for one, because in out:
        if len(because) > 1 or because[0] not in _NEAR:
            continue
        over = one.price_minor - wanted.budget_minor if one.price_minor and wanted.budget_minor is not None else 0
        if because[0] == BUDGET and one.currency != wanted.currency:
            continue
        best = points_of(wanted, one, rules).total
        found.append((over, -best, tie(wanted, one), NearMiss(one.offer, because[0], max(over, 0))))
    return tuple(miss for *_order, miss in sorted(found, key=lambda row: row[:3])[: rules.near_misses])


# ---------------------------------------------------------------- the file


def to_json(wanted: Wanted, candidates: Iterable[Candidate], made: Shortlist, *, made_at: str) -> dict[str, Any]:
    """Return what the shop publishes of a shortlist."""
    return {
        "format": FORMAT,
        "made_at": made_at,
        "rules": asdict(RULES),
        "wanted": asdict(wanted),
        "candidates": [asdict(one) for one in sorted(candidates, key=lambda one: one.offer)],
        "places": [asdict(one) for one in made.places],
        "left_out": made.left_out,
    }


def _read[T](kind: type[T], given: dict[str, Any]) -> T:
    known = {one.name for one in fields(kind)}  # type: ignore[arg-type]  # all of them are dataclasses
    return kind(**{name: _frozen(value) for name, value in given.items() if name in known})


def _frozen(value: Any) -> Any:
    return tuple(_frozen(one) for one in value) if isinstance(value, list) else value


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the shortlist of a file; return 1 if it is not the one that the shop made."""
    parser = argparse.ArgumentParser(description="Recompute a shortlist from what the shop publishes about it.")
    parser.add_argument("file", type=Path, help="a shortlist's file, as downloaded")
    data = json.loads(parser.parse_args(arguments).file.read_text(encoding="utf-8"))
    if data.get("format") != FORMAT:
        _say(f"This program reads {FORMAT}, not {data.get('format')}. Download the program again.")
        return 2
    rules, wanted = _read(Rules, data["rules"]), _read(Wanted, data["wanted"])
    made = shortlist(wanted, [_read(Candidate, one) for one in data["candidates"]], rules)
    for one in made.places:
        found = one.points
        kept = ", kept for a newcomer" if one.is_newcomers else ""
        _say(
            f"{one.place}. {one.offer}: {found.total} points (genre {found.genre}, sample {found.shown}, "
            f"record {found.record}, on time {found.on_time}){kept}"
        )
    _say(f"{made.fitting} fit; left out: {', '.join(f'{n} {why}' for why, n in made.left_out.items()) or 'nobody'}")
    said = [(one["place"], one["offer"]) for one in data["places"]]
    if said != [(one.place, one.offer) for one in made.places]:
        _say("DIFFERENT from the places in the file.")
        return 1
    _say("The same as the places in the file.")
    return 0


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    sys.exit(main())
