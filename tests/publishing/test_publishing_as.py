"""The draft of a work on sale: as a new edition or a correction, now or on a day."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail

from accounts.models import AuditEntry
from common import clock
from common.errors import NotAllowed, NotFound
from publishing import errors, selectors, services
from publishing.models import EditionState, PlannedRelease, Price, RightsStatement, TextComparison, Work
from publishing.services import publishing_as
from publishing.services.publishing_as import Publication
from tests.factories.accounts import make_moderator
from tests.factories.publishing import make_contributor, make_edition, make_published_edition, make_work

pytestmark = pytest.mark.django_db
AS_EDITION, AS_REVISION = Publication(is_revision=False), Publication(is_revision=True)


@pytest.fixture
def draft(owner):
    return make_edition(work=make_published_edition(owner=owner).work)


def publish(draft, publication=AS_EDITION, *, actor=None, at=None):
    return services.publish_as(
        actor=actor or draft.work.owner, work=draft.work, publication=publication, at=at or clock.now()
    )


def planned(draft, days=3, **choices):
    due_at = clock.now() + timedelta(days=days)
    publish(draft, Publication(is_revision=choices.pop("is_revision", False), due_at=due_at, **choices))
    return PlannedRelease.objects.get(edition=draft)


class TestNumbers:
    def test_an_edition_has_the_next_number(self, draft):
        published = publish(draft, Publication(is_revision=False, notes=" A new chapter. ", wants_mail=True))
        assert (published.label, published.notes, published.wants_mail) == ("2", "A new chapter.", True)

    def test_corrections_count_up_within_their_edition(self, owner, draft):
        assert publish(draft, AS_REVISION).label == "1.1"
        assert publish(make_edition(work=draft.work, number=2), AS_REVISION).label == "1.2"
        assert publish(make_edition(work=draft.work, number=2)).label == "2"
        assert publish(make_edition(work=draft.work, number=3), AS_REVISION).label == "2.1"
        assert [one.label for one in selectors.editions_of(draft.work)] == ["2.1", "2", "1.2", "1.1", "1"]
        assert [one.label for one in draft.work.editions.on_sale()] == ["2.1"]

    def test_a_correction_supersedes_what_it_corrects(self, draft):
        publish(draft, AS_REVISION)
        states = {one.label: one.state for one in draft.work.editions.all()}
        assert states == {"1": EditionState.SUPERSEDED, "1.1": EditionState.PUBLISHED}

    def test_a_correction_is_never_mailed(self, draft):
        assert publish(draft, Publication(is_revision=True, wants_mail=True)).wants_mail is False

    def test_the_next_draft_goes_by_the_newest(self, owner, draft, noon, sent):
        publish(draft, AS_REVISION)
        again = services.prepare_edition(actor=owner, manuscript=draft.manuscript, at=noon)
        assert (again.label, again.identifier) == ("2", draft.identifier)

    def test_a_correction_keeps_the_isbn(self, owner, noon, sent):
        first = make_published_edition(owner=owner, identifier="urn:isbn:9783161484100")
        again = services.prepare_edition(actor=owner, manuscript=first.manuscript, at=noon)
        assert again.identifier == "urn:isbn:9783161484100"

    def test_the_statement_of_rights_goes_on_with_a_correction(self, draft):
        RightsStatement.objects.filter(edition=draft).delete()
        published = publish(draft, AS_REVISION)
        assert selectors.statement_of(published) is not None

    def test_a_first_edition_is_never_a_correction(self, owner):
        first = make_edition(work=make_work(owner=owner))
        assert publish(first, AS_REVISION).label == "1"

    def test_what_came_before_is_compared(self, draft):
        before = selectors.published_of(draft.work)
        publish(draft, AS_REVISION)
        assert TextComparison.objects.filter(before=before.job, after=draft.job).exists()


class TestRefusals:
    def test_without_a_draft(self, owner):
        with pytest.raises(errors.NothingToPublish):
            publish(make_published_edition(owner=owner))

    @pytest.mark.parametrize("publication", [AS_EDITION, AS_REVISION])
    def test_asks_what_every_publishing_asks(self, draft, publication):
        Price.objects.all().delete()
        with pytest.raises(errors.EditionNotReady, match="No price yet"):
            publish(draft, publication)
        draft.refresh_from_db()
        assert (draft.state, draft.label) == (EditionState.DRAFT, "2")

    def test_a_work_that_was_taken_down(self, draft):
        Work.objects.filter(pk=draft.work.pk).update(held_by="case_1")
        with pytest.raises(errors.WorkTakenDown):
            publish(draft)
        with pytest.raises(errors.WorkTakenDown):
            planned(draft)

    def test_strangers_do_not_learn_of_it(self, draft, stranger):
        with pytest.raises(NotFound):
            publish(draft, actor=stranger)

    @pytest.mark.parametrize("who", ["moderator", "co_author"])
    def test_is_the_owners(self, draft, stranger, who):
        make_contributor(draft.work, user=stranger)
        with pytest.raises(NotAllowed):
            publish(draft, actor=stranger if who == "co_author" else make_moderator())

    @pytest.mark.parametrize("days", [-1, 0])
    def test_a_plan_is_for_later(self, draft, days):
        with pytest.raises(errors.ReleaseTooEarly):
            planned(draft, days)

    def test_a_first_edition_is_announced_instead(self, owner):
        with pytest.raises(errors.FirstEditionNotPlanned):
            planned(make_edition(work=make_work(owner=owner)))


class TestPlans:
    def released(self, plan, *, days=0):
        return publishing_as.release_planned(plan_id=plan.pk, at=plan.due_at + timedelta(days=days))

    def test_goes_on_sale_when_its_time_has_come(self, draft):
        plan = planned(draft, notes="Ready.", is_revision=True)
        assert publishing_as.release_planned(plan_id=plan.pk, at=plan.due_at - timedelta(seconds=1)) is False
        assert self.released(plan) is True
        assert self.released(plan) is False, "safe to run twice"
        draft.refresh_from_db()
        assert (draft.label, draft.notes, draft.state) == ("1.1", "Ready.", EditionState.PUBLISHED)
        assert not PlannedRelease.objects.exists()

    def test_the_gate_is_asked_again(self, draft, sent, monkeypatch):
        told = []
        plan = planned(draft)
        monkeypatch.setattr("common.jobs.enqueue", lambda name, **ids: told.append(name))
        prices = list(Price.objects.all())
        Price.objects.all().delete()
        assert self.released(plan) is False
        assert told == ["publishing.mail_plan"]
        assert PlannedRelease.objects.exists()
        Price.objects.bulk_create(prices)
        assert self.released(plan, days=1) is True, "as soon as it is ready"

    def test_is_looked_at_a_day_before(self, draft, monkeypatch):
        plan = planned(draft)
        told = []
        monkeypatch.setattr("common.jobs.enqueue", lambda name, **ids: told.append(name))
        assert publishing_as.check_plan(plan_id=plan.pk, at=clock.now()) is True
        assert told == []
        PlannedRelease.objects.update(checked_at=None)
        Price.objects.all().delete()
        assert publishing_as.check_plan(plan_id=plan.pk, at=clock.now()) is False
        assert publishing_as.check_plan(plan_id=plan.pk, at=clock.now()) is False
        assert told == ["publishing.mail_plan"], "once"

    def test_the_sweeper_finds_them(self, draft, monkeypatch):
        plan = planned(draft)
        sent = []
        monkeypatch.setattr("common.jobs.enqueue", lambda name, **ids: sent.append((name, ids)))

        def sweep(at):
            sent.clear()
            monkeypatch.setattr("common.clock.database_now", lambda: at)
            publishing_as.enqueue_due_plans()
            return list(sent)

        assert sweep(plan.due_at - timedelta(days=2)) == []
        assert sweep(plan.due_at - timedelta(hours=23)) == [("publishing.check_plan", {"plan_id": plan.pk})]
        assert sweep(plan.due_at) == [("publishing.release_planned", {"plan_id": plan.pk})]
        PlannedRelease.objects.update(checked_at=plan.planned_at)
        assert sweep(plan.due_at - timedelta(hours=23)) == []

    def test_another_day_is_looked_at_anew(self, draft):
        plan = planned(draft)
        publishing_as.check_plan(plan_id=plan.pk, at=clock.now())
        assert planned(draft, days=9).checked_at is None
        assert PlannedRelease.objects.count() == 1

    def test_publishing_now_ends_the_plan(self, draft):
        planned(draft)
        publish(draft)
        assert not PlannedRelease.objects.exists()

    def test_can_be_canceled(self, draft, stranger):
        planned(draft)
        with pytest.raises(NotFound):
            services.cancel_plan(actor=stranger, work=draft.work)
        services.cancel_plan(actor=draft.work.owner, work=draft.work)
        with pytest.raises(errors.NothingPlanned):
            services.cancel_plan(actor=draft.work.owner, work=draft.work)
        verbs = AuditEntry.objects.filter(subject_id=draft.public_id).values_list("verb", flat=True)
        assert {"edition.planned", "edition.plan_canceled"} <= set(verbs)

    def test_who_lost_the_right_to_publish_releases_nothing(self, draft, stranger):
        plan = planned(draft)
        PlannedRelease.objects.update(planned_by=stranger)
        assert self.released(plan) is False


class TestMail:
    def test_says_what_is_missing_before_and_after(self, draft):
        plan = planned(draft)
        Price.objects.all().delete()
        assert services.mail_plan(plan_id=plan.pk) is True
        with clock.frozen(plan.due_at):
            assert services.mail_plan(plan_id=plan.pk) is True
            assert services.mail_plan(plan_id=plan.pk) is False, "once"
        assert [one.subject for one in mail.outbox] == [
            "Tomorrow’s edition is not ready",
            "Your new edition is not out yet",
        ]
        assert "No price yet" in mail.outbox[0].body

    def test_is_not_sent_when_all_is_there(self, draft):
        plan = planned(draft)
        assert services.mail_plan(plan_id=plan.pk) is False
        assert mail.outbox == []

    def test_nobody_is_told_of_a_plan_that_is_gone(self, draft):
        plan = planned(draft)
        services.cancel_plan(actor=draft.work.owner, work=draft.work)
        assert services.mail_plan(plan_id=plan.pk) is False
