"""Notes stay on their words through an edition: one short book of what `bench.anchoring` measures on three."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from bench.anchoring import LEAST_SAME, MOST_OTHER, NOTES, SETS, read
from conversion.engine.align import UNPLACED, Anchor, AnchorState, Position
from tests.conversion.align.anchoring import LISTED, OTHER, RIGHT, Tally, Truth, anchored
from tests.conversion.align.edits import Edition, next_edition, notes

BOOK = "flatland"


@pytest.fixture(scope="module")
def book() -> Edition:
    path = Path(__file__).resolve().parents[4] / "shared" / "corpus" / BOOK / f"{BOOK}.epub"
    if not path.exists():
        pytest.skip("the shared corpus is not here")
    return read(path)


@pytest.mark.parametrize("kind", SETS)
def test_notes_stay_on_their_words(book: Edition, kind: str) -> None:
    chance = random.Random(f"{BOOK} {kind} 0")
    made = notes(book, chance, NOTES)
    tally = Tally()
    anchors = anchored(book, next_edition(book, kind, chance, made), made, tally)
    assert len(anchors) == len(made) == tally.counts["notes"]
    assert tally.percent(RIGHT) >= LEAST_SAME
    assert tally.percent(OTHER) <= MOST_OTHER
    assert tally.percent(LISTED) <= 100 - LEAST_SAME
    if kind != "random":  # or the set proves nothing
        assert tally.counts["touched"] >= 20


def test_a_search_for_the_words_alone_does_not_hold(book: Edition) -> None:
    """The control: were the edits harmless, this would pass as well."""
    chance = random.Random(f"{BOOK} aimed 0")
    made = notes(book, chance, NOTES)
    new = next_edition(book, "aimed", chance, made)
    before, after, tally = book.texts(), new.texts(), Tally()
    truth = Truth(book, new)
    for note in made:
        end = note.end[1] if note.end[0] == note.start[0] else len(before[note.start[0]])
        quote = before[note.start[0]][note.start[1] : end]
        block = next((block for block, text in enumerate(after) if quote in text), None)
        if block is None:
            truth.judge(note, UNPLACED, tally)
            continue
        start = after[block].index(quote)
        places = Position(block, start), Position(block, start + len(quote))
        truth.judge(note, Anchor(AnchorState.EXACT, *places, 1.0), tally)
    assert tally.percent(RIGHT) < LEAST_SAME
    assert tally.percent(OTHER) > MOST_OTHER


def test_three_editions_on(book: Edition) -> None:
    chance = random.Random(f"{BOOK} editions 0")
    editions = [book]
    made = notes(book, chance, NOTES)
    for _ in range(3):
        editions.append(next_edition(editions[-1], "aimed", chance, made))
    tally = Tally()
    anchored(editions[0], editions[3], made, tally)
    assert tally.percent(RIGHT) >= LEAST_SAME
    assert tally.percent(OTHER) <= MOST_OTHER
    assert tally.counts["touched"] >= 60
