"""Automatic fixes, place by place: accepted in one run, undone by themselves or with all of their kind, never offered
again where they were undone."""

from __future__ import annotations

import copy
import random

import pytest

from accounts.models import AuditEntry
from common import clock
from common.errors import NotAllowed, NotFound
from conversion import rules
from conversion.engine import fixes as engine_fixes
from conversion.engine.book.model import Book
from conversion.engine.patches import Fit as EngineFit
from conversion.engine.patches import FitState, Reason, apply_patches
from conversion.models import JobCorrections
from publishing import errors, hooks
from publishing import selectors as publishing_selectors
from publishing import services as publishing_services
from publishing.editing import selectors
from publishing.editing.errors import FixesNotReady, NoText, NothingToFix
from publishing.editing.models import Base, Correction, Decision, Fit, FixProposals, Origin, WorkText
from publishing.editing.selectors import chapters, fixes
from publishing.editing.services import builds, deciding
from publishing.editing.services.fixes import accept_fixes, undo_fixes
from publishing.models import ContributorRole, Work
from tests.factories.accounts import make_author, make_reader
from tests.factories.editing import finish, make_correction, make_text, make_untidy_text, untidy
from tests.factories.publishing import make_contributor, make_edition, make_manuscript

pytestmark = [pytest.mark.django_db, pytest.mark.both]

SPACES, COMMAS, WHOLE = "text.double-spaces", "text.space-before-punctuation", "layout.line-breaks"


@pytest.fixture
def text() -> WorkText:
    return make_untidy_text()


def fresh(text: WorkText) -> WorkText:
    return WorkText.objects.select_related("base", "work__owner").get(pk=text.pk)


def words_of(text: WorkText) -> str:
    now = fresh(text)
    return " ".join(str(chapters.chapter_document(now, line.id)["blocks"]) for line in chapters.chapter_lines(now))


def accept(text: WorkText, *codes: str, actor=None) -> int:
    return accept_fixes(actor=actor or text.work.owner, work=text.work, codes=codes, at=clock.now())


def undo_all(text: WorkText, code: str, actor=None) -> int:
    return undo_fixes(actor=actor or text.work.owner, work=text.work, code=code, at=clock.now())


def undo(text: WorkText, correction: Correction) -> None:
    deciding.revert(actor=text.work.owner, work=text.work, correction=correction, at=clock.now())


def proposed(text: WorkText) -> dict[str, int]:
    return dict(fixes.place_fixes(text.work).proposed)


def read_anew(text: WorkText, book: Book) -> WorkText:
    """Upload another manuscript, and read it as the engine does, with what the job was given."""
    edition = publishing_services.prepare_edition(
        actor=text.work.owner, manuscript=make_manuscript(work=text.work), at=clock.now()
    )
    given = JobCorrections.objects.get(job=edition.job)
    bases = {base.identity: selectors.engine_base(base) for base in Base.objects.filter(work=text.work)}
    fits = tuple(apply_patches(copy.deepcopy(book), bases, given.patches, suggested=given.suggestions).fits)
    by_name = {patch.identity: patch for patch in (*given.patches, *given.suggestions)}
    found = engine_fixes.propose_fixes(
        copy.deepcopy(book), given.proposals, [(by_name[fit.patch], fit) for fit in fits]
    )
    finish(edition.job, book, fits, proposed=found)
    builds.adopt_base(job_id=edition.job_id, at=clock.now())
    return fresh(text)


class TestProposals:
    def test_are_stored_with_the_base_instead_of_the_job(self, text):
        job = publishing_selectors.newest_of(text.work).job
        assert JobCorrections.objects.get(job=job).proposed == ()
        assert len(FixProposals.objects.get(base=text.base).patches) == sum(proposed(text).values()) >= 20

    def test_those_of_another_base_are_not_taken(self):
        edition = make_edition()
        JobCorrections.objects.create(job=edition.job, proposals=(SPACES,))
        strange = engine_fixes.propose_fixes(untidy(seed=2), [SPACES])
        finish(edition.job, untidy(), proposed=strange)
        builds.adopt_base(job_id=edition.job_id, at=clock.now())
        assert FixProposals.objects.get().patches == ()

    def test_are_asked_for_with_a_new_manuscript_alone(self, text):
        (manuscript,) = text.work.manuscripts.all()
        assert not hooks.corrections_of(manuscript).proposals
        assert hooks.corrections_of(make_manuscript(work=text.work)).proposals == rules.fixable_by_place()

    def test_are_asked_for_again_when_a_fix_is_used_as_a_whole(self, text):
        Work.objects.update(fixes=[WHOLE])
        assert hooks.corrections_of(text.work.manuscripts.get()).proposals == rules.fixable_by_place()

    def test_do_not_hold_fixes_that_work_as_a_whole(self):
        assert not {code for code in rules.fixable_by_place() if rules.is_fixed_as_whole(code)}
        assert rules.is_fixed_as_whole(WHOLE)


