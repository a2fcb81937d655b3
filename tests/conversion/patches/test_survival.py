"""Patches survive the next upload: one short book of what `bench.patches` measures on eight."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from bench.patches import LEAST, LEAST_OF_UPLOADS, PATCHES, read
from conversion.engine.patches import FitState, base_of
from conversion.engine.patches.base import Base
from tests.conversion.patches.corrections import Made, Tally, carried, carried_by_context, correct, patches
from tests.conversion.patches.other_readings import another_engine
from tests.conversion.patches.versions import Editor, Version, copied, first_version

BOOK = "flatland"


@pytest.fixture(scope="module")
def first() -> Version:
    path = Path(__file__).resolve().parents[4] / "shared" / "corpus" / BOOK / f"{BOOK}.md"
    if not path.exists():
        pytest.skip("the shared corpus is not here")
    return first_version(read(path))


def second_of(first: Version, seed: int) -> tuple[Base, list[Made], Version]:
    chance = random.Random(f"{BOOK} {seed}")
    base = base_of(first.book)
    made = patches(first, base, chance, PATCHES)
    editor = Editor(first, chance)
    correct(editor, made, base.identity)
    return base, made, editor.edit()


@pytest.mark.parametrize("seed", range(2))
def test_a_second_version(first: Version, seed: int) -> None:
    base, made, second = second_of(first, seed)
    tally = Tally()
    carried(second, [base], made, tally)
    assert tally.counts["wrong"] == 0
    assert tally.fitting >= LEAST
    assert tally.counts["adopted"] >= 4
    assert tally.counts["conflict"] >= 4  # or the versions prove nothing


def test_three_uploads_in_a_row(first: Version) -> None:
    chance = random.Random(f"{BOOK} uploads 0")
    bases = [base_of(first.book)]
    made, version = patches(first, bases[0], chance, PATCHES), first
    for least in LEAST_OF_UPLOADS:
        editor = Editor(version, chance)
        correct(editor, made, bases[-1].identity)
        version, tally = editor.edit(), Tally()
        base, made = carried(version, bases, made, tally)
        bases.append(base)
        assert tally.counts["wrong"] == 0
        assert tally.fitting >= least


def test_another_engine_reads_the_same_book(first: Version) -> None:
    base = base_of(first.book)
    made = patches(first, base, random.Random("engine"), PATCHES)
    other = copied(first)
    another_engine(other.book)
    tally = Tally()
    carried_by_context(other.book, base, made, tally)
    assert tally.counts["wrong"] == 0
    assert tally.fitting >= 95


def test_the_number_of_the_block_alone_does_not_hold(first: Version) -> None:
    """The control: a toy that finds blocks by their number is wrong often, and the truth says so."""
    _, made, second = second_of(first, 0)
    wrong = 0
    for one in made:
        anchor = one.patch.anchor
        if anchor.block < len(second.leaves):
            there = second.of(second.leaves[anchor.block])[anchor.start : anchor.end]
            wrong += bool(there) and there != one.origins
    assert wrong > 20


def test_what_was_made_in_the_manuscript_is_adopted(first: Version) -> None:
    base, made, second = second_of(first, 1)
    result, again = carried(second, [base], made, Tally())
    tally = Tally()
    carried(second, [base, result], again, tally)
    assert tally.counts[FitState.ADOPTED] >= 4
    assert tally.counts["wrong"] == 0
