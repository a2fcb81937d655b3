"""The slips that readers reported, at their places in the newest edition.

Where a report stands is derived from where it was made, each time. Equal proposals, which change the same characters to
the same, are one finding, however much around them was selected.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import takewhile
from uuid import uuid4

from accounts.models import User
from conversion.engine.api import edition_text
from publishing.editing.models import Decision
from publishing.models import Edition, EditionState, Work
from storefront.catalogue.selectors import edition_texts
from storefront.catalogue.selectors.edition_texts import BookText
from storefront.catalogue.selectors.editions import edition_to_read
from storefront.reading.models import Note, NoteKind, TypoReport, TypoState
from storefront.reading.selectors.anchors import NoteAnchor, anchors_of

MAX_REPORTS = 2000  # of a work, the newest ones
_AROUND = 32  # characters that have to be the same on both sides for a passage to be found again
_NEAR = 12  # the same, where more has changed
_SHOWN = 90  # characters of context
_LONGEST_WORD = 30
# Decisions after which the author has nothing to decide about a suggestion; accepted ones may be replaced later.
_DECIDED = frozenset({Decision.ACCEPTED, Decision.DECLINED, Decision.MERGED, Decision.REVISED})


class TypoPlace(StrEnum):
    """What stands now where the report was made."""

    THERE = "there"  # the words are as they were
    CORRECTED = "corrected"  # the words are those that were proposed
    CHANGED = "changed"  # other words: the passage was rewritten or is gone


@dataclass(frozen=True, slots=True)
class Passage:
    """Words of a block with what stands around them."""

    block: int
    start: int
    end: int
    before: str
    words: str
    after: str

    @property
    def place(self) -> str:
        return f"{self.block}:{self.start}:{self.end}"


@dataclass(frozen=True, slots=True)
class Finding:
    """Equal proposals of one or more readers. The passage is split where the proposal changes it."""

    public_id: str
    chapter: str
    before: str
    removed: str
    added: str
    after: str
    place: TypoPlace
    state: TypoState
    readers: int
    remarks: tuple[str, ...]
    first_at: datetime
    block: int | None  # in the newest edition
    pks: tuple[int, ...]
    is_suggested: bool  # it stands at its place in the author's text, and waits for a decision

    @property
    def is_open(self) -> bool:
        """Return whether the author has something to decide."""
        return self.state == TypoState.OPEN and self.place != TypoPlace.CORRECTED


def findings_of(work: Work) -> list[Finding]:
    """Return what readers found in a work, in the order of the book."""
    every = TypoReport.objects.filter(work=work).select_related("edition").prefetch_related("suggestions")
    reports = every.order_by("-made_at", "-pk")[:MAX_REPORTS]
    found = _placed(work, list(reports))
    groups: dict[tuple[object, ...], list[_Placed]] = {}
    for one in found:
        groups.setdefault(one.key, []).append(one)
    findings = [_finding(sorted(group, key=lambda one: one.report.made_at)) for group in groups.values()]
    return sorted(findings, key=lambda one: (one.block is None, one.block or 0, one.first_at))


def equal_reports(work: Work, public_id: str) -> tuple[int, ...]:
    """Return the primary keys of this report and those equal to it; none if the work has no such report."""
    wanted = TypoReport.objects.filter(work=work, public_id=public_id).values_list("pk", flat=True).first()
    return next((one.pks for one in findings_of(work) if wanted in one.pks), ())


@dataclass(frozen=True, slots=True)
class OwnReport:
    """What a person reported, with what has become of it. `corrected_in` is the number of the edition that first had
    it corrected, 0 if that is not known."""

    report: TypoReport
    place: TypoPlace
    state: TypoState
    is_in_text: bool  # the author accepted it, and the next edition has it
    corrected_in: int


def own_findings(person: User, work: Work) -> list[OwnReport]:
    """Return what the person reported in a work, with what has become of it; the newest first."""
    reports = TypoReport.objects.filter(user=person, work=work).select_related("edition")
    reports = reports.prefetch_related("suggestions").order_by("-made_at", "-pk")
    placed = _placed(work, list(reports[:MAX_REPORTS]))
    editions = list(
        work.editions.filter(published_at__isnull=False)
        .exclude(state=EditionState.WITHDRAWN)
        .order_by("published_at")
        .values_list("published_at", "number")
    )
    return [_own(one, editions) for one in placed]


def _own(one: _Placed, editions: Sequence[tuple[datetime | None, int]]) -> OwnReport:
    state, at = decision_of(one.report)
    is_corrected = one.place == TypoPlace.CORRECTED
    later = [number for published_at, number in editions if at and published_at and published_at > at]
    return OwnReport(
        report=one.report,
        place=one.place,
        state=state,
        is_in_text=any(suggestion.decision == Decision.ACCEPTED for suggestion in one.report.suggestions.all()),
        corrected_in=later[0] if is_corrected and later else 0,
    )


def passages(text: BookText, blocks: Sequence[int], words: str) -> list[Passage]:
    """Return where the words stand in these blocks, whatever quotation marks and dashes they were typed with."""
    wanted = edition_text.normalised(words)
    return [
        passage_at(text, number, start, start + len(wanted))
        for number in blocks
        if number < len(text.blocks) and wanted
        for start in _starts(text.blocks[number], wanted)
    ]


def passage_at(text: BookText, block: int, start: int, end: int) -> Passage:
    whole = text.blocks[block]
    before, after = _shortened(whole[:start][::-1])[::-1], _shortened(whole[end:])
    return Passage(block, start, end, before, whole[start:end], after)


def _starts(block: str, wanted: str) -> Iterator[int]:
    if wanted not in block and len(edition_text.fold(block)) == len(block):
        block, wanted = edition_text.fold(block), edition_text.fold(wanted)
    start = block.find(wanted)
    while start >= 0:
        yield start
        start = block.find(wanted, start + 1)


@dataclass(frozen=True, slots=True)
class _Placed:
    """A report with where its words are in the newest edition, `start` None if nowhere. `text` is that of the edition
    in which it is shown."""

    report: TypoReport
    place: TypoPlace
    block: int | None
    start: int | None
    text: BookText

    @property
    def change(self) -> tuple[int, str, str]:
        """Return what the proposal changes, without what stays the same at both ends: the offset in the selected
        words, and the characters before and after."""
        old, new = self.report.exact, self.report.replacement
        head = _same(old, new)
        old, new = old[head:], new[head:]
        tail = _same(old[::-1], new[::-1])
        return head, old[: len(old) - tail], new[: len(new) - tail]

    @property
    def key(self) -> tuple[object, ...]:
        head, old, new = self.change
        if self.start is not None:
            return self.block, self.start + head, old, new
        return self.report.edition_id, self.report.block, self.report.start + head, old, new


def _same(one: str, other: str) -> int:
    """Return how many characters are the same at the beginning of both."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _placed(work: Work, reports: list[TypoReport]) -> list[_Placed]:
    newest = edition_to_read(work)
    if not reports or newest is None:
        return []
    texts = edition_texts.texts_of({newest} | {one.edition for one in reports})
    there, notes = texts.get(newest.pk, edition_texts.EMPTY), {one.pk: _as_note(one) for one in reports}
    anchors = anchors_of(list(notes.values()), newest)
    return [
        _place(one, newest, anchors[notes[one.pk].uid], texts.get(one.edition_id, edition_texts.EMPTY), there)
        for one in reports
    ]


