"""Rules and checks for single characters: damaged encodings, ligatures, invisible characters, missing glyphs."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator

from ..findings.model import Finding
from . import glyphs
from .analysis import BookAnalysis
from .making import one_finding
from .rules import Match, Rule, before

_LIGATURES = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
# What bytes 0x80 to 0xBF look like when UTF-8 was read as Windows-1252: the second half of a broken character.
_SECOND = "\u0080-\u00bf" + "".join(
    re.escape(bytes([byte]).decode("cp1252"))
    for byte in range(0x80, 0xA0)
    if byte not in (0x81, 0x8D, 0x8F, 0x90, 0x9D)
)
_NAMED = (
    "nbsp|amp|lt|gt|quot|apos|mdash|ndash|hellip|lsquo|rsquo|ldquo|rdquo|laquo|raquo|shy|copy|reg|eacute|egrave|agrave|"
    "ouml|auml|uuml|szlig|ccedil|ntilde|bull|middot|deg|times|euro|pound|sect|emsp|ensp|thinsp"
)
_SCRIPTS_WITHOUT_SPACES = (
    "th",
    "km",
    "lo",
    "my",
    "bo",
    "ja",
    "zh",
    "ko",
    "dz",
)  # in these scripts a zero-width space may separate words
_TAGS = "i|b|u|em|strong|br|p|span|div|font|center|sup|sub|small|blockquote|h[1-6]|a|img|li|ul|ol|hr"
_MARKUP = re.compile(
    rf"</?(?:{_TAGS})(?: [^<>]{{0,80}})?/?>|\*\*[^\s*][^*\n]{{0,80}}[^\s*]\*\*|\]\(https?:", re.IGNORECASE
)
_MARKUP_SIGNS = ("</", "<br", "<p>", "<i>", "<b>", "<em>", "<BR", "**", "](http")
MAX_TOLD = 8


def _recoded(match: Match) -> str:
    """Return the text as it was before its bytes were read in the wrong encoding; "" where they make no sense."""
    if match.group() == "â€":  # the third byte is a control character, which no reader lets through
        return "”"
    try:
        return _as_bytes(match.group()).decode("utf-8")
    except UnicodeDecodeError:
        return ""


def _as_bytes(text: str) -> bytes:
    """Encode as Windows-1252 the way browsers read it: bytes without a character stand for themselves."""
    return b"".join(bytes([ord(c)]) if "\x80" <= c <= "\xff" else c.encode("cp1252", "replace") for c in text)


RULES = (
    Rule(
        "text.mojibake",
        ("Ã", "Â", "â€", "â„", "Å", "Ä"),
        re.compile(
            f"[\u00c2-\u00c5][{_SECOND}]|\u00e2[\u20ac\u201a\u0192\u201e\u2020\u2030\u02c6][{_SECOND}]|\u00e2\u20ac"
        ),
        lambda match, _: _recoded(match),
        lambda match: (
            bool(_recoded(match)) and not (match.group()[0] in "ÅÄÂ" and match.group()[1] in "»”’“‘\u00a0–—…")
        ),
        in_address=True,
    ),
    Rule(
        "text.entities",
        ("&",),
        re.compile(rf"&(?:{_NAMED}|#\d{{2,5}}|#[xX][0-9a-fA-F]{{2,4}});"),
        lambda match, _: html.unescape(match.group()),
        in_address=True,
        probe=re.compile(rf"&(?:{_NAMED}|#\d{{2,5}}|#[xX][0-9a-fA-F]{{2,4}});"),
    ),
    Rule(
        "text.ligatures",
        tuple(_LIGATURES),
        re.compile("[\ufb00-\ufb06]"),
        lambda match, _: _LIGATURES[match.group()],
        in_address=True,
    ),
    Rule(
        "text.zero-width",
        ("\u200b",),
        re.compile(r"(?<=[^\W\d_])\u200b+(?=[^\W\d_])"),
        "",
        not_in=_SCRIPTS_WITHOUT_SPACES,
        in_address=True,
    ),
    Rule("text.soft-hyphens", ("\u00ad",), re.compile("\u00ad+"), "", in_address=True),
    Rule(
        "text.no-break-spaces",
        ("\u00a0",),
        re.compile("\u00a0(?=[a-z]{3})"),
        " ",
        lambda match: before(match, 3).isalpha() and before(match, 3).islower() and len(before(match, 3)) == 3,
        in_address=True,
        least=5,
    ),
)


def damaged(analysis: BookAnalysis) -> Iterator[Finding]:
    """Report replacement and private-use characters, and codes and tags of other programs left in the text."""
    if "\ufffd" in analysis.characters:
        yield from one_finding(
            "text.unreadable", [analysis.spot(m.start()) for m in re.finditer("\ufffd", analysis.whole_text)]
        )
    private = sorted(c for c in analysis.characters if unicodedata.category(c) == "Co")
    if private:
        pattern = re.compile("[" + "".join(private) + "]")
        spots = [analysis.spot(match.start()) for match in pattern.finditer(analysis.whole_text)]
        yield from one_finding("text.private-use", spots, codes=_points(private))
    if any(sign in analysis.whole_text for sign in _MARKUP_SIGNS):
        spots = [analysis.spot(match.start()) for match in _MARKUP.finditer(analysis.whole_text)]
        yield from one_finding("text.markup-left", spots)


def without_glyphs(analysis: BookAnalysis) -> Iterator[Finding]:
    """Report characters that neither our fonts nor the fonts of this machine can show."""
    missing = glyphs.missing(analysis.characters)
    if missing:
        pattern = re.compile("[" + "".join(map(re.escape, missing)) + "]")
        spots = [analysis.spot(match.start()) for match in pattern.finditer(analysis.whole_text)]
        yield from one_finding("text.glyphs-missing", spots, codes=_points(missing))


def _points(characters: list[str]) -> str:
    told = ", ".join(f"U+{ord(c):04X}" for c in characters[:MAX_TOLD])
    return told + (", …" if len(characters) > MAX_TOLD else "")


_LOOKALIKES = re.compile(
    "[A-Za-z][\u0400-\u04ff]|[\u0400-\u04ff][A-Za-z]|[A-Za-z][\u0370-\u03ff]|[\u0391-\u03a9\u03b1-\u03c9][A-Za-z]"
)
_WORD = re.compile(r"[^\W\d_]+")
_LATIN_TWINS = frozenset("аеорсухіјѕАВЕКМНОРСТХІЈЅΑΒΕΖΗΙΚΜΝΟΡΤΥΧο")


def letters_mixed(analysis: BookAnalysis) -> Iterator[Finding]:
    """Report words that mix Latin letters with look-alikes from another alphabet."""
    if not analysis.characters & _LATIN_TWINS or not _LOOKALIKES.search(analysis.token_text):
        return
    words = {word for token in analysis.counted if _LOOKALIKES.search(token) for word in _WORD.findall(token)}
    suspects = [word for word in words if _is_mixed(word)]
    spots = [analysis.spot(analysis.whole_text.index(word)) for word in sorted(suspects, key=analysis.whole_text.index)]
    yield from one_finding("text.letters-mixed", spots)


def _is_mixed(word: str) -> bool:
    """Return whether all letters of the word's rarer alphabet have a look-alike in the other, so that nobody sees
    it."""
    latin = [c for c in word if c.isascii()]
    other = [c for c in word if not c.isascii() and "\u0370" <= c <= "\u04ff"]
    return bool(latin and other) and len(word) > 2 and all(c in _LATIN_TWINS for c in other)


CHECKS = (damaged, without_glyphs, letters_mixed)
