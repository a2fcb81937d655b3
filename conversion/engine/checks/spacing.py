"""Rules for spaces: doubled, missing, in the wrong place, or used for layout."""

from __future__ import annotations

import re

from .analysis import END
from .rules import Match, Rule, after, before

# Where “ opens a quotation; elsewhere it may close one.
_QUOTED_SO = frozenset({"", "en", "es", "it", "pt", "nl", "tr", "ko"})
_NBSP, _THIN = "\u00a0", "\u202f"
_LETTER = r"[^\W\d_]"
_SPACED_LETTER = "[^\\W\\d_\u3040-\u9fff\uac00-\ud7af\uf900-\uffef]"  # a letter of a script with spaces between words


def _doubled(match: Match) -> bool:
    return not before(match).isspace()


def _single_space(match: Match, language: str) -> str:
    beside_sign = after(match) in (";", ":", "!", "?", "»") or before(match) == "«"
    return _NBSP if language == "fr" and beside_sign and _NBSP in match.group() else " "


def _for_tab(match: Match, _language: str) -> str:
    return "" if before(match).isspace() or after(match).isspace() else " "


def _after_word(match: Match) -> bool:
    return before(match).isalnum() or before(match) in ("”", "’", "»", ")")


def _sentence_ends(match: Match) -> bool:
    """Return whether a sentence ends here: two lower-case letters come before, so no initials and no "e.g."; and the
    word has no second full stop, as addresses do."""
    text, at = match.string, match.start()
    word = text[max(0, at - 40) : at].split()[-1:]
    return text[at - 2 : at].islower() and text[at - 2 : at].isalpha() and "." not in "".join(word)


def _comma_joins(match: Match) -> bool:
    text, at = match.string, match.start()
    if text[at] == ";" and re.search(r"&#?\w{1,10}$", text[max(0, at - 12) : at]):
        return False  # an entity, which has a finding of its own
    return at > 1 and text[at - 1].isalpha() and text[at - 2].isalpha()


def _french(match: Match, _language: str) -> str:
    return _NBSP if before(match) == "«" or after(match) in (":", "»") else _THIN


def _french_gap(match: Match) -> bool:
    """Return whether there is a plain space, or none, where a narrow or no-break space belongs."""
    if match.group():
        return not before(match).isspace()
    text, at = match.string, match.start()
    if before(match) == "«":
        return True
    return after(match) in ("»", ";", "!", "?") or (after(match) == ":" and text[at + 1 : at + 2].isspace())


RULES = (
    Rule(
        "text.double-spaces",
        ("  ", " \u00a0", "\u00a0 "),
        re.compile(r"[ \u00a0]{2,}(?=\S)"),
        _single_space,
        _doubled,
        in_address=True,
    ),
    Rule("text.tabs", ("\t",), re.compile(r" ?\t[ \t]*"), _for_tab, in_address=True),
    Rule(
        "text.spaced-layout",
        (f"{END}   ", f"{END}\u00a0\u00a0", f"{END}\u2003", f"{END} \u00a0", f"{END}\u00a0 "),
        re.compile(END + r"([ \u00a0\u2003]{3,})(?=\S)"),
        "",
        in_address=True,
    ),
    Rule(
        "text.space-before-punctuation",
        (" ,", " ;", " :", " !", " ?", " ."),
        re.compile(r" (?=[,;:!?][\s”’]|\.[\s”’](?!\.))"),
        "",
        _after_word,
        not_in=("fr", "br"),
    ),
    Rule(
        "text.space-missing",
        (",", ";", "!", "?"),
        re.compile(rf"[,;!?](?={_SPACED_LETTER}{{2}})()"),
        " ",
        _comma_joins,
        probe=re.compile(rf"[,;!?](?={_SPACED_LETTER}{{2}})()"),
    ),
    Rule(
        "text.sentences-joined",
        (".",),
        re.compile(r"\.(?=[A-ZÀ-Þ][a-zà-ÿ])"),
        None,
        _sentence_ends,
        probe=re.compile(r"\.(?=[A-ZÀ-Þ][a-zà-ÿ])"),
    ),
    Rule(
        "text.space-inside-quotes",
        ("“ ", " ”"),
        re.compile(r"“( +)(?=[^\s‘\ufffc])|(?<=[^\s’\ufffc])( +)”(?=[\s.,;:!?)—])"),
        "",
        only_in=_QUOTED_SO,
    ),
    Rule(
        "text.space-inside-brackets",
        ("( ", " )"),
        re.compile(r"\(( +)(?=\w)|(?<=[\w.!?…])( +)\)(?!\))"),
        "",
    ),
    Rule(
        "text.french-spacing",
        (";", ":", "!", "?", "«", "»"),
        re.compile(rf" (?=[;:!?»])|(?<=«) |(?<=«)(?=\w)|(?<={_LETTER})(?=[;:!?»])"),
        _french,
        _french_gap,
        only_in=("fr",),
        not_in_region=("fr-ca",),  # where ; ! ? directly follow the word
    ),
)
