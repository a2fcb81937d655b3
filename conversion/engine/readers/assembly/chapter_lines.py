"""Chapter openings in a text without headings: lines that say "Chapter One", "IV" or "3. The Storm"."""

from __future__ import annotations

from ...book import chapter_titles, clean
from ...book.inlines import count_breaks, is_blank, plain_text
from ...book.model import AnyBlock, Heading, Paragraph, Verse
from ...book.words import count_words

MAX_LINE_CHARS = 150
MIN_SERIES = 3
MIN_CHAPTER_WORDS = 150
MAX_TITLE_CHARS = 80
MOST_OF = 4  # three of four


def promote_chapter_lines(blocks: list[AnyBlock], openers: set[int]) -> list[AnyBlock]:
    """The blocks with such lines as headings: parts above chapters. `openers` are blocks that start a page."""
    lines = {index: text for index, block in enumerate(blocks) if (text := _line(block))}
    named = {index for index, text in lines.items() if chapter_titles.is_chapter_line(text)}
    named = _without_runs(named, blocks)
    series = named if len(named) >= 2 else _best_series(lines, blocks) or _poem_titles(lines, blocks)
    if not series:
        series = {i for i in openers if i in lines and len(lines[i]) <= 60 and not lines[i].endswith((".", ",", ";"))}
        series = _without_runs(series, blocks) if len(series) >= 2 else set()
    if not series:
        return blocks
    parts = _without_runs({i for i, text in lines.items() if chapter_titles.is_part_line(text)}, blocks) - series
    first, last = min(series), max(series)
    known = {i for i, text in lines.items() if i not in series and _is_known(text, i, first, last)}
    level = 2 if parts else 1
    titles = _titles_below(series, lines, blocks) - parts - known
    levels = dict.fromkeys(series | titles, level) | dict.fromkeys(parts | known, 1)
    return [_heading(block, levels[i]) if i in levels else block for i, block in enumerate(blocks)]


def _titles_below(series: set[int], lines: dict[int, str], blocks: list[AnyBlock]) -> set[int]:
    """Titles below bare numbers: "I", and then "The Fox". They are ones where most numbers have one; a number and its
    title become one heading."""
    numbers = {index for index in series if chapter_titles.is_label_only(lines[index])}
    found = {index + 1 for index in numbers if _is_title(lines.get(index + 1, ""), blocks, index + 2)}
    return found - series if len(found) * MOST_OF >= len(numbers) * (MOST_OF - 1) else set()


def _is_title(text: str, blocks: list[AnyBlock], following: int) -> bool:
    """A short line that begins with a capital, ends without a full stop, and has a paragraph below it."""
    if not 0 < len(text) <= MAX_TITLE_CHARS or not (text[0].isupper() or text[0].isdigit() or text[0] in "\"“‘'«¿¡"):
        return False
    if text.endswith((",", ";", ":", "—")) or (text.endswith(".") and not text.isupper()):
        return False
    return following < len(blocks) and not chapter_titles.is_label_only(text) and count_words(blocks[following]) > 0


def _line(block: AnyBlock) -> str:
    """The text of a paragraph that could be a chapter's title; else ""."""
    if not isinstance(block, Paragraph) or block.role or is_blank(block.inlines):
        return ""
    text = plain_text(block.inlines).strip(" \t_*")
    return clean.title(text) if len(text) <= MAX_LINE_CHARS and count_breaks(block.inlines) <= 1 else ""


def _heading(block: AnyBlock, level: int) -> AnyBlock:
    if not isinstance(block, Paragraph):
        return block
    return Heading(level, block.inlines, lang=block.lang, direction=block.direction, place=block.place)


def _is_known(text: str, index: int, first: int, last: int) -> bool:
    """A well-known title standing alone before the first or around the last chapter."""
    found = chapter_titles.classify(text)
    if found is None or len(text) > 60:
        return False
    return index < first or index > last or found[0] in ("epilogue", "prologue")


def _without_runs(found: set[int], blocks: list[AnyBlock]) -> set[int]:
    """Three such lines one after another are a typed contents list, not chapters."""
    kept: set[int] = set()
    run: list[int] = []
    for index in sorted(found):
        if run and index != run[-1] + 1:
            kept.update(run if len(run) < MIN_SERIES else run[-1:])
            run = []
        run.append(index)
    kept.update(run if len(run) < MIN_SERIES else [])
    return {index for index in kept if index + 1 < len(blocks)}


def _best_series(lines: dict[int, str], blocks: list[AnyBlock]) -> set[int]:
    """Lines that count 1, 2, 3 ... with text between them: bare numbers first, else numbered titles."""
    for alone in (True, False):
        found = _series(lines, blocks, alone=alone)
        if len(found) >= MIN_SERIES and _divides(found, blocks):
            return found
    return set()


def _divides(found: set[int], blocks: list[AnyBlock]) -> bool:
    """The series begins early and its sections are as long as chapters: it is not the numbering of a few poems."""
    total = sum(count_words(block) for block in blocks)
    before = sum(count_words(block) for block in blocks[: min(found)])
    return before * 5 <= total * 2 and total >= MIN_CHAPTER_WORDS * len(found)


def _poem_titles(lines: dict[int, str], blocks: list[AnyBlock]) -> set[int]:
    """In a book of verse, single lines without a full stop that stand between two poems."""
    verses = sum(isinstance(block, Verse) for block in blocks)
    if verses * 4 < len(blocks):
        return set()
    found = {
        index
        for index, text in lines.items()
        if index + 1 < len(blocks)
        and isinstance(blocks[index + 1], Verse)
        and len(text) <= 60
        and text[:1].isupper()
        and (text[-1].isalnum() or text[-1] in "]?!)”’*")
    }
    return found if len(found) >= MIN_SERIES else set()


def _series(lines: dict[int, str], blocks: list[AnyBlock], *, alone: bool) -> set[int]:
    """Counting may begin again at 1 for each part, when a 2 follows; a single number may be missing."""
    counted = [
        (i, n)
        for i, text in lines.items()
        if (n := chapter_titles.number_of(text, alone=alone)) and i + 1 < len(blocks)
    ]
    first = next((lines[i] for i, n in counted if n == 1), "")
    counted = [(i, n) for i, n in counted if lines[i][:1].isdigit() == first[:1].isdigit()]
    found: list[int] = []
    expected, restarts = 1, 0
    for position, (index, number) in enumerate(counted):
        restart = number == 1 and expected > 1
        if restart and (expected == 2 or next((n for _, n in counted[position + 1 :][:50] if n != 1), 0) != 2):
            continue
        if not restart and number not in (expected, expected + 1 if expected > 1 else 1):
            continue
        if found and index - found[-1] < 2:
            return set()
        restarts += restart
        found.append(index)
        expected = number + 1
    return set(found) if restarts * 8 <= len(found) else set()
