"""Text differences between two editions, chapter by chapter.

Both texts are read from the web books. Chapters are matched by title in order, then paragraphs within a chapter, then
words within a paragraph. To bound the cost for a novel in which every paragraph changed, only a limited number of
paragraphs are shown word by word; the others are counted.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from django.core.cache import caches
from lxml import etree

from conversion import selectors as conversion_selectors
from conversion.engine.api import ArtifactKind
from conversion.models import ConversionJob

_CACHE_S = 24 * 3600
_SHOWN_PARAGRAPHS = 60  # per chapter
_SHOWN_IN_ALL = 400
_LONG_WORDS = 1500  # a paragraph longer than this is counted, not compared word by word
_XHTML = "{http://www.w3.org/1999/xhtml}"
_NAMES = ("p", "h1", "h2", "h3", "h4", "h5", "h6", "li", "pre", "td", "th", "dt", "dd", "figcaption", "caption")
_BLOCKS = tuple(f"{_XHTML}{name}" for name in _NAMES)


@dataclass(frozen=True, slots=True)
class Span:
    """A run of words; `kind` is same, added or removed."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class ChapterChange:
    """The changes of one chapter. `kind` is same, changed, added or removed.

    `paragraphs` are the changed paragraphs that are shown; `hidden` counts those that are not.
    """

    title: str
    kind: str
    added: int = 0
    removed: int = 0
    paragraphs: tuple[tuple[Span, ...], ...] = ()
    hidden: int = 0


@dataclass(frozen=True, slots=True)
class Changes:
    """The changes of all chapters, in the order of the newer edition."""

    chapters: tuple[ChapterChange, ...]

    @property
    def added(self) -> int:
        return sum(chapter.added for chapter in self.chapters)

    @property
    def removed(self) -> int:
        return sum(chapter.removed for chapter in self.chapters)

    @property
    def changed(self) -> tuple[ChapterChange, ...]:
        """Chapters in which anything differs."""
        return tuple(chapter for chapter in self.chapters if chapter.kind != "same")


@dataclass(slots=True)
class _Budget:
    """How many more paragraphs may be shown."""

    left: int = _SHOWN_IN_ALL


@dataclass(frozen=True, slots=True)
class Chapter:
    title: str
    paragraphs: list[str] = field(default_factory=list)


def changes_between(old: ConversionJob, new: ConversionJob) -> Changes | None:
    """Compare the texts of two jobs; None while either has no text. The result is cached for a day."""
    files = [conversion_selectors.artifact_of(job, ArtifactKind.WEB) for job in (old, new)]
    if files[0] is None or files[1] is None:
        return None
    both = f"{files[0].sha256}.{files[1].sha256}"
    key = f"changes.1.{hashlib.sha256(both.encode()).hexdigest()}"
    found: Changes | None = caches["process"].get(key)
    if found is None:
        found = compare(_chapters(old), _chapters(new))
        caches["process"].set(key, found, _CACHE_S)
    return found


def compare(old: list[Chapter], new: list[Chapter]) -> Changes:
    """Compare the chapters of two texts."""
    budget = _Budget()
    pairs = SequenceMatcher(None, [one.title for one in old], [one.title for one in new], autojunk=False)
    chapters: list[ChapterChange] = []
    for tag, a, b, c, d in pairs.get_opcodes():
        if tag == "equal" or (tag == "replace" and b - a == d - c):  # the same number of chapters: renamed
            chapters += [_compared(one, other, budget) for one, other in zip(old[a:b], new[c:d], strict=True)]
        else:
            chapters += [ChapterChange(one.title, "removed", removed=_words(one.paragraphs)) for one in old[a:b]]
            chapters += [ChapterChange(one.title, "added", added=_words(one.paragraphs)) for one in new[c:d]]
    return Changes(tuple(chapters))


def _compared(old: Chapter, new: Chapter, budget: _Budget) -> ChapterChange:
    if old == new:
        return ChapterChange(new.title, "same")
    shown: list[tuple[Span, ...]] = []
    added = removed = hidden = 0
    for before, after in _pairs(old.paragraphs, new.paragraphs):
        spans = _spans(before, after)
        added += sum(len(span.text.split()) for span in spans if span.kind == "added")
        removed += sum(len(span.text.split()) for span in spans if span.kind == "removed")
        if budget.left > 0 and len(shown) < _SHOWN_PARAGRAPHS:
            budget.left -= 1
            shown.append(spans)
        else:
            hidden += 1
    kind = "changed" if shown or hidden or old.title != new.title else "same"
    return ChapterChange(new.title, kind, added, removed, tuple(shown), hidden)


def _pairs(old: list[str], new: list[str]) -> Iterator[tuple[str, str]]:
    """Yield paragraphs that differ as (before, after); "" stands for a missing paragraph."""
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag != "equal":
            for number in range(max(b - a, d - c)):
                yield (old[a + number] if a + number < b else "", new[c + number] if c + number < d else "")


def _spans(before: str, after: str) -> tuple[Span, ...]:
    """Split a changed paragraph into runs of words that stayed, were removed or were added."""
    old, new = before.split(), after.split()
    if max(len(old), len(new)) > _LONG_WORDS:
        return tuple(_counted(old, new))
    spans: list[Span] = []
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            spans.append(Span("same", " ".join(new[c:d])))
            continue
        if b > a:
            spans.append(Span("removed", " ".join(old[a:b])))
        if d > c:
            spans.append(Span("added", " ".join(new[c:d])))
    return tuple(spans)


def _counted(old: list[str], new: list[str]) -> Iterator[Span]:
    """Yield the removed and the added words, without their positions."""
    gone, come = Counter(old) - Counter(new), Counter(new) - Counter(old)
    if gone:
        yield Span("removed", " ".join(gone.elements()))
    if come:
        yield Span("added", " ".join(come.elements()))


def _words(paragraphs: list[str]) -> int:
    return sum(len(paragraph.split()) for paragraph in paragraphs)


def _chapters(job: ConversionJob) -> list[Chapter]:
    """Return the chapters of the job's text; a chapter that was divided into several files is joined again."""
    found: list[Chapter] = []
    for chapter, data in conversion_selectors.web_chapters(job):
        paragraphs = list(_paragraphs(data))
        if found and found[-1].title == chapter.title:
            found[-1].paragraphs.extend(paragraphs)
        else:
            found.append(Chapter(chapter.title, paragraphs))
    return found


def _paragraphs(data: bytes) -> Iterator[str]:
    """Yield the text of each innermost block element."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        body = etree.fromstring(data, parser).find(f"{_XHTML}body")
    except etree.XMLSyntaxError:
        return
    for element in body.iter(*_BLOCKS) if body is not None else ():
        text = " ".join("".join(map(str, element.itertext())).split())
        if text and next(element.iterdescendants(*_BLOCKS), None) is None:
            yield text
