"""Words that a reader saw are found in the text exactly and in one place, or not at all."""

from __future__ import annotations

import pytest

from common import clock
from publishing.editing.models import Correction, Decision, Origin, WorkText
from publishing.editing.selectors import passages
from publishing.editing.selectors.passages import Passage
from publishing.editing.services import deciding, proposals
from tests.conversion.patches.samples import LINES
from tests.factories.editing import harbour, make_correction, make_text, patch_of
from tests.factories.publishing import make_work

pytestmark = [pytest.mark.django_db, pytest.mark.both]

LINE = next(line for line in LINES if "keeper" in line)


@pytest.fixture
def text() -> WorkText:
    return make_text()


def passage(line: str, words: str, replacement: str, around: int = 32) -> Passage:
    """What a reader reports of words that stand once in a line."""
    before, found, after = line.partition(words)
    assert found
    return Passage(before[-around:], words, after[:around], replacement)


def propose(text: WorkText, told: Passage) -> list[Correction]:
    return proposals.propose_words(work=text.work, passage=told, at=clock.now())


class TestPropose:
    def test_is_a_suggestion_at_its_place_that_names_nobody(self, text):
        (made,) = propose(text, passage(LINE, "keeper", "warden"))
        assert (made.decision, made.origin, made.author) == (Decision.SUGGESTED, Origin.READER, None)
        assert made.patch.edit == patch_of(text, "keeper", "warden").edit
        assert made.patch.anchor == patch_of(text, "keeper", "warden").anchor

    def test_equal_ones_are_one_whatever_was_decided(self, text):
        told = passage(LINE, "keeper", "warden")
        (made,) = propose(text, told)
        assert propose(text, told) == [made]
        deciding.decline(actor=text.work.owner, work=text.work, correction=made, at=clock.now())
        (again,) = propose(text, told)
        assert (again.pk, again.decision) == (made.pk, Decision.DECLINED)

    def test_several_slips_in_one_passage_are_decided_one_by_one(self, text):
        words = " ".join(LINE.split()[1:6])
        first, *middle, last = words.split()
        made = propose(text, passage(LINE, words, " ".join([first + "x", *middle, last + "x"])))
        assert len(made) == 2

    def test_blanks_and_line_breaks_are_alike(self, text):
        told = passage(LINE, "keeper", "warden")
        broken = Passage(told.before.replace(" ", "\u00a0"), told.words, told.after.replace(" ", "\n"), "warden")
        assert len(propose(text, broken)) == 1

    def test_follows_what_the_author_corrected_meanwhile(self, text):
        make_correction(text, patch_of(text, "keeper", "warden"))
        (made,) = propose(text, passage(LINE.replace("keeper", "warden"), "warden", "guard"))
        assert made.revises == Correction.objects.get(decision=Decision.ACCEPTED)
        deciding.accept(actor=text.work.owner, work=text.work, correction=made, at=clock.now())
        assert Correction.objects.accepted().get() == made

    @pytest.mark.parametrize(
        "told",
        [
            passage(LINE, "keeper", "keeper"),
            passage(LINE.replace("keeper", "sailor"), "sailor", "warden"),
            Passage("Nowhere in this book ", "keeper", " at all, not once", "warden"),
            Passage("", "eepe", "", "oon"),
            Passage(".*", ".+", ".*", "x"),
        ],
        ids=["no change", "other words", "other surroundings", "part of a word", "a pattern"],
    )
    def test_nothing_is_guessed(self, text, told):
        assert propose(text, told) == []
        assert not Correction.objects.exists()

    def test_words_that_stand_twice_are_nobodys(self):
        text = make_text(book=harbour(LINE))
        assert propose(text, passage(LINE, "keeper", "warden")) == []

    def test_words_that_are_right_already_need_nothing(self, text):
        make_correction(text, patch_of(text, "keeper", "warden"))
        assert passages.changes_of(text, passage(LINE, "keeper", "warden")) == ()

    def test_a_work_without_a_text_has_no_place(self):
        assert (
            proposals.propose_words(work=make_work(), passage=passage(LINE, "keeper", "warden"), at=clock.now()) == []
        )


class TestDelete:
    def test_what_is_part_of_the_text_stays(self, text):
        (accepted,) = propose(text, passage(LINE, "keeper", "warden"))
        deciding.accept(actor=text.work.owner, work=text.work, correction=accepted, at=clock.now())
        other = next(line for line in LINES if line != LINE and len(line.split()) > 4)
        word = other.split()[2].strip(".,;")
        (waiting,) = propose(text, passage(other, word, "quite"))
        proposals.delete_proposals([accepted, waiting])
        assert list(Correction.objects.all()) == [accepted]
