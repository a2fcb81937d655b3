"""Whether anchors stand on the words of their notes, by the truth of `edits.py`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from conversion.engine.align import Anchor, Placer, Position, align
from tests.conversion.align.edits import Edition, Note

RIGHT, OTHER, LISTED = "right", "other", "listed"


@dataclass
class Tally:
    """Notes by what became of them.

    Of those that keep half of their words: `right`, `other` (on other words) and `listed` (unplaced). Of the rest:
    `gone_listed`, `gone_placed`. Besides, `touched` are notes whose words did not all stay as they were, and `edges`
    those that are right to the word.
    """

    counts: Counter[str] = field(default_factory=Counter)

    @property
    def kept(self) -> int:
        return sum(self.counts[verdict] for verdict in (RIGHT, OTHER, LISTED))

    def percent(self, verdict: str) -> float:
        return 100 * self.counts[verdict] / max(1, self.kept)


class Truth:
    """Knows the words of an edition in another one."""

    def __init__(self, old: Edition, new: Edition) -> None:
        self.new = new
        self.old_words, self.new_words = old.words(), new.words()

    def judge(self, note: Note, anchor: Anchor, tally: Tally) -> None:
        """Count what became of a note."""
        kept = {number for number in note.ids if number in self.new_words}
        is_placed = anchor.start is not None and anchor.end is not None
        stood = set(self.new.words_in(anchor.start, anchor.end)) if is_placed else set()
        own = stood & kept
        strangers = (stood & self.old_words.keys()) - kept
        tally.counts["notes"] += 1
        tally.counts["edges"] += own == kept and not strangers
        tally.counts["touched"] += any(self.new_words.get(number) != self.old_words[number] for number in note.ids)
        if 2 * len(kept) < len(note.ids):
            tally.counts["gone_placed" if is_placed else "gone_listed"] += 1
        elif not is_placed:
            tally.counts[LISTED] += 1
        else:
            is_right = 2 * len(own) >= len(kept) and len(strangers) <= len(own)
            tally.counts[RIGHT if is_right else OTHER] += 1


def anchored(old: Edition, new: Edition, made: Sequence[Note], tally: Tally) -> list[Anchor]:
    """Place the notes of an edition in another, and count what became of them."""
    before, after = old.texts(), new.texts()
    placer = Placer(align(before, after), before, after)
    anchors = [placer.place(Position(*note.start), Position(*note.end)) for note in made]
    truth = Truth(old, new)
    for note, anchor in zip(made, anchors, strict=True):
        truth.judge(note, anchor, tally)
    return anchors