class TestAcceptFixes:
    def test_each_place_is_a_correction_by_its_code(self, text):
        before, words = proposed(text), words_of(text)
        assert accept(text, SPACES) == before[SPACES] > 1
        made = Correction.objects.all()
        assert {(one.origin, one.code, one.decision) for one in made} == {(Origin.FIX, SPACES, Decision.ACCEPTED)}
        assert len({one.public_id for one in made}) == before[SPACES]
        assert words_of(text).count("  ") < words.count("  ")
        assert (fresh(text).revision, fresh(text).due_at is None) == (text.revision + 1, False)

    def test_what_is_fixed_is_offered_no_more(self, text):
        accept(text, SPACES)
        assert SPACES not in proposed(text)
        assert fixes.place_fixes(text.work).accepted[SPACES] == Correction.objects.count()
        with pytest.raises(NothingToFix):
            accept(text, SPACES)

    def test_all_in_one_run(self, text):
        codes = sorted(proposed(text))
        assert accept(text, *codes) == len(FixProposals.objects.get().patches)
        assert fresh(text).revision == text.revision + 1
        assert proposed(text) == {}
        records = AuditEntry.objects.filter(verb="fix.accepted")
        assert sorted(one.facts["code"] for one in records) == codes

    def test_a_fix_that_works_as_a_whole_comes_with_them(self, text):
        accept(text, SPACES, WHOLE)
        work = Work.objects.get(pk=text.work.pk)
        assert work.fixes == [WHOLE]
        job = publishing_selectors.newest_of(work).job
        assert job.options.fixes == (WHOLE,)
        assert len(JobCorrections.objects.get(job=job).patches) == Correction.objects.count() > 0

    def test_what_the_author_wrote_stays(self, text):
        place = next(one for one in FixProposals.objects.get().patches if one.author == SPACES)
        mine = make_correction(text, place, origin=Origin.AUTHOR)
        accept(text, SPACES)
        assert not Correction.objects.filter(origin=Origin.FIX, identity=mine.identity).exists()

    def test_an_open_suggestion_stays_to_be_decided(self, text):
        place = next(one for one in FixProposals.objects.get().patches if one.author == SPACES)
        make_correction(text, place, decision=Decision.SUGGESTED, origin=Origin.SUGGESTION)
        accept(text, SPACES)
        assert Correction.objects.filter(identity=place.identity).count() == 1

    @pytest.mark.parametrize("codes", [(), ("metadata.rights-missing",), (SPACES, "no.such-code")])
    def test_refuses_what_nothing_can_fix(self, text, codes):
        with pytest.raises(errors.FixUnknown):
            accept(text, *codes)
        assert not Correction.objects.exists()

    def test_refuses_a_text_that_was_not_read_for_it(self):
        with pytest.raises(FixesNotReady):
            accept(make_text(), SPACES)

    def test_refuses_a_book_without_text(self):
        with pytest.raises(NoText):
            edition = make_edition()
            accept_fixes(actor=edition.work.owner, work=edition.work, codes=[SPACES], at=clock.now())

    def test_refuses_strangers_and_those_who_may_only_look(self, text):
        translator = make_author()
        make_contributor(text.work, user=translator, role=ContributorRole.TRANSLATOR)
        with pytest.raises(NotFound):
            accept(text, SPACES, actor=make_reader())
        with pytest.raises(NotAllowed):
            accept(text, SPACES, actor=translator)
        assert not Correction.objects.exists()


