"""Who a provider is for tax: asked for with the first release, needed before a payout, and read only on record."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.models import AuditEntry, Deletion
from common import clock
from common.errors import NotAllowed, NotFound
from common.models import PendingMail
from royalties.account_link import links_of
from royalties.errors import NothingGoes, NothingToPayOut, PayeeCannotAnswer, PayeeHasAnswered, PayoutNotPossible
from royalties.models import MilestoneRecord, PayeeDetails, Payout, PayoutState
from royalties.selectors import payout_page, unknown_payees
from royalties.services import account_deletion, clearing, emails, payee_details, payouts
from royalties.services.payouts import transitions
from tests.royalties.factories import NOON, payout_account, user
from tests.royalties.milestones import DAY, accept, paid, usd

pytestmark = [pytest.mark.both, pytest.mark.django_db]
AT = NOON + DAY
PERSON = {
    "capacity": "private",
    "name": "Pete Penn",
    "birth_date": "1984-02-29",
    "address": "1 Quay Street\nBristol",
    "country": "GB",
    "tax_number": "aa 12 34 56 c",
}
COMPANY = {
    "capacity": "business",
    "name": "Penn Editing Ltd",
    "registration_number": "Companies House 0123456",
    "address": "1 Quay Street, Bristol",
    "country": "GB",
    "tax_number": "1234567890",
    "vat_number": "gb123456789",
}
STATED = payee_details.StatedDetails(
    is_business=False,
    name="Pete Penn",
    birth_date="1984-02-29",
    registration_number="",
    address="1 Quay Street",
    country="GB",
    tax_number="AA123456C",
    birth_place="",
    vat_number="",
)


@pytest.fixture(autouse=True)
def _after_clearing(settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    with clock.frozen(AT):
        yield


@pytest.fixture
def fiona(db):
    return user("Fiona", is_finance=True)


@pytest.fixture
def felix(db):
    return user("Felix", is_finance=True)


@pytest.fixture
def pete(db):
    """Somebody to whom 460.00 are payable for a service, and who can be paid."""
    person = user("Pete")
    accept(paid(50_000, payee=person), 50_000)
    clearing.clear_due(at=AT)
    payout_account(person)
    return person


def state(person) -> PayeeDetails:
    return payee_details.state(actor=person, stated=STATED, at=AT)


class TestAsking:
    def test_begins_with_the_first_release(self, pete):
        asked = PayeeDetails.objects.get()
        assert (asked.user, asked.stated_at, bytes(asked.token)) == (pete, None, b"")
        accept(paid(10_000, payee=pete), 10_000)
        assert PayeeDetails.objects.count() == 1

    def test_is_told_once(self, pete):
        asked = PayeeDetails.objects.get()
        PayeeDetails.objects.update(told_at=None)
        PendingMail.objects.all().delete()
        for _ in range(2):
            emails.tell_details_needed(details_id=asked.pk)
        assert [each.to for each in PendingMail.objects.all()] == [pete.email]

    def test_nobody_is_told_who_answered_meanwhile(self, pete):
        state(pete)
        PayeeDetails.objects.update(told_at=None)
        PendingMail.objects.all().delete()
        emails.tell_details_needed(details_id=PayeeDetails.objects.get().pk)
        assert PayeeDetails.objects.get().told_at is not None
        assert not PendingMail.objects.exists()

    def test_what_is_returned_asks_nobody(self):
        accept(paid(50_000), 0, returned=50_000)
        assert not PayeeDetails.objects.exists()


class TestPayouts:
    def test_wait_for_the_details(self, pete, fiona):
        with pytest.raises(NothingToPayOut):
            payouts.propose_run(actor=fiona, currency="USD", at=AT)
        with pytest.raises(PayoutNotPossible, match="tax details"):
            payouts.request_payout(actor=pete, currency="USD", at=AT)
        state(pete)
        assert payouts.propose_run(actor=fiona, currency="USD", at=AT).payouts.get().amount_minor == 46_000

    def test_of_others_go(self, pete, fiona):
        other = user("Olive")
        accept(paid(50_000, payee=other), 50_000)
        clearing.clear_due(at=AT)
        payout_account(other)
        payee_details.state(actor=other, stated=STATED, at=AT)
        assert payouts.propose_run(actor=fiona, currency="USD", at=AT).payouts.get().user == other

    def test_that_were_proposed_before_do_not_leave(self, pete, fiona, felix):
        state(pete)
        run = payouts.propose_run(actor=fiona, currency="USD", at=AT)
        PayeeDetails.objects.update(stated_at=None, is_business=None, country="")
        with pytest.raises(NothingGoes):
            payouts.approve_run(actor=felix, run=run, at=AT)
        with transaction.atomic():
            payout = run.payouts.select_for_update().get()
            assert transitions.stop_if_it_may_not_go(payout, AT)
        payout.refresh_from_db()
        assert (payout.state, payout.reason) == (PayoutState.CANCELED, transitions.UNKNOWN)


class TestStating:
    def test_keeps_them_encrypted(self, pete):
        details = state(pete)
        assert (details.is_business, details.country) == (False, "GB")
        for secret in (b"Penn", b"1984", b"AA123456C", b"Quay"):
            assert secret not in bytes(details.token)

    def test_is_for_people_who_were_asked(self, fiona):
        with pytest.raises(NotAllowed):
            state(user("Nobody"))

    def test_half_of_them_is_refused_by_the_database(self, pete):
        with pytest.raises(IntegrityError), transaction.atomic():
            PayeeDetails.objects.update(stated_at=AT)


class TestReading:
    def test_is_on_record_with_its_purpose(self, pete, fiona):
        state(pete)
        assert payee_details.read(actor=fiona, person=pete, purpose="DAC7 2026") == STATED
        entry = AuditEntry.objects.get(verb="payee_details.read")
        assert (entry.actor, entry.facts["purpose"]) == (fiona, "DAC7 2026")

    @pytest.mark.parametrize("roles", [{}, {"is_moderator": True}, {"is_operator": True}, {"is_author": True}])
    def test_is_for_finance(self, pete, roles):
        state(pete)
        with pytest.raises(NotAllowed):
            payee_details.read(actor=user("Eve", **roles), person=pete, purpose="curious")
        assert not AuditEntry.objects.filter(verb="payee_details.read").exists()

    def test_needs_a_purpose_and_something_to_read(self, pete, fiona):
        with pytest.raises(NotFound):
            payee_details.read(actor=fiona, person=pete, purpose="DAC7")
        state(pete)
        with pytest.raises(NotAllowed):
            payee_details.read(actor=fiona, person=pete, purpose="  ")


class TestKeeping:
    def test_an_erased_account_keeps_them_for_the_tax_office(self, pete):
        state(pete)
        account_deletion.erase(Deletion(user=pete), AT)
        assert bytes(PayeeDetails.objects.get().token)

    def test_a_question_nobody_answered_is_forgotten_once_nothing_is_owed(self):
        person = user("Nobody")
        PayeeDetails.objects.create(user=person, asked_at=AT)
        account_deletion.erase(Deletion(user=person), AT)
        assert not PayeeDetails.objects.exists()

    def test_they_go_ten_years_after_the_last_payment(self, pete):
        state(pete)
        account_deletion.purge_expired_records(AT + timedelta(days=366 * 10 - 2))
        assert bytes(PayeeDetails.objects.get().token)
        account_deletion.purge_expired_records(AT + timedelta(days=366 * 10 + 2))
        assert bytes(PayeeDetails.objects.get().token) == b""

    def test_a_vat_number_of_a_client_goes_with_them(self, pete):
        MilestoneRecord.objects.update(payer_vat_number="DE123456789")
        account_deletion.purge_expired_records(AT + timedelta(days=366 * 10 + 2))
        assert MilestoneRecord.objects.get().payer_vat_number == ""


@pytest.fixture
def own(client, pete):
    client.force_login(pete)
    return client


class TestPages:
    def test_the_payout_page_says_what_is_missing_and_that_the_money_is_safe(self, own):
        for page in ("earnings-account", "earnings"):
            text = own.get(reverse(page)).text
            assert "Before we can pay you, tell us who you are" in text
            assert "Your money is safe" in text
            assert reverse("earnings-details") in text

    def test_the_account_page_leads_there_and_later_to_the_earnings(self, own, pete):
        assert [link.href for link in links_of(pete)] == [reverse("earnings-details")]
        state(pete)
        assert [link.href for link in links_of(pete)] == [reverse("earnings")]
        assert list(links_of(user("Nobody"))) == []

    @pytest.mark.parametrize("given", [PERSON, COMPANY])
    def test_the_form_ends_the_wait(self, own, pete, fiona, given):
        answer = own.post(reverse("earnings-details"), given, follow=True)
        assert "nothing waits for them now" in answer.text
        assert "Before we can pay you" not in answer.text
        assert given["name"] not in own.get(reverse("earnings-details")).text
        stated = payee_details.read(actor=fiona, person=pete, purpose="test")
        assert stated.tax_number == given["tax_number"].upper()
        assert stated.vat_number == given.get("vat_number", "").upper()

    @pytest.mark.parametrize(
        "wrong",
        [
            PERSON | {"birth_date": ""},
            PERSON | {"birth_date": "2025-01-01"},
            PERSON | {"birth_date": "1884-01-01"},
            PERSON | {"birth_date": "29 February"},
            PERSON | {"tax_number": ""},
            PERSON | {"tax_number": "??"},
            PERSON | {"name": " "},
            PERSON | {"address": ""},
            PERSON | {"country": ""},
            PERSON | {"country": "ZZ"},
            PERSON | {"capacity": ""},
            COMPANY | {"registration_number": ""},
        ],
    )
    def test_refuses_what_is_incomplete_and_keeps_what_was_typed(self, own, wrong):
        answer = own.post(reverse("earnings-details"), wrong)
        assert answer.status_code == 422
        assert PayeeDetails.objects.get().stated_at is None
        if wrong["name"].strip():
            assert wrong["name"] in answer.text

    def test_a_place_of_birth_stands_for_a_number_that_a_country_does_not_give(self, own, pete, fiona):
        own.post(reverse("earnings-details"), PERSON | {"tax_number": "", "birth_place": "Bristol"})
        assert payee_details.read(actor=fiona, person=pete, purpose="test").birth_place == "Bristol"

    @pytest.mark.parametrize(
        ("roles", "status"),
        [({}, 404), ({"is_author": True}, 404), ({"is_moderator": True}, 403), ({"is_finance": True}, 403)],
    )
    def test_nobody_else_has_the_page(self, client, roles, status):
        client.force_login(user("Eve", **roles))
        assert client.get(reverse("earnings-details")).status_code == status
        assert client.post(reverse("earnings-details"), PERSON).status_code == status

    def test_finance_sees_that_they_are_there_and_the_values_only_on_record(self, client, pete, fiona):
        client.force_login(fiona)
        page = reverse("finance-contributor", args=[pete.public_id])
        assert "not given yet. Payouts wait for them" in client.get(page).text
        state(pete)
        text = client.get(page).text
        assert "tax paid in GB" in text
        assert "AA123456C" not in text
        read = reverse("finance-payee-details", args=[pete.public_id])
        assert client.post(read, {"purpose": ""}).status_code == 302
        assert client.get(read).status_code == 405
        assert "AA123456C" in client.post(read, {"purpose": "DAC7 2026"}).text
        assert AuditEntry.objects.filter(verb="payee_details.read").count() == 1


class TestClosedAccounts:
    """Somebody left and never said who they are: their money stays owed, and finance knows what to do."""

    @pytest.fixture
    def gone(self, pete):
        account_deletion.erase(Deletion(user=pete), AT)
        pete.is_active = False
        pete.save(update_fields=["is_active"])
        return pete

    def test_the_money_stays_owed_and_is_not_paid(self, gone, fiona):
        assert PayeeDetails.objects.missing().get().user == gone
        assert unknown_payees.owed_to([gone.pk]) == {gone.pk: [usd(46_000)]}
        payout_account(user("Somebody"))
        with pytest.raises(NothingToPayOut):
            payouts.propose_run(actor=fiona, currency="USD", at=AT)

    def test_finance_sees_them_first_and_what_to_do(self, gone, client, fiona, settings):
        settings.STAFF_SECOND_FACTOR_REQUIRED = False
        other = user("Olga")
        accept(paid(20_000, payee=other), 20_000)
        assert [one.user for one in unknown_payees.unknown_payees()] == [gone, other]
        assert unknown_payees.count_who_cannot_answer() == 1
        client.force_login(fiona)
        text = client.get(reverse("finance-unknown-payees")).text
        assert "$460.00" in text
        assert "The account is closed" in text
        assert text.index(gone.public_id) < text.index(other.public_id)

    def test_who_is_owed_nothing_or_has_answered_is_not_listed(self, pete):
        PayeeDetails.objects.create(user=user("Nobody"), asked_at=AT)
        state(pete)
        assert unknown_payees.unknown_payees() == []

    def test_no_email_goes_to_who_cannot_answer(self, gone, fiona):
        with pytest.raises(PayeeCannotAnswer):
            payee_details.ask_by_hand(actor=fiona, person=gone, at=AT)

    def test_an_open_account_is_asked_again_and_a_new_one_for_the_first_time(self, pete, fiona):
        new = user("Pete again")
        for person in (pete, new):
            details = payee_details.ask_by_hand(actor=fiona, person=person, at=AT)
            emails.tell_details_needed(details_id=details.pk)
            assert PendingMail.objects.filter(to=person.email).exists()
        assert AuditEntry.objects.filter(verb="payee_details.asked").count() == 2
        state(pete)
        with pytest.raises(PayeeHasAnswered):
            payee_details.ask_by_hand(actor=fiona, person=pete, at=AT)

    @pytest.mark.parametrize("roles", [{}, {"is_moderator": True}, {"is_operator": True}])
    def test_only_finance_asks(self, pete, roles):
        with pytest.raises(NotAllowed):
            payee_details.ask_by_hand(actor=user("Eve", **roles), person=pete, at=AT)

    def test_from_the_contributors_page(self, pete, client, fiona, settings):
        settings.STAFF_SECOND_FACTOR_REQUIRED = False
        client.force_login(fiona)
        page = reverse("finance-contributor", args=[pete.public_id])
        ask = reverse("finance-payee-ask", args=[pete.public_id])
        assert ask in client.get(page).text
        assert "We have emailed them" in client.post(ask, follow=True).text
        pete.is_active = False
        pete.save(update_fields=["is_active"])
        assert ask not in client.get(page).text
        assert "nobody can answer" in client.post(ask, follow=True).text
        assert client.post(reverse("finance-payee-ask", args=["usr_none"])).status_code == 404


class TestProgress:
    """What the payee reads while a payout has a claim on the money."""

    def test_says_who_has_to_act(self, pete, fiona, felix):
        state(pete)
        run = payouts.propose_run(actor=fiona, currency="USD", at=AT)

        def told() -> str:
            return payout_page.account_page(user=pete, at=AT).payable[0].why_not

        assert told() == "waiting for approval by our team"
        Payout.objects.update(state=PayoutState.HELD)
        assert told() == "stopped by our team"
        Payout.objects.update(state=PayoutState.PENDING)
        payouts.approve_run(actor=felix, run=run, at=AT)
        assert told() in {"approved, and sent next", "on its way"}
