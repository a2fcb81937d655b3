"""Rules for dashes, dots, reversed quotation marks, apostrophes and doubled punctuation."""

from __future__ import annotations

import re

from .analysis import END
from .rules import Match, Rule, after, before

_LETTER = r"[^\W\d_]"
_OPENS_HIGH = frozenset({"", "en", "es", "it", "pt", "nl", "tr", "ko"})  # where “ opens and ” closes
_SPACED_DASH = frozenset(
    {"de", "nl", "sv", "da", "no", "nb", "nn", "fi", "pl", "cs", "sk", "hu", "tr", "ro", "sl", "hr"}
)
_DIALOGUE_DASH = frozenset({"fr", "es", "pt", "it", "ru", "uk", "pl", "ca", "gl"})
_FULL_YEAR = 1000


# ---------------------------------------------------------------- dashes


def _is_dash(match: Match) -> bool:
    """Return whether the hyphens are a dash, not the start of a command-line option (--help)."""
    return not (before(match) in (" ", "(", "[", "“", "‘", END) and after(match).isalnum())


def _dash(match: Match, language: str) -> str:
    """Return an em dash; an en dash where it is between spaces, or where the language uses one."""
    left, right = before(match), after(match)
    if left.isspace() and left != " ":
        return "—" if language in _DIALOGUE_DASH else "–"
    if left == " " and right.isspace():
        return "—" if language in ("ru", "uk", "") else "–"
    if language in _SPACED_DASH and left.isalpha() and right.isalpha():
        return " – "
    return "—"


def _is_spaced_hyphen(match: Match) -> bool:
    """Return whether the hyphen is a dash and not a minus between numbers."""
    return not (before(match).isdigit() and after(match).isdigit()) and not before(match).isspace()


_NAME_BEFORE = re.compile(r"[A-ZÀ-Þ]\w{2,}[ \u00a0]$")


def _is_range(match: Match) -> bool:
    """Return whether the match is two increasing numbers on their own: 1914-18, pp. 12-15. Dates, telephone numbers and
    parts of names are not."""
    text, at = match.string, match.start()
    left = re.search(r"(?<![\w.,/:+#$€£–-])(\d{1,4})$", text[max(0, at - 7) : at])
    right = re.match(r"(\d{1,4})(?![\w–-]|[.,:/]\d)", text[at + 1 : at + 8])
    if left is None or right is None or left[1].startswith("0") or right[1].startswith("00"):
        return False
    first, last = left[1], right[1]
    if len(first) < 4 and _NAME_BEFORE.search(text, max(0, at - 24), at - len(first)):
        return False  # Listing 1-2, Figure 3-4
    if re.search(rf"(?<!\d){first}-(?!{last})\d", text[max(0, at - 40) : at + 40]):
        return False  # 10-16, 10-17 and 10-23
    if len(last) < len(first):
        return len(first) == 4 and len(last) == 2 and int(last) > int(first[2:]) and int(first) > _FULL_YEAR
    return int(last) > int(first)


# ---------------------------------------------------------------- dots, doubled marks, primes, apostrophes


def _dots(match: Match, _language: str) -> str:
    return "….".replace(" ", "") if match.group().count(".") == 4 else "…"


def _three_or_four(match: Match) -> bool:
    return before(match) != "." and after(match) != "."


def _is_doubled(match: Match) -> bool:
    """Return whether the punctuation was doubled by mistake. Two full stops count only where they end a word and a
    sentence; elsewhere they mean a range or a folder."""
    if match.group() != "..":
        return True
    return before(match).isalpha() and (after(match).isspace() or after(match) in ("”", "’", '"'))


def _primes(match: Match, _language: str) -> str:
    return re.sub('["”]', "″", re.sub("['’]", "′", match.group()))


_ELIDED = r"(?:[Tt]is|[Tt]was|[Tt]were|[Tt]wouldn?|[Tt]will|em|[0-9]0s)\b"

RULES = (
    Rule("text.hyphens-for-dash", ("--",), re.compile(r"(?<!-)--(?![->])"), _dash, _is_dash),
    Rule("text.spaced-hyphen", (" - ",), re.compile(r" - (?=\S)"), " – ", _is_spaced_hyphen),
    Rule("text.hyphen-for-range", ("-",), re.compile(r"-(?=\d)"), "–", _is_range, probe=re.compile(r"\d-\d")),
    Rule(
        "text.three-dots",
        ("...", ". . .", ".\u00a0.\u00a0."),
        re.compile(r"\.(?:\.\.\.?|[ \u00a0]\.[ \u00a0]\.(?:[ \u00a0]\.)?)"),
        _dots,
        _three_or_four,
    ),
    Rule(
        "text.doubled-punctuation",
        (",,", ";;", ".."),
        re.compile(r",,+|;;+|(?<!\.)\.\.(?!\.)"),
        lambda match, _: match.group()[0],
        _is_doubled,
        not_in=("de",),  # where two commas stand for a typed opening quotation mark
        probe=re.compile(r",,+|;;+|(?<!\.)\.\.(?!\.)"),
    ),
    Rule(
        "text.primes",
        ("”", '"'),
        re.compile(r"\d{1,2}['’] ?\d{1,2}[\"”]"),
        _primes,
        lambda match: not (before(match).isalnum() or before(match) == "."),
        probe=re.compile('\\d["”]'),
    ),
    Rule(
        "text.apostrophe-accent",
        ("`", "´"),
        re.compile(rf"(?<={_LETTER})[`´](?={_LETTER})"),
        "’",
        probe=re.compile(rf"(?<={_LETTER})[`´](?={_LETTER})"),
    ),
    Rule(
        "text.apostrophe-turned",
        ("‘",),
        re.compile(rf"‘(?={_ELIDED})"),
        "’",
        only_in=("en",),
        probe=re.compile(rf"‘(?={_ELIDED})"),
    ),
    Rule(
        "text.quotes-turned",
        (" ”", f"{END}”", "“ ", f"“{END}"),
        re.compile(rf"(?<=[\s(\[])”(?={_LETTER})|(?<=[\w.,!?…—])“(?=\s)"),
        lambda match, _: "“" if match.group() == "”" else "”",
        only_in=_OPENS_HIGH,
    ),
)