def _as_note(report: TypoReport) -> Note:
    """Return a report as a highlight, with some words around it, to be placed as notes are."""
    end = report.end + min(len(report.suffix), _AROUND)
    return Note(
        uid=uuid4(),
        kind=NoteKind.HIGHLIGHT,
        edition_id=report.edition_id,
        start_block=report.block,
        start_offset=report.start - min(len(report.prefix), _AROUND, report.start),
        end_block=report.block,
        end_offset=end,
        exact=report.prefix + report.exact + report.suffix,
        made_at=report.made_at,
    )


def _place(report: TypoReport, newest: Edition, anchor: NoteAnchor, here: BookText, there: BookText) -> _Placed:
    if report.edition_id == newest.pk:
        if there.between((report.block, report.start), (report.block, report.end)) == report.exact:
            return _Placed(report, TypoPlace.THERE, report.block, report.start, there)
        here = edition_texts.EMPTY  # of an advance copy, whose text had another state
    blocks = range(anchor.start[0], anchor.end[0] + 1) if anchor.start and anchor.end else range(0)
    for around in (_AROUND, _NEAR):
        for words, place in ((report.exact, TypoPlace.THERE), (report.replacement, TypoPlace.CORRECTED)):
            for block in blocks:
                start = _start_between(there.blocks[block], report, words, around)
                if start is not None:
                    return _Placed(report, place, block, start, there)
    return _Placed(report, TypoPlace.CHANGED, anchor.start[0] if anchor.start else None, None, here)


