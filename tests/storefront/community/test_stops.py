"""Emergency stops of 72 hours, what authors mend, and bundles that come back with their book."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.urls import reverse

from common import clock
from publishing.errors import WorkTakenDown
from publishing.models import EditionState
from publishing.services import publish_edition
from royalties.models import JournalEntry
from storefront.catalogue.models import BundleState, Listing
from storefront.community import tasks
from storefront.community.errors import CaseNotYours, EvidenceMissing, ReasonMissing, StoppedBefore, SubjectChanged
from storefront.community.models import CaseOutcome, CaseState, Remedy, ReportRule, Stop
from storefront.community.services import case_emails, moderation, remedies, stops
from tests.conftest import NOON
from tests.factories.accounts import make_author, make_finance, make_moderator, make_reader
from tests.factories.buying import buy
from tests.factories.offers import make_bundle
from tests.factories.publishing import make_edition, make_published_edition
from tests.storefront.community.reported import decide, make_shelf, report, report_shelf, seen

pytestmark = pytest.mark.django_db
OVER = NOON + timedelta(hours=72)


@pytest.fixture
def edition():
    return make_published_edition(slug="the-lamp", title="The Lamp", owner=make_author(display_name="Ada"))


@pytest.fixture
def work(edition):
    return edition.work


def stop(case, actor=None, **given):
    told = {"rule": ReportRule.HATE, "evidence": "Page 3.", "reason": "It calls for violence.", "seen": seen(case)}
    return stops.stop(actor=actor or make_moderator(), case=case, at=NOON, **{**told, **given})


def is_on_sale(work):
    return Listing.objects.get(work=work).is_on_sale and work.editions.on_sale().exists()


class TestStop:
    def test_hides_at_once_and_ends_by_itself(self, work, edition, client):
        stop(report(work))
        assert not is_on_sale(work)
        assert client.get("/books/the-lamp/").status_code == 404
        with pytest.raises(WorkTakenDown):
            publish_edition(actor=work.owner, edition=edition, at=NOON)
        assert stops.end_due(at=OVER - timedelta(seconds=1)) == 0
        assert not is_on_sale(work)
        assert stops.end_due(at=OVER) == 1
        assert is_on_sale(work)
        assert client.get("/books/the-lamp/").status_code == 200
        assert stops.end_due(at=OVER) == 0

    def test_is_ended_by_the_clock_alone(self, work, monkeypatch):
        stop(report(work))
        monkeypatch.setattr(clock, "now", lambda: OVER)
        tasks.end_stops()
        assert is_on_sale(work)

    def test_cannot_be_made_a_decision_by_the_same_person(self, work):
        first = make_moderator()
        case = report(work)
        stop(case, first)
        with pytest.raises(CaseNotYours):
            decide(case, actor=first)
        decide(case, actor=make_moderator())
        assert not is_on_sale(work)
        assert stops.end_due(at=OVER) == 0
        work.refresh_from_db()
        assert work.held_by == case.public_id

    def test_ends_when_a_second_person_changes_nothing(self, work):
        case = report(work)
        stop(case)
        decide(case, CaseOutcome.KEEP, None, evidence="")
        assert is_on_sale(work)

    def test_taken_down_after_a_stop_comes_back_on_appeal(self, work):
        case = report(work)
        stop(case)
        case = decide(case)
        moderation.appeal(actor=work.owner, case=case, text="No.", at=NOON)
        given = {"outcome": "overturned", "reason": "Right.", "seen": seen(case), "at": NOON}
        moderation.decide_appeal(actor=make_moderator(), case=case, **given)
        assert is_on_sale(work)

    def test_touches_no_money(self, work, edition):
        buy(make_reader(), edition)
        before = set(JournalEntry.objects.values_list("pk", flat=True))
        stop(report(work))
        stops.end_due(at=OVER)
        assert set(JournalEntry.objects.values_list("pk", flat=True)) == before

    @pytest.mark.parametrize(
        ("given", "error"),
        [
            ({"rule": ReportRule.OTHER}, ReasonMissing),
            ({"reason": " "}, ReasonMissing),
            ({"evidence": " "}, EvidenceMissing),
            ({"seen": "before"}, SubjectChanged),
        ],
    )
    def test_needs_rule_evidence_and_reason(self, work, given, error):
        with pytest.raises(error):
            stop(report(work), **given)
        assert is_on_sale(work)

    def test_is_made_once_by_a_moderator_without_a_part(self, work):
        case = report(work, reporter := make_moderator())
        for actor in (make_finance(), make_reader(), work.owner, reporter):
            with pytest.raises(CaseNotYours):
                stop(case, actor)
        stop(case)
        stops.end_due(at=OVER)
        with pytest.raises(StoppedBefore):
            stop(case)

    def test_has_an_end_and_grounds_in_the_database(self, work):
        made = stop(report(work))
        for wrong in ({"ends_at": NOON}, {"evidence": ""}, {"reason": ""}):
            with pytest.raises(IntegrityError), transaction.atomic():
                Stop.objects.filter(pk=made.pk).update(**wrong)

    def test_of_a_shelf_hides_it_and_shows_it_again(self, work):
        shelf = make_shelf(work)
        stop(report_shelf(shelf))
        shelf.refresh_from_db()
        assert shelf.is_hidden
        stops.end_due(at=OVER)
        shelf.refresh_from_db()
        assert not shelf.is_hidden

    def test_of_an_announced_book_keeps_its_date(self):
        date = (NOON + timedelta(days=30)).date()
        edition = make_published_edition(state=EditionState.DRAFT, published_at=None, announce=False)
        work = edition.work
        type(work).objects.filter(pk=work.pk).update(release_date=date)
        work.refresh_from_db()
        from publishing.services.editions import announce_change

        announce_change(work)
        stop(report(work))
        assert not Listing.objects.get(work=work).is_on_sale
        work.refresh_from_db()
        assert work.release_date == date
        stops.end_due(at=OVER)
        assert Listing.objects.get(work=work).is_on_sale

    def test_tells_its_owner_once_and_shows_it(self, work, client):
        case = report(work)
        made = stop(case)
        assert case_emails.mail_stop(stop_id=made.pk)
        assert not case_emails.mail_stop(stop_id=made.pk)
        (letter,) = mail.outbox
        assert letter.to == [work.owner.email]
        assert "It calls for violence." in letter.body
        client.force_login(work.owner)
        page = client.get(reverse("community:review-case", args=[case.public_id])).content.decode()
        assert "This is no decision" in page
        assert made.made_by.display_name not in page

    def test_from_the_moderators_page(self, work, client, settings):
        settings.STAFF_SECOND_FACTOR_REQUIRED = False
        client.force_login(make_moderator())
        case = report(work)
        page = reverse("community:moderation-case", args=[case.public_id])
        assert "Hide for 72 hours" in client.get(page).content.decode()
        place = reverse("community:moderation-stop", args=[case.public_id])
        assert client.post(place, {"stop-rule": "hate"}).status_code == 422
        given = {"stop-rule": "hate", "stop-evidence": "Page 3.", "stop-reason": "Now.", "stop-seen": seen(case)}
        assert client.post(place, given)["Location"] == page
        shown = client.get(page).content.decode()
        assert "Hidden until" in shown
        assert "Hide for 72 hours" not in shown
        assert not is_on_sale(work)


class TestMending:
    def accept(self, case, **given):
        told = {"is_accepted": True, "reason": "It is gone.", "seen": remedies.version_of(case), "at": NOON}
        return remedies.decide(actor=make_moderator(), case=case, **{**told, **given})

    def test_brings_the_book_back_through_its_case(self, work):
        case = decide(report(work))
        remedies.send(actor=work.owner, case=case, text="I took out page 30.", at=NOON)
        case.refresh_from_db()
        assert case.state == CaseState.MENDED
        assert not is_on_sale(work)
        self.accept(case)
        case.refresh_from_db()
        assert (case.state, case.remedied_at, is_on_sale(work)) == (CaseState.CLOSED, NOON, True)

    def test_puts_the_mended_edition_on_sale(self, work, edition):
        case = decide(report(work))
        mended = make_edition(work=work)
        remedies.send(actor=work.owner, case=case, text="A new edition.", at=NOON)
        self.accept(case)
        mended.refresh_from_db()
        edition.refresh_from_db()
        assert mended.state == EditionState.PUBLISHED
        assert edition.state != EditionState.PUBLISHED
        assert Listing.objects.get(work=work).edition == mended

    def test_is_refused_with_a_reason_and_tried_again(self, work):
        case = decide(report(work))
        remedies.send(actor=work.owner, case=case, text="Mended.", at=NOON)
        with pytest.raises(ReasonMissing):
            self.accept(case, is_accepted=False, reason=" ")
        refused = self.accept(case, is_accepted=False, reason="Page 31 is still there.")
        case.refresh_from_db()
        assert (case.state, is_on_sale(work)) == (CaseState.DECIDED, False)
        assert case_emails.mail_remedy(remedy_id=refused.pk)
        assert "Page 31 is still there." in mail.outbox[-1].body
        remedies.send(actor=work.owner, case=case, text="That too.", at=NOON)
        assert Remedy.objects.count() == 2

    def test_is_the_owners_alone_and_looked_at_as_it_is(self, work):
        case = decide(report(work))
        with pytest.raises(CaseNotYours):
            remedies.send(actor=make_author(), case=case, text="Mended.", at=NOON)
        remedies.send(actor=work.owner, case=case, text="Mended.", at=NOON)
        with pytest.raises(SubjectChanged):
            self.accept(case, seen="something else")
        with pytest.raises(CaseNotYours):
            told = {"is_accepted": True, "reason": "Fine.", "seen": remedies.version_of(case), "at": NOON}
            remedies.decide(actor=work.owner, case=case, **told)

    def test_is_not_possible_for_the_abuse_of_children(self, work):
        case = decide(report(work), rule=ReportRule.MINORS)
        with pytest.raises(CaseNotYours):
            remedies.send(actor=work.owner, case=case, text="Mended.", at=NOON)

    def test_from_page_to_page(self, work, client, settings):
        settings.STAFF_SECOND_FACTOR_REQUIRED = False
        case = decide(report(work))
        own = reverse("community:review-case", args=[case.public_id])
        client.force_login(work.owner)
        assert client.post(own, {"mended": " "}).status_code == 422
        client.post(own, {"mended": "Page 30 is gone."})
        client.force_login(make_moderator())
        page = reverse("community:moderation-case", args=[case.public_id])
        answer = client.get(page)
        assert "Page 30 is gone." in answer.content.decode()
        version = answer.context["form"].initial["seen"]
        client.post(page, {"outcome": "accepted", "reason": "So it is.", "seen": version})
        assert is_on_sale(work)


class TestBundles:
    @pytest.fixture
    def bundle(self, edition, work):
        return make_bundle(edition, make_published_edition(owner=work.owner))

    def test_are_rows_of_the_case_and_come_back_with_the_book(self, work, bundle):
        case = decide(report(work))
        bundle.refresh_from_db()
        assert bundle.state == BundleState.DRAFT
        assert [row.bundle for row in case.bundles.all()] == [bundle]
        remedies.send(actor=work.owner, case=case, text="Mended.", at=NOON)
        TestMending().accept(case)
        bundle.refresh_from_db()
        assert bundle.state == BundleState.ON_SALE
        assert case.bundles.get().restored_at == NOON

    def test_come_back_when_a_stop_ends(self, work, bundle):
        stop(report(work))
        bundle.refresh_from_db()
        assert bundle.state == BundleState.DRAFT
        stops.end_due(at=OVER)
        bundle.refresh_from_db()
        assert bundle.state == BundleState.ON_SALE

    def test_that_were_off_sale_stay_so(self, edition, work):
        other = make_bundle(edition, make_published_edition(owner=work.owner), on_sale=False)
        case = decide(report(work))
        assert not case.bundles.exists()
        other.refresh_from_db()
        assert other.state == BundleState.DRAFT
