"""Check for what drafts and scans leave in a text: placeholders, page numbers, running heads, split and misread
words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import pairwise

from ..book import clean
from ..book.inlines import plain_text
from ..book.model import Chapter, Paragraph
from ..book.walk import Node
from ..findings.model import Finding
from .analysis import STAND_IN, BookAnalysis, Passage, TextPosition
from .making import finding_at_elements, one_finding
from .wording_lists import OCR, words

MIN_NUMBERS = 4
MIN_HEADS = 4
MIN_DUPLICATE_CHARACTERS = 200  # a shorter one may be a refrain
MIN_REPEATED_CHARACTERS = 40
LONG_PARAGRAPH_WORDS = 2500
MIN_BROKEN = 5
MIN_BROKEN_CHARACTERS = 40
CAPITALS_WORDS = 12

_PLACEHOLDER = re.compile(
    r"\b(?:TODO|FIXME|TKTK|TK|XXXX+|xxx+|XXX)\b(?!-)"
    r"|\[(?:INSERT|ADD|TODO|TBD|NAME|DATE|CHECK|CITATION NEEDED|PLACEHOLDER)\b[^\]]{0,60}\]"
    r"|\b[Ll]orem ipsum\b|\[\[[^\]]{1,60}\]\]|<(?:insert|name|title|author)[^<>]{0,40}>",
)
_SIGNS = (
    *("TODO", "FIXME", "TK", "XXX", "xxx", "[INSERT", "[ADD", "[TBD", "[NAME", "[DATE", "[CHECK", "[CITATION", "[TODO"),
    *("[PLACEHOLDER", "orem", "[[", "<insert", "<name", "<title", "<author"),
)
_ROMAN_TALL = re.compile(r"\b(?:XX[IVXL]+|LX{2,3}[IV]*)\b")
type Places = list[tuple[Chapter, Node, str]]

_ENDS = frozenset(".!?…:;”’\"'»)]—–*_\ufffc“")


def placeholders(analysis: BookAnalysis) -> Iterator[Finding]:
    """Report marks of an unfinished draft: TODO, TK, [INSERT MAP], lorem ipsum."""
    signs = [sign for sign in _SIGNS if sign in analysis.token_text]
    has_romans = "XXX" in signs and _ROMAN_TALL.search(analysis.token_text) is not None
    signs = [sign for sign in signs if not (sign == "XXX" and has_romans)]
    places = sorted({at for sign in signs for at in _starts(analysis.whole_text, sign)})
    yield from one_finding("text.placeholder", [analysis.spot(at) for at in places])


def _starts(text: str, sign: str) -> Iterator[int]:
    """Yield the positions where a placeholder begins with, or around, a sign."""
    at = text.find(sign)
    while at >= 0:
        begin = at - (sign == "orem")
        if not text[begin - 1].isalnum() and _PLACEHOLDER.match(text, begin):
            yield begin
        at = text.find(sign, at + len(sign))


# ---------------------------------------------------------------- from pages


def pages_left(analysis: BookAnalysis) -> Iterator[Finding]:
    """Report page numbers and running heads of printed pages among the paragraphs."""
    numbers = page_numbers(analysis)
    yield from one_finding("text.page-numbers", [TextPosition(passage) for passage in numbers])
    yield from one_finding("text.running-heads", [TextPosition(passage) for passage in running_heads(analysis)])


def page_numbers(analysis: BookAnalysis) -> list[Passage]:
    """Return paragraphs that are a number, increase through the book and split a sentence at least once."""
    found = [
        (number, passage)
        for number, passage in enumerate(analysis.passages)
        if len(passage.typed) < 12
        and type(passage.block) is Paragraph
        and not passage.in_verse
        and _page(passage.typed)
    ]
    rising: list[tuple[int, Passage]] = []
    for number, passage in found:
        if not rising or 0 < _page(passage.typed) - _page(rising[-1][1].typed) <= 3:
            rising.append((number, passage))
    if len(rising) < MIN_NUMBERS or len(rising) * 10 < len(found) * 8:
        return []
    cuts = sum(_is_cut(analysis.passages, number) for number, _ in rising)
    return [passage for _, passage in rising] if cuts else []


def _page(text: str) -> int:
    """Return the number of a line such as "12", "– 12 –" or "[12]"; 0 for anything else."""
    bare = text.strip(" -–—[]()|\u00a0")
    return int(bare) if bare.isascii() and bare.isdigit() and len(bare) < 5 else 0


def _is_cut(passages: list[Passage], number: int) -> bool:
    """Return whether the paragraph before ends inside a sentence, or the one after begins inside one."""
    earlier = passages[number - 1].typed.rstrip() if number else ""
    later = passages[number + 1].typed.lstrip() if number + 1 < len(passages) else ""
    return (bool(earlier) and earlier[-1] not in _ENDS) or later[:1].islower()


def running_heads(analysis: BookAnalysis) -> list[Passage]:
    """Return short paragraphs that repeat the title, the author's name or their chapter's title again and again."""
    about = analysis.book.metadata
    names = {clean.fold(about.title), *(clean.fold(person.name) for person in about.contributors)}
    short = [
        passage
        for passage in analysis.passages
        if 3 <= len(passage.typed) < 80 and type(passage.block) is Paragraph and not passage.in_verse
    ]
    by_text: dict[str, list[Passage]] = {}
    for passage in short:
        by_text.setdefault(passage.typed.strip(" 0123456789|–-—·•"), []).append(passage)
    found: list[Passage] = []
    for text, passages in by_text.items():
        if len(passages) >= MIN_HEADS and sum(map(str.isalpha, text)) > 2:
            folded = clean.fold(text)
            if folded in names or folded == clean.fold(passages[0].chapter.title):
                own = _top_blocks(analysis)
                found += [passage for passage in passages if id(passage.block) in own]
    return found if len(found) >= MIN_HEADS else []


def _top_blocks(analysis: BookAnalysis) -> set[int]:
    """Return the blocks of the chapters themselves, not those inside tables or lists."""
    return {id(block) for chapter in analysis.book.chapters for block in chapter.blocks}


def split_words(analysis: BookAnalysis) -> Iterator[Finding]:
    """Report words split at the end of a printed line: "exam- ple", where "example" occurs elsewhere."""
    places = split_places(analysis.whole_text, lambda: analysis.vocabulary)
    yield from one_finding("text.split-words", [analysis.spot(at) for at, _ in places])


_SPLIT = re.compile(r"- (?=[^\W\d_]{2})")
_LEFT = re.compile(r"[^\W\d_]+$")
_RIGHT = re.compile(r"[^\W\d_]+")
_SUSPENDED = words("and or to und oder bis et ou y o en of och eller")  # "two- and threefold"


def split_places(text: str, vocabulary: Callable[[], Counter[str]]) -> Iterator[tuple[int, str]]:
    """Yield where a hyphen and a space split a word that the book has elsewhere in one piece, with that word.
    `vocabulary` is called only when something looks like it."""
    if "- " not in text:
        return
    for match in _SPLIT.finditer(text):
        left, right = _LEFT.search(text, max(0, match.start() - 30), match.start()), _RIGHT.match(text, match.end())
        if left and right and right[0].islower() and right[0] not in _SUSPENDED:
            joined = left[0] + right[0]
            known = vocabulary()
            if joined.lower() in known or joined in known:
                yield match.start(), joined


def broken(analysis: BookAnalysis) -> Iterator[Finding]:
    """Report paragraphs that end inside a sentence and continue in the next one, as text from a PDF does."""
    spots: Places = []
    prose = 0
    for chapter in analysis.book.chapters:
        for block, following in pairwise(chapter.blocks):
            if type(block) is not Paragraph or block.align or type(following) is not Paragraph:
                continue
            text = plain_text(block.inlines).rstrip()
            prose += len(text) >= MIN_BROKEN_CHARACTERS
            is_cut = len(text) >= MIN_BROKEN_CHARACTERS and (text[-1].islower() or text[-1] in ",-")
            if is_cut and plain_text(following.inlines)[:1].islower():
                spots.append((chapter, block, text[-100:]))
    if len(spots) * 20 >= prose:
        yield from finding_at_elements("text.broken-paragraphs", spots, least=MIN_BROKEN)


def misread(analysis: BookAnalysis) -> Iterator[Finding]:
    """Report words that scanners misread: "tbe", "wliich", "wh1ch"."""
    found = [word for word in OCR.get(analysis.language, frozenset()) if word in analysis.counted]
    if _WITH_DIGIT_IN.search(analysis.token_text):
        found += [token for token in analysis.counted if _WITH_DIGIT.fullmatch(token)]
    if found:
        pattern = re.compile(r"\b(?:" + "|".join(map(re.escape, sorted(found))) + r")\b")
        spots = [analysis.spot(match.start()) for match in pattern.finditer(analysis.whole_text)]
        yield from one_finding("text.ocr", spots, words=", ".join(sorted(found)[:6]))


_WITH_DIGIT_IN = re.compile("[a-z][01][a-z]")
_WITH_DIGIT = re.compile("[a-z]{1,12}[01][a-z]{2,12}|[a-z]{2,12}[01][a-z]{1,12}")


# ---------------------------------------------------------------- paragraphs


def paragraphs(analysis: BookAnalysis) -> Iterator[Finding]:
    """Report paragraphs that appear twice, are extremely long or are typed in capitals."""
    doubled, long, capitals = [], [], []
    earlier: dict[str, Passage] = {}
    last = ""
    for passage in analysis.passages:
        text = passage.typed
        if len(text) < MIN_REPEATED_CHARACTERS or type(passage.block) is not Paragraph:
            last = text
            continue
        if text.isupper() and len(text.split()) >= CAPITALS_WORDS and sum(map(str.isupper, text)) * 2 > len(text):
            capitals.append(TextPosition(passage))
        if not passage.in_verse and STAND_IN not in text:
            if text == last or (
                len(text) >= MIN_DUPLICATE_CHARACTERS and earlier.setdefault(text, passage) is not passage
            ):
                doubled.append(TextPosition(passage))
            if len(text) > 4 * LONG_PARAGRAPH_WORDS and len(text.split()) > LONG_PARAGRAPH_WORDS:
                long.append(TextPosition(passage))
        last = text
    doubled = [spot for spot in doubled if any(map(str.isalpha, spot.passage.typed[:20]))]
    yield from one_finding("text.paragraph-doubled", doubled)
    yield from one_finding("text.paragraph-long", long, words=LONG_PARAGRAPH_WORDS)
    yield from one_finding("text.capitals", capitals)


CHECKS = (placeholders, pages_left, split_words, broken, misread, paragraphs)