def _start_between(block: str, report: TypoReport, words: str, around: int) -> int | None:
    """Return where the words stand in the block between what stood around them when they were reported."""
    before, after = report.prefix[-around:], report.suffix[:around]
    at = block.find(before + words + after)
    return at + len(before) if at >= 0 else None


def _finding(group: list[_Placed]) -> Finding:
    first = group[0]
    before, removed, added, after = _shown(first)
    return Finding(
        public_id=first.report.public_id,
        chapter=first.report.chapter,
        before=before,
        removed=removed,
        added=added,
        after=after,
        place=first.place,
        state=_state_of([one.report for one in group]),
        readers=len({one.report.user_id for one in group}),
        remarks=tuple(one.report.remark for one in group if one.report.remark),
        first_at=first.report.made_at,
        block=first.block,
        pks=tuple(one.report.pk for one in group),
        is_suggested=any(
            suggestion.decision == Decision.SUGGESTED for one in group for suggestion in one.report.suggestions.all()
        ),
    )


def _state_of(reports: list[TypoReport]) -> TypoState:
    """Return the last decision. It covers equal reports that come later, but not those of an edition that came out
    after it: there, the author meant to have corrected it."""
    decisions = [(report, *decision_of(report)) for report in reports]
    decided = [(at, state) for _report, state, at in decisions if at is not None]
    if not decided:
        return TypoState.OPEN
    last_at, last = max(decided, key=lambda one: one[0])
    is_new = any(
        at is None and report.edition.published_at is not None and report.edition.published_at > last_at
        for report, _state, at in decisions
    )
    return TypoState.OPEN if is_new and last == TypoState.DONE else last


def decision_of(report: TypoReport) -> tuple[TypoState, datetime | None]:
    """Return what the author decided and when: about the report, or else about what it suggests in the text."""
    if report.decided_at is not None:
        return TypoState(report.state), report.decided_at
    made = list(report.suggestions.all())
    if not made or any(one.decision not in _DECIDED or one.decided_at is None for one in made):
        return TypoState.OPEN, None
    at = max(one.decided_at for one in made if one.decided_at is not None)
    is_declined = all(one.decision == Decision.DECLINED for one in made)
    return TypoState.DECLINED if is_declined else TypoState.DONE, at


def _shown(one: _Placed) -> tuple[str, str, str, str]:
    """Return the passage as before, removed, added and after, the changed part grown to whole words."""
    report, (head, old, new) = one.report, one.change
    number, start = (report.block, report.start) if one.start is None else (one.block or 0, one.start)
    if not one.text.has(number, start):
        return report.prefix, report.exact, report.replacement, report.suffix
    block = one.text.blocks[number]
    first = start + head
    last = first + len(new if one.place == TypoPlace.CORRECTED else old)
    left, right = first - _to_blank(block[:first][::-1]), last + _to_blank(block[last:])
    added = block[left:first] + new + block[last:right]
    return _shortened(block[:left][::-1])[::-1], block[left:right], added, _shortened(block[right:])


def _shortened(text: str) -> str:
    """Return the beginning of a text, up to the end of a word."""
    if len(text) <= _SHOWN:
        return text
    return (text[:_SHOWN].rpartition(" ")[0] or text[:_SHOWN]) + "…"


def _to_blank(text: str) -> int:
    """Return how many characters there are before the next blank; 0 in scripts that have none between words."""
    length = sum(1 for _ in takewhile(lambda letter: not letter.isspace(), text[: _LONGEST_WORD + 1]))
    return length if length <= _LONGEST_WORD else 0
