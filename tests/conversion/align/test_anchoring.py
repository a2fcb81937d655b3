"""Notes stay on their words through an edition: one short book of what `bench.anchoring` measures on three."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from bench.anchoring import LEAST_SAME, MOST_OTHER, NOTES, SETS, read
from tests.conversion.align.anchoring import LISTED, OTHER, RIGHT, Tally, anchored
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
