"""Reads `hiring.yaml` and `hired.yaml`: who offers which service, what was agreed, and what waits to be agreed.

Plain values without Django. The seeder calls `load_market()` and plays what it returns.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from demo.content.loader import Persona

_FOLDER = Path(__file__).resolve().parent


@dataclass(frozen=True, slots=True)
class Sample:
    """A passage as it was before, if it was changed, and as the provider left it. `genre` is a Thema code."""

    title: str
    text: str
    genre: str = ""
    before: str = ""


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture as a sample. `drawn` is a kind of `demo/drawings.py`; a cover's title and author are its `words`."""

    drawn: str
    title: str
    alt: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class Trader:
    """What a business has to show on its offers."""

    trader_name: str
    trader_address: str
    trader_phone: str
    trader_email: str
    register_number: str


@dataclass(frozen=True, slots=True)
class Offer:
    """A service of one person. `places` are those that are free today; it was made public `begins` days ago."""

    key: str
    provider: str  # Persona.key
    kind: str
    title: str
    text: str
    languages: tuple[tuple[str, str], ...]
    genres: tuple[str, ...]
    price_kind: str
    price_minor: int
    currency: str
    turnaround_days: int
    places: int
    samples: tuple[Sample, ...]
    pictures: tuple[Drawing, ...] = ()
    share_bps: int = 0  # of the royalties, where they are the price
    ai_use: str = "none"
    begins: int = 90
    trader: Trader | None = None  # None for a private person


@dataclass(frozen=True, slots=True)
class Step:
    """A milestone: `due` counts days from the proposal."""

    title: str
    minor: int
    due: int


@dataclass(frozen=True, slots=True)
class Thing:
    """What is delivered: a text, or a cover that is drawn from a title, an author and a seed."""

    name: str = ""
    text: str = ""
    title: str = ""
    author: str = ""
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Verdict:
    stars: int
    body: str


@dataclass(frozen=True, slots=True)
class Said:
    """A message in the conversation of the two; `by` is "client" or "provider"."""

    by: str
    text: str


@dataclass(frozen=True, slots=True)
class Job:
    """One contract, from the request on, `begins` days ago. What a job does not tell did not happen in it."""

    key: str
    begins: int
    client: str  # Persona.key
    offer: str  # Offer.key
    work: str  # the title of one of the client's books, or ""
    title: str
    asked: str
    words: int
    scope: str
    milestones: tuple[Step, ...]
    counter_scope: str = ""
    messages: tuple[Said, ...] = ()
    note: str = ""
    file: Thing | None = None
    second_note: str = ""
    second_file: Thing | None = None
    late_days: int = 0
    gives_back: int = 0
    wishes: str = ""
    moves_days: int = 0
    reason: str = ""
    in_question: int = 0
    complaint: str = ""
    statement: str = ""
    by_client: Verdict | None = None
    by_provider: Verdict | None = None
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """A proposal of somebody on the shortlist."""

    offer: str
    scope: str
    milestones: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Wish:
    """A request to everybody who fits; `wanted` counts days from today."""

    key: str
    begins: int
    client: str
    kind: str
    title: str
    text: str
    language: str
    genre: str
    words: int
    budget: int
    currency: str
    wanted: int
    passage: str
    proposals: tuple[Answer, ...] = ()
    declines: tuple[str, ...] = ()
    question: str = ""
    reply: str = ""


@dataclass(frozen=True, slots=True)
class DirectWish:
    """A request to one person, with a proposal and the other side's counter-proposal."""

    key: str
    begins: int
    client: str
    offer: str
    title: str
    text: str
    language: str
    target: str
    genre: str
    words: int
    scope: str
    counter_scope: str
    milestones: tuple[Step, ...]
    counter_milestones: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Market:
    """Everything that is hired in the demonstration."""

    people: tuple[Persona, ...]
    offers: tuple[Offer, ...]
    ended: tuple[Job, ...]
    running: tuple[Job, ...]
    open: tuple[Wish, ...]
    direct: DirectWish

    @property
    def jobs(self) -> tuple[Job, ...]:
        return (*self.ended, *self.running)


def load_market() -> Market:
    """Return the market. Raises TypeError or KeyError if an entry lacks a field or has an unknown one."""
    offered, hired = _read("hiring.yaml"), _read("hired.yaml")
    return Market(
        people=tuple(Persona(**entry) for entry in offered["people"]),
        offers=tuple(_offer(entry) for entry in offered["offers"]),
        ended=tuple(_job(entry) for entry in hired["ended"]),
        running=tuple(_job(entry) for entry in hired["running"]),
        open=tuple(_wish(entry) for entry in hired["open"]),
        direct=DirectWish(
            **hired["direct"] | {name: _steps(hired["direct"][name]) for name in ("milestones", "counter_milestones")}
        ),
    )


def _read(name: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((_FOLDER / name).read_text(encoding="utf-8"))
    return found


def _offer(entry: dict[str, Any]) -> Offer:
    samples = tuple(Sample(**one | {"text": one["text"].strip()}) for one in entry["samples"])
    pairs = tuple((language, target) for language, target in entry["languages"])
    pictures = tuple(Drawing(**one) for one in entry.get("pictures", ()))
    lists = {"samples": samples, "pictures": pictures, "languages": pairs, "genres": tuple(entry["genres"])}
    fields = entry | lists
    if "trader" in entry:
        fields["trader"] = Trader(**entry["trader"])
    return Offer(**fields)


def _job(entry: dict[str, Any]) -> Job:
    fields = dict(entry)
    fields["milestones"] = _steps(fields["milestones"])
    fields["messages"] = tuple(Said(**one) for one in fields.get("messages", ()))
    for name, picture in (("file", "cover"), ("second_file", "second_cover")):
        told = fields.pop(picture, None) or fields.get(name)
        if told is not None:
            fields[name] = Thing(**told)
    for name in ("by_client", "by_provider"):
        if name in fields:
            fields[name] = Verdict(**fields[name])
    return Job(**fields)


def _wish(entry: dict[str, Any]) -> Wish:
    answers = tuple(Answer(**one | {"milestones": _steps(one["milestones"])}) for one in entry.get("proposals", ()))
    return Wish(**entry | {"proposals": answers, "declines": tuple(entry.get("declines", ()))})


def _steps(entries: list[dict[str, Any]]) -> tuple[Step, ...]:
    return tuple(Step(**one) for one in entries)
