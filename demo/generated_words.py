"""Words for a generated catalogue: titles, names and descriptions put together from `content/generated.yaml`.

Plain values without Django; the same `random.Random` gives the same words.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

_FILE = Path(__file__).resolve().parent / "content" / "generated.yaml"
_SENTENCES = 3
_SUBTITLED_IN_A_HUNDRED = 40
_SHORT_IN_A_HUNDRED = 25  # names without a middle
_PLAIN_IN_A_HUNDRED = 20  # things in titles that are not compounds
_SCATTER = 7919  # a prime, so that neighbours differ and none occurs twice


@dataclass(frozen=True, slots=True)
class Tongue:
    """The word pools of one language.

    `share` is its weight in the catalogue; `specimen` is a text's paragraphs. `endings` have a "~" where one of the
    `beginnings` goes.
    """

    code: str
    share: int
    label: str
    nouns: tuple[str, ...]
    beginnings: tuple[str, ...]
    endings: tuple[str, ...]
    titles: tuple[str, ...]
    subtitles: tuple[str, ...]
    sentences: tuple[str, ...]
    series: str
    liked: tuple[str, ...]
    disliked: tuple[str, ...]
    specimen: tuple[str, ...]


type Parts = tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]  # beginnings, middles, endings


@dataclass(frozen=True, slots=True)
class Words:
    given_names: tuple[str, ...]
    family_names: Parts
    places: Parts
    imprints: tuple[str, ...]
    tongues: dict[str, Tongue]

    def person(self, chance: random.Random) -> str:
        """Return a given and a family name."""
        return f"{chance.choice(self.given_names)} {_joined(chance, self.family_names)}"

    def title(self, chance: random.Random, code: str) -> str:
        """Return a title in the language."""
        tongue = self.tongues[code]
        return self._filled(chance, tongue, chance.choice(tongue.titles))

    def subtitle(self, chance: random.Random, code: str) -> str:
        """Return a subtitle in the language, mostly ""."""
        if chance.randrange(100) >= _SUBTITLED_IN_A_HUNDRED:
            return ""
        return chance.choice(self.tongues[code].subtitles)

    def description(self, chance: random.Random, code: str) -> str:
        """Return three sentences in the language."""
        tongue = self.tongues[code]
        sentences = chance.sample(tongue.sentences, _SENTENCES)
        return " ".join(self._filled(chance, tongue, sentence) for sentence in sentences)

    def language(self, chance: random.Random) -> str:
        """Return a language code, as often as its share says."""
        return chance.choices(list(self.tongues), [one.share for one in self.tongues.values()])[0]

    def series(self, number: int, code: str) -> str:
        """Return the title of the series with that number, unique in the language."""
        tongue, (beginnings, _, endings) = self.tongues[code], self.places
        many = len(tongue.nouns) * len(beginnings) * len(endings)
        round_, place = number // many, number % many * _SCATTER % many
        noun, place = tongue.nouns[place % len(tongue.nouns)], place // len(tongue.nouns)
        where = beginnings[place % len(beginnings)] + endings[place // len(beginnings)]
        title = tongue.series.format(Noun=noun[0].upper() + noun[1:], place=where)
        return f"{title} {round_ + 1}" if round_ else title

    def remark(self, chance: random.Random, code: str, stars: int) -> str:
        """Return the review text of a reader who gave that many stars."""
        tongue = self.tongues[code]
        return chance.choice(tongue.liked if stars > 3 else tongue.disliked)

    def _filled(self, chance: random.Random, tongue: Tongue, pattern: str) -> str:
        first, second = _thing(chance, tongue), _thing(chance, tongue)
        text = pattern.format(
            Noun=_capital(first),
            Bare=_capital(first.partition(" ")[2] or first),
            noun=second if "{Noun}" in pattern else first,
            noun2=second,
            place=_joined(chance, self.places),
            place2=_joined(chance, self.places),
            given=chance.choice(self.given_names),
            family=_joined(chance, self.family_names),
            family2=_joined(chance, self.family_names),
            year=chance.randrange(1780, 2020),
        )
        return _capital(text)


@cache
def load() -> Words:
    """Read the pools once."""
    raw: dict[str, Any] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return Words(
        given_names=tuple(raw["given_names"].split()),
        family_names=_parts(raw, "family"),
        places=_parts(raw, "place"),
        imprints=tuple(raw["imprints"]),
        tongues={code: _tongue(code, fields) for code, fields in raw["languages"].items()},
    )


def _tongue(code: str, fields: dict[str, Any]) -> Tongue:
    values: dict[str, Any] = {key: tuple(one) if isinstance(one, list) else one for key, one in fields.items()}
    return Tongue(code=code, **values)


def _parts(raw: dict[str, Any], kind: str) -> Parts:
    beginnings, middles, endings = (
        tuple(raw[f"{kind}_{part}"].split()) for part in ("beginnings", "middles", "endings")
    )
    return beginnings, middles, endings


def _joined(chance: random.Random, parts: Parts) -> str:
    beginnings, middles, endings = parts
    middle = "" if chance.randrange(100) < _SHORT_IN_A_HUNDRED else chance.choice(middles)
    return chance.choice(beginnings) + middle + chance.choice(endings)


def _thing(chance: random.Random, tongue: Tongue) -> str:
    if chance.randrange(100) < _PLAIN_IN_A_HUNDRED:
        return chance.choice(tongue.nouns)
    return chance.choice(tongue.endings).replace("~", chance.choice(tongue.beginnings))


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]
