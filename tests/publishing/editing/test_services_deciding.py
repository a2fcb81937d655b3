"""Decisions on corrections: accepted, declined, undone in any order, restored; conflicts resolved by hand."""

from __future__ import annotations

import random

import pytest

from common import clock
from common.errors import NotAllowed, NotFound
from conversion.engine.patches import Fit as EngineFit
from conversion.engine.patches import FitState, Reason
from publishing.editing import selectors
from publishing.editing.errors import AlreadyDecided, CorrectionClashes, NoGuess, NothingToResolve
from publishing.editing.models import Correction, Decision, Fit, Origin, WorkText
from publishing.editing.selectors import chapters, lists
from publishing.editing.services import conflicts, deciding
from publishing.models import ContributorRole
from tests.conversion.patches.samples import LINES
from tests.factories.accounts import make_author, make_reader
from tests.factories.editing import base_row, make_correction, make_text, patch_of
from tests.factories.publishing import make_contributor

pytestmark = [pytest.mark.django_db, pytest.mark.both]


@pytest.fixture
def text() -> WorkText:
    return make_text()


def fresh(text: WorkText) -> WorkText:
    return WorkText.objects.select_related("base", "work__owner").get(pk=text.pk)


def words_of(text: WorkText) -> str:
    now = fresh(text)
    return " ".join(str(chapters.chapter_document(now, line.id)["blocks"]) for line in chapters.chapter_lines(now))


def suggestion(text: WorkText, old: str, new: str, **overrides) -> Correction:
    patch = patch_of(text, old, new)
    values = {"decision": Decision.SUGGESTED, "origin": Origin.SUGGESTION, **overrides}
    return make_correction(text, patch, **values)


def decide(service, text: WorkText, correction: Correction, actor=None, **options):
    return service(actor=actor or text.work.owner, work=text.work, correction=correction, at=clock.now(), **options)


class TestAccept:
    def test_makes_a_suggestion_part_of_the_text(self, text):
        found = decide(deciding.accept, text, suggestion(text, "keeper", "warden"))
        assert (found.decision, found.decided_by) == (Decision.ACCEPTED, text.work.owner)
        assert "warden" in words_of(text)
        assert fresh(text).due_at is not None

    def test_once_only(self, text):
        found = suggestion(text, "keeper", "warden")
        decide(deciding.accept, text, found)
        with pytest.raises(AlreadyDecided):
            decide(deciding.accept, text, found)

    @pytest.mark.parametrize("decision", [Decision.DECLINED, Decision.WITHDRAWN])
    def test_not_what_was_decided_otherwise(self, text, decision):
        found = suggestion(text, "keeper", "warden")
        decide({"declined": deciding.decline, "withdrawn": deciding.withdraw}[decision], text, found)
        with pytest.raises(AlreadyDecided):
            decide(deciding.accept, text, found)
        assert "warden" not in words_of(text)

    def test_not_over_words_that_were_corrected_meanwhile(self, text):
        found = suggestion(text, "keeper", "warden")
        make_correction(text, patch_of(text, "keeper", "guard"))
        with pytest.raises(CorrectionClashes):
            decide(deciding.accept, text, found)
        assert "guard" in words_of(text)

    def test_in_place_of_the_one_that_it_revises(self, text):
        first = make_correction(text, patch_of(text, "keeper", "guard"))
        found = suggestion(text, "keeper", "warden", revises=first)
        decide(deciding.accept, text, found)
        first.refresh_from_db()
        assert first.decision == Decision.REVISED
        assert "warden" in words_of(text)

    def test_strangers_and_those_who_may_only_look_are_refused(self, text):
        found, translator = suggestion(text, "keeper", "warden"), make_author()
        make_contributor(text.work, user=translator, role=ContributorRole.TRANSLATOR)
        with pytest.raises(NotFound):
            decide(deciding.accept, text, found, make_reader())
        with pytest.raises(NotAllowed):
            decide(deciding.accept, text, found, translator)


class TestDeclineAndWithdraw:
    def test_a_declined_one_changes_nothing(self, text):
        found = decide(deciding.decline, text, suggestion(text, "keeper", "warden"))
        assert found.decision == Decision.DECLINED
        assert "warden" not in words_of(text)
        assert fresh(text).due_at is None

    def test_its_author_may_withdraw_it(self, text):
        helper = make_author()
        found = suggestion(text, "keeper", "warden", author=helper)
        assert decide(deciding.withdraw, text, found, helper).decision == Decision.WITHDRAWN

    def test_others_may_not(self, text):
        with pytest.raises(NotFound):
            decide(deciding.withdraw, text, suggestion(text, "keeper", "warden"), make_author())


class TestRevert:
    def test_the_text_is_as_if_it_had_never_been(self, text):
        before = words_of(text)
        found = make_correction(text, patch_of(text, "keeper", "warden"))
        decide(deciding.revert, text, found)
        found.refresh_from_db()
        assert (found.decision, found.counts_until) == (Decision.REVERTED, fresh(text).revision)
        assert words_of(text) == before

    @pytest.mark.parametrize("seed", range(6))
    def test_in_any_order(self, text, seed):
        changes = [("keeper", "warden"), ("slept", "dreamt"), ("yellow", "green"), ("winter", "summer")]
        made = {new: make_correction(text, patch_of(text, old, new)) for old, new in changes}
        left = list(made)
        random.Random(seed).shuffle(left)
        while left:
            decide(deciding.revert, text, made[left.pop()])
            assert [new for new in made if new in words_of(text)] == [new for new in made if new in left]
        assert fresh(text).digest == ""

    def test_what_does_not_fit_can_be_undone_too(self, text):
        found = make_correction(text, patch_of(text, "keeper", "warden"))
        conflict(found, text)
        decide(deciding.revert, text, found)
        found.refresh_from_db()
        assert found.decision == Decision.REVERTED

    def test_once_only(self, text):
        found = make_correction(text, patch_of(text, "keeper", "warden"))
        decide(deciding.revert, text, found)
        with pytest.raises(AlreadyDecided):
            decide(deciding.revert, text, found)

    def test_not_a_suggestion(self, text):
        with pytest.raises(AlreadyDecided):
            decide(deciding.revert, text, suggestion(text, "keeper", "warden"))

    def test_strangers_may_not(self, text):
        with pytest.raises(NotFound):
            decide(deciding.revert, text, make_correction(text, patch_of(text, "keeper", "warden")), make_author())