class TestUndo:
    def test_one_place_is_undone_and_not_offered_again(self, text):
        accept(text, SPACES)
        undo(text, first := Correction.objects.order_by("pk")[0])
        first.refresh_from_db()
        assert first.decision == Decision.REVERTED
        assert SPACES not in proposed(text)
        with pytest.raises(NothingToFix):
            accept(text, SPACES)

    def test_all_of_a_kind(self, text):
        before = words_of(text)
        accept(text, SPACES, COMMAS)
        assert undo_all(text, SPACES) == Correction.objects.filter(code=SPACES).count()
        left = Correction.objects.accepted()
        assert {one.code for one in left} == {COMMAS}
        undo_all(text, COMMAS)
        assert words_of(text) == before
        assert proposed(text).keys().isdisjoint({SPACES, COMMAS})

    def test_those_that_do_not_fit_the_text_are_undone_too(self, text):
        accept(text, SPACES)
        one = Correction.objects.order_by("pk")[0]
        conflict = conflict_of(one)
        Fit.objects.create(correction=one, base=text.base, state="conflict", fit=conflict, found_at=clock.now())
        undo_all(text, SPACES)
        assert not Correction.objects.accepted().exists()
        assert fresh(text).digest == ""

    def test_restored_places_are_part_of_the_text_again(self, text):
        accept(text, SPACES)
        undo(text, first := Correction.objects.order_by("pk")[0])
        deciding.restore(actor=text.work.owner, work=text.work, correction=first, at=clock.now())
        assert fixes.accepted_fixes(fresh(text), SPACES).count() == Correction.objects.count() - 1

    def test_a_fix_that_works_as_a_whole(self, text):
        accept(text, WHOLE)
        assert undo_all(text, WHOLE) == 0
        assert Work.objects.get(pk=text.work.pk).fixes == []

    def test_refuses_what_is_not_in_use(self, text):
        with pytest.raises(errors.FixUnknown):
            undo_all(text, SPACES)

    def test_refuses_strangers_and_those_who_may_only_look(self, text):
        accept(text, SPACES)
        translator = make_author()
        make_contributor(text.work, user=translator, role=ContributorRole.TRANSLATOR)
        with pytest.raises(NotFound):
            undo_all(text, SPACES, actor=make_reader())
        with pytest.raises(NotAllowed):
            undo_all(text, SPACES, actor=translator)
        assert Correction.objects.accepted().exists()

    @pytest.mark.parametrize("seed", [1, 2, 3])
    def test_all_of_them_in_any_order_leave_the_text_as_if_never_fixed(self, seed):
        text = make_untidy_text(book=untidy(seed=seed))
        before, chance = words_of(text), random.Random(seed)
        accept(text, *proposed(text))
        made = list(Correction.objects.all())
        chance.shuffle(made)
        for number, correction in enumerate(made, 1):
            undo(text, correction)
            left = Correction.objects.accepted()
            assert left.count() == len(made) - number
            if number % 10 == 0:  # at any moment the text is that of the fixes that are left
                assert words_of(text) == words_with(text, left)
        assert words_of(text) == before
        assert proposed(text) == {}
        with pytest.raises(NothingToFix):
            accept(text, *{one.code for one in made})


class TestNextUpload:
    def test_accepted_places_stay_fixed(self, text):
        accept(text, SPACES)
        count = Correction.objects.count()
        later = read_anew(text, untidy(seed=1))
        assert later.base_id == text.base_id, "the same text is the same base"
        assert len(selectors.placed_now(later)) == count

    def test_undone_places_are_not_offered_in_a_changed_manuscript(self, text):
        accept(text, SPACES)
        count = undo_all(text, SPACES)
        book = untidy()
        book.chapters[0].blocks.insert(0, copy.deepcopy(book.chapters[1].blocks[0]))
        book.chapters[0].blocks[0].inlines[0].text = "A new beginning,  typed like the rest, nobody has seen before."
        later = read_anew(text, book)
        assert later.base_id != text.base_id
        assert proposed(later)[SPACES] == 1 < count, "only the new place"

    def test_a_new_place_is_offered(self, text):
        accept(text, SPACES)
        book = untidy()
        book.chapters[1].blocks[0].inlines[0].text += " And  then."
        assert proposed(read_anew(text, book))[SPACES] == 1


class TestTextsThatWereReadBefore:
    def test_are_read_again_for_their_proposals(self):
        text = make_text()
        text = builds.request_base(actor=text.work.owner, work=text.work, at=clock.now())
        job = text.base_job
        assert job is not None
        assert JobCorrections.objects.get(job=job).proposals == rules.fixable_by_place()
        assert builds.request_base(actor=text.work.owner, work=text.work, at=clock.now()).base_job == job

    def test_are_not_read_again_when_that_is_known(self, text):
        assert builds.request_base(actor=text.work.owner, work=text.work, at=clock.now()).base_job is None


def words_with(text: WorkText, corrections) -> str:
    now = fresh(text)
    kept = {one.pk for one in corrections}
    placed = [one for one in selectors.placed_now(now) if one.correction.pk in kept]
    lines = chapters.chapter_lines(now)
    return " ".join(str(chapters.chapter_at(now, placed, line.id).to_json()["blocks"]) for line in lines)


def conflict_of(correction: Correction) -> EngineFit:
    return EngineFit(correction.identity, FitState.CONFLICT, None, Reason.CHANGED, (), None)
