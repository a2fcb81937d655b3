"""Designs, fixes and previews: what they change, and what they make again."""

from __future__ import annotations

import pytest

from accounts.models import AuditEntry
from common.errors import NotAllowed, NotFound
from conversion import rules
from conversion.engine.api import Stage
from conversion.engine.typography.designs import DESIGNS
from conversion.models import ConversionJob, JobEvent, JobState
from conversion.options import ConversionOptions
from publishing import errors, selectors, services
from publishing.models import EditionState
from tests.factories.accounts import make_author
from tests.factories.conversion import make_job
from tests.factories.publishing import make_contributor, make_edition, make_published_edition, make_work

pytestmark = pytest.mark.django_db

CODE = "layout.line-breaks"


@pytest.fixture
def draft(owner):
    return make_edition(work=make_work(owner=owner))


def options_of(work) -> ConversionOptions:
    return selectors.newest_of(work).job.options


class TestChooseDesign:
    other = sorted(set(DESIGNS) - {"classic"})[0] if len(DESIGNS) > 1 else "classic"

    def test_makes_a_draft_again_with_it(self, owner, draft, noon, sent):
        work = services.choose_design(actor=owner, work=draft.work, design=self.other, embed_fonts=True, at=noon)
        options = options_of(work)
        assert (options.design, options.embed_fonts, options.keep_design) == (self.other, True, False)
        assert len(sent) == 1

    def test_makes_nothing_again_for_the_same(self, owner, draft, noon, sent):
        services.choose_design(actor=owner, work=draft.work, design="classic", at=noon)
        assert sent == []

    def test_leaves_what_is_on_sale_and_says_that_it_is_older(self, owner, noon, sent):
        edition = make_published_edition(owner=owner, announce=False)
        services.choose_design(actor=owner, work=edition.work, design="classic", embed_fonts=True, at=noon)
        assert sent == []
        edition.work.refresh_from_db()
        assert selectors.are_files_stale(edition)

    def test_refuses_an_unknown_one(self, owner, draft, noon):
        with pytest.raises(errors.DesignUnknown):
            services.choose_design(actor=owner, work=draft.work, design="baroque", at=noon)

    def test_refuses_whoever_may_not_edit(self, draft, noon, stranger):
        illustrator = make_author()
        make_contributor(draft.work, user=illustrator, role="ill")
        for who, refusal in ((stranger, NotFound), (illustrator, NotAllowed)):
            with pytest.raises(refusal):
                services.choose_design(actor=who, work=draft.work, design="classic", at=noon)


class TestFixAsWhole:
    def test_makes_the_draft_again_and_later_uploads_with_it(self, owner, draft, noon, sent):
        work = services.fix_as_whole(actor=owner, work=draft.work, codes=[CODE], at=noon)
        assert (work.fixes, options_of(work).fixes) == ([CODE], (CODE,))
        assert len(sent) == 1
        services.prepare_edition(actor=owner, manuscript=draft.manuscript, at=noon)
        assert options_of(work).fixes == (CODE,)
        assert AuditEntry.objects.get(verb="fix.accepted").facts == {"code": CODE}

    def test_twice_is_once(self, owner, draft, noon, sent):
        for _ in range(2):
            work = services.fix_as_whole(actor=owner, work=draft.work, codes=[CODE], at=noon)
        assert work.fixes == [CODE]
        assert len(sent) == 1

    def test_of_an_edition_on_sale_makes_a_new_draft(self, owner, noon):
        edition = make_published_edition(owner=owner, announce=False)
        services.fix_as_whole(actor=owner, work=edition.work, codes=[CODE], at=noon)
        draft = selectors.draft_of(edition.work)
        assert draft is not None
        assert (draft.number, draft.manuscript) == (2, edition.manuscript)
        edition.refresh_from_db()
        assert edition.state == EditionState.PUBLISHED

    @pytest.mark.parametrize("code", ["note.missing", "text.double-spaces"])
    def test_refuses_what_nothing_can_fix_or_is_fixed_by_place(self, owner, draft, noon, code):
        with pytest.raises(errors.FixUnknown):
            services.fix_as_whole(actor=owner, work=draft.work, codes=[CODE, code], at=noon)

    def test_refuses_a_stranger(self, draft, noon, stranger):
        with pytest.raises(NotFound):
            services.fix_as_whole(actor=stranger, work=draft.work, codes=[CODE], at=noon)


class TestUndoFix:
    def test_makes_the_files_as_they_were(self, owner, draft, noon):
        services.fix_as_whole(actor=owner, work=draft.work, codes=[CODE], at=noon)
        work = services.undo_fix(actor=owner, work=draft.work, code=CODE, at=noon)
        assert (work.fixes, options_of(work).fixes) == ([], ())

    def test_works_when_the_engine_has_lost_the_fix(self, owner, draft, noon, monkeypatch):
        services.fix_as_whole(actor=owner, work=draft.work, codes=[CODE], at=noon)
        monkeypatch.setattr(rules, "mendable", frozenset)
        assert services.undo_fix(actor=owner, work=draft.work, code=CODE, at=noon).fixes == []

    def test_refuses_what_is_not_in_use(self, owner, draft, noon):
        with pytest.raises(errors.FixUnknown):
            services.undo_fix(actor=owner, work=draft.work, code=CODE, at=noon)


class TestRequestPreview:
    def test_asks_for_a_short_run_over_the_manuscript(self, owner, draft, noon, sent):
        work = services.request_preview(actor=owner, work=draft.work, at=noon)
        job = work.preview_job
        assert job is not None
        options = job.options
        assert (options.formats, options.targets) == (("preview",), ("print", "phone"))
        assert job.source_file == draft.manuscript.file
        assert sent == [job.pk]
        assert selectors.newest_of(work).job == draft.job, "the edition keeps its own"

    def test_asks_once_for_a_manuscript_and_again_after_a_failure(self, owner, draft, noon, sent):
        work = services.request_preview(actor=owner, work=draft.work, at=noon)
        services.request_preview(actor=owner, work=work, at=noon)
        assert len(sent) == 1
        ConversionJob.objects.filter(pk=sent[0]).update(state=JobState.FAILED)
        services.request_preview(actor=owner, work=work, at=noon)
        assert len(sent) == 2

    def test_waits_until_the_manuscript_is_read(self, owner, noon):
        job = make_job(requested_by=owner, state=JobState.RUNNING)
        edition = make_edition(work=make_work(owner=owner), job=job)
        with pytest.raises(errors.PreviewTooSoon):
            services.request_preview(actor=owner, work=edition.work, at=noon)
        job.progress = (JobEvent(Stage.READ, noon, {"title": "The Lamp"}),)
        job.save()
        assert services.request_preview(actor=owner, work=edition.work, at=noon).preview_job is not None

    def test_refuses_a_stranger(self, draft, noon, stranger):
        with pytest.raises(NotFound):
            services.request_preview(actor=stranger, work=draft.work, at=noon)
