"""Publishing, superseding, withdrawing, making again."""

from __future__ import annotations

import pytest

from accounts.models import AuditEntry
from common.errors import NotAllowed, NotFound
from conversion.models import JobState
from publishing import errors, selectors, services
from publishing.models import EditionState, Work
from tests.factories.accounts import make_finance, make_moderator, make_operator
from tests.factories.conversion import make_done_job, make_finding, make_job
from tests.factories.publishing import (
    make_contributor,
    make_edition,
    make_manuscript,
    make_published_edition,
    make_split,
    make_work,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def heard(monkeypatch) -> list[tuple[str, object]]:
    """What the shop was told."""
    told: list[tuple[str, object]] = []
    monkeypatch.setattr("publishing.hooks._listed", [lambda edition: told.append(("listed", edition))])
    monkeypatch.setattr("publishing.hooks._withdrawn", [lambda edition: told.append(("withdrawn", edition))])
    return told


class TestPublishEdition:
    def test_puts_it_on_sale_and_tells_the_shop(self, owner, noon, heard):
        edition = make_edition(work=make_work(owner=owner))
        published = services.publish_edition(actor=owner, edition=edition, at=noon)
        assert (published.state, published.published_at) == (EditionState.PUBLISHED, noon)
        assert heard == [("listed", edition)]
        assert AuditEntry.objects.filter(verb="edition.published", subject_id=edition.public_id).count() == 1

    def test_supersedes_the_edition_before(self, owner, noon):
        first = make_published_edition(owner=owner)
        second = make_edition(work=first.work)
        services.publish_edition(actor=owner, edition=second, at=noon)
        first.refresh_from_db()
        assert first.state == EditionState.SUPERSEDED
        assert list(first.work.editions.on_sale()) == [second]

    @pytest.mark.parametrize("field", ["title", "language", "subject"])
    def test_refuses_without_a_detail(self, owner, noon, heard, field):
        edition = make_edition(work=make_work(owner=owner))
        Work.objects.filter(pk=edition.work.pk).update(**{field: ""})
        with pytest.raises(errors.EditionNotReady):
            services.publish_edition(actor=owner, edition=edition, at=noon)
        assert heard == []

    def test_refuses_without_a_price(self, owner, noon):
        edition = make_edition(work=make_work(owner=owner, prices={}))
        with pytest.raises(errors.EditionNotReady, match="No price yet"):
            services.publish_edition(actor=owner, edition=edition, at=noon)

    def test_a_free_book_has_a_price(self, owner, noon):
        edition = make_edition(work=make_work(owner=owner, prices={"USD": 0}))
        assert services.publish_edition(actor=owner, edition=edition, at=noon).state == EditionState.PUBLISHED

    @pytest.mark.parametrize("state", [JobState.QUEUED, JobState.RUNNING, JobState.FAILED, JobState.CANCELED])
    def test_refuses_until_the_files_are_made(self, owner, noon, state):
        work = make_work(owner=owner)
        edition = make_edition(work=work, job=make_job(requested_by=owner, state=state))
        with pytest.raises(errors.EditionNotReady):
            services.publish_edition(actor=owner, edition=edition, at=noon)

    def test_refuses_while_a_finding_stops_readers(self, owner, noon):
        edition = make_edition(work=make_work(owner=owner))
        make_finding(edition.job, severity="problem")
        assert selectors.is_ready(edition)
        make_finding(edition.job, severity="blocker")
        with pytest.raises(errors.EditionNotReady):
            services.publish_edition(actor=owner, edition=edition, at=noon)

    def test_refuses_files_that_carry_another_title(self, owner, noon):
        work = make_work(owner=owner)
        edition = make_edition(work=work, job=make_done_job(requested_by=owner, result={"title": "Old"}))
        with pytest.raises(errors.EditionNotReady, match="files"):
            services.publish_edition(actor=owner, edition=edition, at=noon)

    def test_refuses_while_a_split_waits_for_consent(self, owner, stranger, noon):
        edition = make_edition(work=make_work(owner=owner))
        other = make_contributor(edition.work, user=stranger)
        make_split(edition.work, {other: 10_000}, consented=False)
        with pytest.raises(errors.EditionNotReady, match="split"):
            services.publish_edition(actor=owner, edition=edition, at=noon)

    def test_refuses_a_second_time(self, owner, noon):
        edition = make_published_edition(owner=owner)
        with pytest.raises(errors.EditionAlreadyPublished):
            services.publish_edition(actor=owner, edition=edition, at=noon)

    def test_refuses_to_bring_a_superseded_one_back(self, owner, noon):
        edition = make_edition(work=make_work(owner=owner), state=EditionState.SUPERSEDED)
        with pytest.raises(errors.EditionSuperseded):
            services.publish_edition(actor=owner, edition=edition, at=noon)

    def test_hides_the_work_from_strangers(self, stranger, noon):
        with pytest.raises(NotFound):
            services.publish_edition(actor=stranger, edition=make_edition(), at=noon)

    @pytest.mark.parametrize("make", [make_operator, make_moderator])
    def test_refuses_staff(self, noon, make):
        with pytest.raises(NotAllowed):
            services.publish_edition(actor=make(), edition=make_edition(), at=noon)

    def test_hides_the_work_from_finance(self, noon):
        with pytest.raises(NotFound):
            services.publish_edition(actor=make_finance(), edition=make_edition(), at=noon)

    def test_refuses_a_co_author(self, stranger, noon):
        edition = make_edition()
        make_contributor(edition.work, user=stranger)
        with pytest.raises(NotAllowed):
            services.publish_edition(actor=stranger, edition=edition, at=noon)


class TestWithdrawEdition:
    def test_takes_it_off_sale_and_tells_the_shop(self, owner, noon, heard):
        edition = make_published_edition(owner=owner, announce=False)
        services.withdraw_edition(actor=owner, edition=edition, at=noon)
        edition.refresh_from_db()
        assert edition.state == EditionState.WITHDRAWN
        assert heard == [("withdrawn", edition)]

    def test_can_be_undone(self, owner, noon):
        edition = make_published_edition(owner=owner)
        services.withdraw_edition(actor=owner, edition=edition, at=noon)
        assert services.publish_edition(actor=owner, edition=edition, at=noon).state == EditionState.PUBLISHED

    def test_refuses_a_draft(self, owner, noon):
        with pytest.raises(errors.EditionNotOnSale):
            services.withdraw_edition(actor=owner, edition=make_edition(work=make_work(owner=owner)), at=noon)

    def test_hides_the_work_from_strangers(self, stranger, noon):
        with pytest.raises(NotFound):
            services.withdraw_edition(actor=stranger, edition=make_published_edition(), at=noon)


class TestRebuildEdition:
    def test_tries_a_failed_conversion_again(self, owner, noon, sent):
        job = make_job(requested_by=owner, state=JobState.FAILED)
        edition = make_edition(work=make_work(owner=owner), job=job)
        again = services.rebuild_edition(actor=owner, work=edition.work, at=noon)
        assert again.pk == edition.pk
        assert sent == [again.job.pk] != [job.pk]

    def test_a_damaged_manuscript_is_repaired_when_asked_and_then_always(self, owner, noon):
        edition = make_edition(work=make_work(owner=owner), job=make_job(requested_by=owner, state=JobState.FAILED))
        again = services.rebuild_edition(actor=owner, work=edition.work, at=noon, repair=True)
        assert again.job.options.repair is True
        Work.objects.filter(pk=edition.work.pk).update(title="The Lamp")
        edition.work.refresh_from_db()
        services.rebuild_edition(actor=owner, work=edition.work, at=noon)
        again.refresh_from_db()
        assert (again.job.options.overrides.title, again.job.options.repair) == ("The Lamp", True)

    def test_a_new_manuscript_is_not_repaired_for_the_old_ones_sake(self, owner, noon):
        edition = make_edition(work=make_work(owner=owner), job=make_job(requested_by=owner, state=JobState.FAILED))
        services.rebuild_edition(actor=owner, work=edition.work, at=noon, repair=True)
        other = make_manuscript(edition.work, content=b"# Another\n\nSun.\n")
        assert services.prepare_edition(actor=owner, manuscript=other, at=noon).job.options.repair is False

    def test_makes_a_new_edition_of_a_published_work_whose_details_changed(self, owner, noon):
        edition = make_published_edition(owner=owner)
        Work.objects.filter(pk=edition.work.pk).update(title="The Lamp")
        edition.work.refresh_from_db()
        draft = services.rebuild_edition(actor=owner, work=edition.work, at=noon)
        assert (draft.number, draft.manuscript, draft.state) == (2, edition.manuscript, EditionState.DRAFT)

    def test_refuses_when_nothing_changed(self, owner, noon):
        edition = make_published_edition(owner=owner)
        with pytest.raises(errors.NothingToRebuild):
            services.rebuild_edition(actor=owner, work=edition.work, at=noon)
