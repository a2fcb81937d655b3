"""Check words: doubled, spelt or hyphenated in two ways; and estimate reading time and reading level."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import compress, islice
from operator import eq

from ..findings.model import Finding
from .analysis import BookAnalysis, Passage, TextPosition
from .making import make_finding, one_finding
from .wording_lists import AMERICAN, DOUBLED, ISE

WORDS_A_MINUTE = 230
MIN_WORDS = 1000
MIN_HYPHENED = 2
MAX_TOLD = 4
SAMPLE_CHARACTERS = 30_000
_SENTENCE_END = re.compile(r"[.!?…][”’\"')\]»]*(?=\s)")
_VOWELS = re.compile(r"[aeiouyäöüáéíóúàèìòùâêîôû]+")
_WORD = re.compile(r"[^\W\d_]+")
_LONG_WORD = 6
_LIX = frozenset({"sv", "da", "no", "nb", "nn", "fi", "fr", "nl", "es", "it", "pt"})
# Flesch scores, from a minimum, and their meaning for readers.
_FLESCH = ((80, "very easy"), (65, "easy"), (50, "moderately difficult"), (30, "difficult"), (-999, "very difficult"))
_LIX_STEPS = (
    (25, "very easy"),
    (35, "easy"),
    (45, "moderately difficult"),
    (55, "difficult"),
    (9999, "very difficult"),
)


def doubled(analysis: BookAnalysis) -> Iterator[Finding]:
    """Report small words typed twice: "the the". Other repeated words may be intended: "very very"."""
    wanted = DOUBLED.get(analysis.language)
    tokens = analysis.tokens
    if wanted is None:
        return
    twice = set(compress(tokens, map(eq, tokens, islice(tokens, 1, None)))) & wanted
    if twice:
        words = "|".join(sorted(twice))
        pattern = re.compile(rf"(?<![\w’'-])({words}) \1(?![\w’'-])")
        spots = [analysis.spot(match.start()) for match in pattern.finditer(analysis.whole_text)]
        spots = [spot for spot in spots if analysis.language_of(spot.passage) == analysis.language]
        yield from one_finding("text.doubled-words", spots, words=_told([f"{word} {word}" for word in sorted(twice)]))


def spelling(analysis: BookAnalysis) -> Iterator[Finding]:
    """Report British and American spellings side by side, each at least twice and not a rare name."""
    if analysis.language != "en":
        return
    words = analysis.counted
    for pairs in (AMERICAN, ISE):
        american = {word: words[word] for word in pairs if word in words}
        british = {word: words[word] for word in pairs.values() if word in words}
        there, here = sum(american.values()), sum(british.values())
        if min(there, here) >= 2 and min(there, here) * 50 >= max(there, here):
            fewer = american if there < here else british
            facts = {"american": there, "british": here}
            examples = sorted(american, key=words.__getitem__)[-2:] + sorted(british, key=words.__getitem__)[-2:]
            spot = _first(analysis, min(fewer))
            yield make_finding(
                "wording.spelling-mixed",
                spot.passage.chapter,
                spot.passage.block,
                quote=spot.passage.text,
                start=spot.start,
                words=_told(examples),
                **facts,
            )


def _first(analysis: BookAnalysis, word: str) -> TextPosition:
    """Return the first place of a word that was found among the tokens."""
    return analysis.spot(analysis.whole_text.find(f" {word} ") + 1)


def hyphens(analysis: BookAnalysis) -> Iterator[Finding]:
    """Report words written with a hyphen in some places and as one word in others."""
    words = analysis.counted
    both = []
    for word, count in words.items():
        if "-" in word and count >= MIN_HYPHENED and word.islower():
            left, _, right = word.partition("-")
            if len(left) > 2 and len(right) > 2 and right.isalpha() and words[left + right] >= MIN_HYPHENED:
                both.append((word, left + right))
    if both:
        spot = _first(analysis, both[0][0])
        told = [f"{word} ({words[word]}), {joined} ({words[joined]})" for word, joined in both]
        yield from one_finding("wording.hyphens-mixed", [spot] * len(both), words=_told(told, "; "))


def reading(analysis: BookAnalysis) -> Iterator[Finding]:
    """Report the reading time, and how hard the sentences are, measured in the middle of the book."""
    if analysis.words < MIN_WORDS or analysis.language in ("ja", "zh"):
        return
    minutes = max(1, round(analysis.words / WORDS_A_MINUTE))
    yield make_finding("wording.time", words=analysis.words, time=_duration(minutes))
    text = _sample(analysis)
    sentences, words = len(_SENTENCE_END.findall(text)), _WORD.findall(text.lower())
    if sentences >= 20 and words:
        level = _level(analysis.language, words, sentences)
        if level is not None:
            name, figure, difficulty = level
            yield make_finding(
                "wording.level", scale=name, figure=figure, level=difficulty, length=round(len(words) / sentences)
            )


def _duration(minutes: int) -> str:
    """Return the duration in words: 6 minutes, 8 hours and 49 minutes."""
    hours, left = divmod(minutes, 60)
    named = [
        f"{count} {word}{'' if count == 1 else 's'}" for count, word in ((hours, "hour"), (left, "minute")) if count
    ]
    return " and ".join(named)


def _level(language: str, words: list[str], sentences: int) -> tuple[str, int, str] | None:
    """Return the name of the scale, the figure and its meaning; None for languages without a reliable scale."""
    a_sentence = len(words) / sentences
    if language in ("en", "de"):
        syllables = sum(
            max(1, len(_VOWELS.findall(word)) - (word[-1] == "e" and len(word) > 3)) for word in words
        ) / len(words)
        figure = 206.835 - 1.015 * a_sentence - 84.6 * syllables
        if language == "de":  # Amstad's figures for German
            figure = 180 - a_sentence - 58.5 * sum(len(_VOWELS.findall(word)) or 1 for word in words) / len(words)
        return "Flesch", round(figure), next(level for least, level in _FLESCH if figure >= least)
    if language in _LIX:
        figure = a_sentence + 100 * sum(len(word) > _LONG_WORD for word in words) / len(words)
        return "LIX", round(figure), next(level for most, level in _LIX_STEPS if figure <= most)
    return None


def _sample(analysis: BookAnalysis) -> str:
    """Return prose from the middle of the book."""
    parts: list[str] = []
    size = 0
    passages = analysis.passages
    for passage in passages[len(passages) // 3 :]:
        if _is_prose(passage):
            parts.append(passage.typed)
            size += len(passage.typed)
            if size > SAMPLE_CHARACTERS:
                break
    return " \n".join(parts) + " "


def _is_prose(passage: Passage) -> bool:
    return not passage.in_verse and len(passage.typed) > 40


def _told(words: list[str], between: str = ", ") -> str:
    return between.join(words[:MAX_TOLD]) + (f"{between}…" if len(words) > MAX_TOLD else "")


CHECKS = (doubled, spelling, hyphens, reading)
