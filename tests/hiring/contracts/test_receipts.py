"""What a client has in hand once they have paid: a receipt by email and on a page, and amounts in every email."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from common import clock
from common.models import PendingMail
from common.templatetags.money import percent
from hiring.contract_terms import ShareTerms
from hiring.contracts import services
from hiring.contracts.models import Milestone
from hiring.contracts.process import Actor, State
from hiring.contracts.selectors.receipts import receipt_of
from hiring.contracts.services.notice_words import Kind, words_of
from hiring.funding.models import MilestonePayment
from tests.factories.accounts import make_author, make_moderator
from tests.hiring.contracts.factories import DAY, LATE, NOON, deliver, fund, in_state, make_contract
from tests.hiring.contracts.test_payments import pay

pytestmark = pytest.mark.django_db


def newest_to(user: User) -> PendingMail:
    return PendingMail.objects.filter(to=user.mail_to).latest("pk")


def page(user: User, milestone: Milestone):
    browser = Client()
    browser.force_login(user)
    return browser.get(reverse("contracts:receipt", args=[milestone.contract.public_id, milestone.public_id]))


class TestReceipt:
    def test_says_what_was_paid_to_whom_when_and_by_which_payment(self) -> None:
        milestone = pay(make_contract(at=clock.now()).milestones.get())
        contract = milestone.contract
        text = page(contract.client, milestone).text
        mail = newest_to(contract.client)
        payment = MilestonePayment.objects.get()
        for shown in (text, mail.text):
            assert "A cover for The Lighthouse: Part 1 (Cover design)" in shown
            assert contract.provider.display_name in shown
            assert "$400.00" in shown
            assert "$32.00 at most" in shown
            assert payment.public_id in shown
        assert "It is no invoice" in text
        assert "VAT" not in mail.text

    def test_names_the_vat_number_and_the_vat_in_our_fee_where_there_is_one(self) -> None:
        milestone = make_contract().milestones.get()
        services.start_paying(
            actor=milestone.contract.client, milestone=milestone, at=NOON, is_business=True, vat_number="DE123456789"
        )
        milestone = fund(milestone)
        rates = milestone.rates
        assert rates is not None
        milestone.rates = type(rates)(rates.bps, rates.lasting_bps, rates.full_minor, 1900, "DE")
        found = receipt_of(milestone)
        assert found is not None
        lines = dict(found.lines)
        assert lines["Paid by"].endswith("VAT number DE123456789")
        assert lines["VAT in our fee"] == f"{percent(1900)}, DE"

    def test_says_what_came_back(self) -> None:
        milestone = in_state(State.RETURNED)
        assert "Returned" in page(milestone.contract.client, milestone).text

    @pytest.mark.parametrize("state", [State.PLANNED, State.PAYING, State.CALLED_OFF])
    def test_is_not_there_before_a_payment(self, state: State) -> None:
        milestone = in_state(state)
        assert page(milestone.contract.client, milestone).status_code == 404

    def test_nor_where_nothing_is_paid(self) -> None:
        milestone = make_contract(amounts=[0], share=ShareTerms(1000, None)).milestones.get()
        assert page(milestone.contract.client, milestone).status_code == 404

    def test_is_the_clients_alone(self) -> None:
        milestone = in_state(State.FUNDED)
        assert page(milestone.contract.provider, milestone).status_code == 403
        assert page(make_moderator(), milestone).status_code in {403, 404}
        assert page(make_author(), milestone).status_code == 404

    def test_the_contract_leads_there_and_only_its_client(self) -> None:
        milestone = in_state(State.FUNDED)
        contract = milestone.contract
        link = reverse("contracts:receipt", args=[contract.public_id, milestone.public_id])
        for person, is_there in ((contract.client, True), (contract.provider, False)):
            browser = Client()
            browser.force_login(person)
            text = browser.get(reverse("contracts:contract", args=[contract.public_id])).text
            assert (link in text) is is_there


class TestAmountsInMails:
    def test_paid(self) -> None:
        milestone = in_state(State.FUNDED)
        assert "has paid $400.00" in newest_to(milestone.contract.provider).text
        assert "We hold $400.00" in newest_to(milestone.contract.client).text

    def test_a_proposed_division_and_what_became_of_it(self) -> None:
        milestone = in_state(State.SETTLED)
        for person in (milestone.contract.client, milestone.contract.provider):
            text = newest_to(person).text
            assert "$100.00 is released to the provider, less our fee, and $300.00 goes back" in text
        proposal = PendingMail.objects.get(to=milestone.contract.provider.mail_to, subject__startswith="A proposal")
        assert "$100.00 to the provider, $300.00 back to the client" in proposal.text

    def test_a_decision_before_and_after_it_is_final(self) -> None:
        milestone = in_state(State.DECIDED)
        assert "$200.00 to the provider, $100.00 back to the client" in newest_to(milestone.contract.client).text
        services.run_clock(milestone_id=milestone.pk, at=NOON + 14 * DAY)
        assert (
            "$200.00 goes to the provider, less our fee, and $100.00 back" in newest_to(milestone.contract.client).text
        )

    def test_what_is_late_and_what_goes_back(self) -> None:
        milestone = in_state(State.FUNDED)
        services.run_clock(milestone_id=milestone.pk, at=milestone.due_at + LATE)
        assert "You can take back $400.00 now" in newest_to(milestone.contract.client).text
        services.run_clock(milestone_id=milestone.pk, at=milestone.due_at + 14 * DAY)
        assert "$400.00 is on its way" in newest_to(milestone.contract.client).text
        assert "$400.00 went back" in newest_to(milestone.contract.provider).text

    def test_a_bank(self) -> None:
        milestone = in_state(State.FROZEN)
        assert "the payment of $400.00" in newest_to(milestone.contract.provider).text

    @pytest.mark.parametrize("kind", list(Kind))
    @pytest.mark.parametrize("to", [Actor.CLIENT, Actor.PROVIDER])
    def test_without_money_no_mail_names_an_amount_that_is_not_there(self, kind: Kind, to: Actor) -> None:
        """Kinds that can be about a milestone of 0 say nothing of money."""
        if kind not in _ABOUT_FREE:
            return
        found = words_of(kind, to, is_free=True)
        told = f"{found.subject} {found.body} {found.until}"
        assert "%(amount)s" not in told
        assert "%(rest)s" not in told
        assert "money" not in told


_ABOUT_FREE = {
    *(Kind.DUE_SOON, Kind.LATE, Kind.ABSENT, Kind.DELIVERED, Kind.REVIEW_ENDS_SOON, Kind.REVISION_LATE),
    *(Kind.ACCEPTED, Kind.RELEASED, Kind.GIVEN_BACK, Kind.TAKEN_BACK, Kind.DIVISION, Kind.DIVIDED),
}


def test_giving_up_what_a_share_pays_for_is_told_without_an_amount() -> None:
    milestone = make_contract(amounts=[0], share=ShareTerms(1000, None)).milestones.get()
    services.give_back(actor=milestone.contract.provider, milestone=deliver(milestone), at=NOON)
    mail = newest_to(milestone.contract.client)
    assert "has given up" in mail.subject
    assert "no share begins" in mail.text
