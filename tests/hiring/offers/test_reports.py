"""Services are reported, taken down by a moderator, and shown again after an appeal."""

from __future__ import annotations

import pytest
from django.urls import reverse

from common import clock
from common.errors import NotFound
from hiring.offers.models import OfferState
from storefront.community.errors import AlreadyReported, EvidenceMissing, OutcomeNotPossible, SubjectChanged
from storefront.community.models import AppealOutcome, CaseOutcome, Reported, ReportRule, ReviewCase
from storefront.community.selectors import cases
from storefront.community.services import moderation, reports
from storefront.community.services.reports import ReportInput, ReportNotAllowed
from tests.factories.accounts import make_moderator, make_reader
from tests.factories.hiring import make_offer

pytestmark = [pytest.mark.django_db, pytest.mark.both]

TOLD = ReportInput(ReportRule.OTHER, "They offer to write the book in my name.")


def report(offer, actor=None):
    return reports.report_thing(
        actor=actor or make_reader(), reported=Reported.OFFER, thing_id=offer.public_id, told=TOLD, at=clock.now()
    )


def decide(case, outcome=CaseOutcome.HIDE, **more):
    given = {
        "actor": make_moderator(),
        "rule": ReportRule.COPYRIGHT,
        "reason": "The sample is another's work.",
        "evidence": "The whole sample.",
        "seen": cases.current_subject(case).version,
        **more,
    }
    return moderation.decide(case=case, outcome=outcome, at=clock.now(), **given)


class TestReport:
    def test_opens_one_case_for_all_who_report_it(self):
        offer = make_offer()
        assert report(offer).case == report(offer).case
        case = ReviewCase.objects.get()
        assert (case.writer, case.name, case.reports.count()) == (offer.provider, offer.title, 2)

    def test_refuses_the_provider_a_second_report_and_what_nobody_sees(self):
        offer = make_offer()
        reader = make_reader()
        report(offer, reader)
        with pytest.raises(AlreadyReported):
            report(offer, reader)
        with pytest.raises(ReportNotAllowed):
            report(offer, offer.provider)
        with pytest.raises(ReportNotAllowed):
            report(make_offer(state=OfferState.PAUSED))
        with pytest.raises(NotFound):
            report(make_offer(state="taken_down", held_by="mod_1"))

    def test_from_the_page_to_the_list_of_reports(self, client):
        offer, reader = make_offer(title="Ghostwriting"), make_reader()
        client.force_login(reader)
        address = reverse("community:thing-report", args=["offer", offer.public_id])
        assert address in client.get(reverse("offers:offer", args=[offer.public_id])).content.decode()
        assert "Report this service" in client.get(address).content.decode()
        assert client.post(address, {"rule": "", "words": ""}).status_code == 422
        page = client.post(
            address, {"rule": "other", "words": "Look at it.", "place": "Line 1", "good_faith": "on"}, follow=True
        )
        assert "Ghostwriting" in page.content.decode()

    @pytest.mark.parametrize("kind", ["offer", "book", "shelf", "planet"])
    def test_there_is_no_page_for_what_is_not_there(self, client, kind):
        client.force_login(make_reader())
        assert client.get(reverse("community:thing-report", args=[kind, "ofr_unknown"])).status_code == 404


class TestDecide:
    def test_takes_it_down_and_an_appeal_brings_it_back(self):
        offer = make_offer()
        case = decide(report(offer).case)
        offer.refresh_from_db()
        assert (offer.state, offer.held_by) == (OfferState.TAKEN_DOWN, case.public_id)
        moderation.appeal(actor=offer.provider, case=case, text="It is my own.", at=clock.now())
        case.refresh_from_db()
        moderation.decide_appeal(
            actor=make_moderator(),
            case=case,
            outcome=AppealOutcome.OVERTURNED,
            reason="It is.",
            seen=cases.current_subject(case).version,
            at=clock.now(),
        )
        offer.refresh_from_db()
        assert (offer.state, offer.held_by) == (OfferState.PAUSED, "")

    def test_may_change_nothing(self):
        offer = make_offer()
        decide(report(offer).case, CaseOutcome.KEEP)
        offer.refresh_from_db()
        assert offer.is_public

    @pytest.mark.parametrize(
        ("change", "error"),
        [
            ({"outcome": CaseOutcome.OFF_SALE}, OutcomeNotPossible),
            ({"evidence": ""}, EvidenceMissing),
            ({"seen": "an older text"}, SubjectChanged),
        ],
        ids=str,
    )
    def test_refuses(self, change, error):
        with pytest.raises(error):
            decide(report(make_offer()).case, **change)

    def test_refuses_whoever_reported_it(self):
        moderator = make_moderator()
        case = report(make_offer(), moderator).case
        with pytest.raises(moderation.CaseNotYours):
            decide(case, actor=moderator)

    def test_shows_the_case_to_moderators_and_the_decision_to_the_provider(self, client):
        offer = make_offer(title="Ghostwriting")
        case = report(offer).case
        client.force_login(make_moderator())
        assert "Ghostwriting" in client.get(reverse("community:moderation-cases")).content.decode()
        assert offer.text in client.get(reverse("community:moderation-case", args=[case.public_id])).content.decode()
        decide(case)
        client.force_login(offer.provider)
        page = client.get(reverse("community:review-case", args=[case.public_id])).content.decode()
        assert "A decision about your service" in page
        assert "it cannot be changed" in page
        edit = client.get(reverse("offers:edit", args=[offer.public_id])).content.decode()
        assert reverse("community:review-case", args=[case.public_id]) in edit