class TestRestore:
    def test_makes_it_part_of_the_text_again(self, text):
        found = make_correction(text, patch_of(text, "keeper", "warden"))
        decide(deciding.revert, text, found)
        again = decide(deciding.restore, text, found)
        assert again.pk != found.pk
        assert "warden" in words_of(text)
        assert [one.counts_until for one in Correction.objects.order_by("pk")] == [fresh(text).revision - 1, None]

    def test_not_over_other_words(self, text):
        found = make_correction(text, patch_of(text, "keeper", "warden"))
        decide(deciding.revert, text, found)
        make_correction(fresh(text), patch_of(text, "keeper", "guard"))
        with pytest.raises(CorrectionClashes):
            decide(deciding.restore, text, found)


class TestHistory:
    def test_each_revision_can_be_told(self, text):
        first = make_correction(text, patch_of(text, "keeper", "warden"))
        second = make_correction(text, patch_of(text, "yellow", "green"))
        decide(deciding.revert, text, first)
        now = fresh(text)
        sets = [
            {one.correction.pk for one in selectors.placed_at(now, revision)} for revision in range(1, now.revision + 1)
        ]
        assert sets == [set(), {first.pk}, {first.pk, second.pk}, {second.pk}]


def conflict(correction: Correction, text: WorkText, *, guess: str = "") -> Fit:
    """Let the last build have found that a correction does not fit."""
    base = selectors.engine_base(base_row(text))
    anchor = None
    if guess:
        (block,) = [number for number, one in enumerate(base.blocks) if guess in one.text]
        words = [word.text for word in base.blocks[block].words]
        anchor = base.anchor(block, words.index(guess), words.index(guess) + 1)
    found = EngineFit(correction.identity, FitState.CONFLICT, None, Reason.CHANGED, (), anchor)
    return Fit.objects.create(
        correction=correction, base=base_row(text), state="conflict", fit=found, found_at=clock.now()
    )


class TestResolveConflict:
    def test_mine_comes_where_the_guess_is(self, text):
        found = make_correction(text, patch_of(text, "keeper", "warden"))
        conflict(found, text, guess="slept")
        decide(conflicts.resolve_conflict, text, found, use_mine=True)
        assert "warden" in words_of(text)
        assert "slept" not in words_of(text)
        new = Correction.objects.get(decision="accepted")
        assert new.revises == found
        assert not selectors.conflicts_of(fresh(text)).exists()

    def test_dropped_it_is_undone(self, text):
        found = make_correction(text, patch_of(text, "keeper", "warden"))
        conflict(found, text, guess="slept")
        decide(conflicts.resolve_conflict, text, found, use_mine=False)
        found.refresh_from_db()
        assert found.decision == Decision.REVERTED
        assert "warden" not in words_of(text)

    def test_without_a_guess_there_is_no_place_for_it(self, text):
        found = make_correction(text, patch_of(text, "keeper", "warden"))
        conflict(found, text)
        with pytest.raises(NoGuess):
            decide(conflicts.resolve_conflict, text, found, use_mine=True)

    def test_not_where_another_correction_is(self, text):
        found = make_correction(text, patch_of(text, "keeper", "warden"))
        conflict(found, text, guess="yellow")
        make_correction(text, patch_of(text, "yellow", "green"))
        with pytest.raises(CorrectionClashes):
            decide(conflicts.resolve_conflict, text, found, use_mine=True)

    def test_one_that_fits_needs_nothing(self, text):
        found = make_correction(text, patch_of(text, "keeper", "warden"))
        with pytest.raises(NothingToResolve):
            decide(conflicts.resolve_conflict, text, found, use_mine=False)

    def test_strangers_may_not(self, text):
        found = make_correction(text, patch_of(text, "keeper", "warden"))
        conflict(found, text)
        with pytest.raises(NotFound):
            decide(conflicts.resolve_conflict, text, found, make_reader(), use_mine=False)


class TestLists:
    def test_shows_words_before_and_after_with_their_neighbours(self, text):
        make_correction(text, patch_of(text, "keeper", "warden"))
        now = fresh(text)
        (row,) = lists.shown(now, list(lists.corrections_of(now, "")))
        assert (row.before.strip(), row.after.strip()) == ("keeper", "warden")
        assert row.lead + row.before + row.rest in LINES[1]
        assert row.chapter == "The Harbour"

    def test_each_state_has_its_own(self, text):
        make_correction(text, patch_of(text, "keeper", "warden"))
        suggestion(text, "yellow", "green")
        undone = make_correction(text, patch_of(text, "winter", "summer"))
        decide(deciding.revert, text, undone)
        conflict(make_correction(fresh(text), patch_of(text, "money", "love")), text)
        now = fresh(text)
        assert [lists.corrections_of(now, state).count() for state in lists.STATES] == [2, 1, 1, 1]
