"""Every hold of money has a statement of reasons, is told by email, and can be complained about to somebody else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction

from common import clock
from common.errors import NotAllowed
from common.money import Money
from royalties.errors import (
    ComplaintDecided,
    ComplaintRefused,
    ComplaintWordsMissing,
    HoldNotOurs,
    HoldReasonMissing,
)
from royalties.models import (
    ComplaintOutcome,
    HoldKind,
    HoldNotice,
    HoldRule,
    PayoutState,
    PersonHold,
    ReserveRule,
)
from royalties.selectors import hold_reasons
from royalties.services import (
    disputes,
    emails,
    hold_complaints,
    hold_emails,
    milestones,
    payouts,
    reserves,
)
from royalties.services.disputes import DisputeFacts
from tests.royalties import milestones as contract_money
from tests.royalties.factories import edition, payable, payout_account, recorded_sale, user
from tests.royalties.test_services_payouts import AT, propose

pytestmark = [pytest.mark.both, pytest.mark.django_db]
PERIOD = timedelta(days=183)
BY_A_PERSON = "None: a person found it and decided."


@pytest.fixture(autouse=True)
def _after_clearing():
    with clock.frozen(AT):
        yield


@pytest.fixture
def fiona(db):
    return user("Fiona", is_finance=True)


@pytest.fixture
def felix(db):
    return user("Felix", is_finance=True)


def author():
    return user(is_author=True)


def of_person(fiona, rule=HoldRule.IDENTITY):
    told = {"reason": "The bank account is in another name.", "ends_at": None, "at": AT}
    return payouts.impose_hold(actor=fiona, person=payable(author()), rule=rule, **told)


def of_payout(fiona):
    payout_account(payable(author()))
    payout = propose(fiona).payouts.get()
    return payouts.hold(actor=fiona, payout=payout, rule=HoldRule.FRAUD, reason="Ten sales to one card.", at=AT)


def of_reserve(fiona):
    told = {"rate_bps": 1000, "days": 30, "reason": "Many returns.", "until": AT + timedelta(days=90), "at": AT}
    return reserves.impose(actor=fiona, user=payable(author()), **told)


def measured(fiona):
    """A machine counts: two of twenty sales are disputed."""
    book = edition(author())
    made = [recorded_sale(of=book) for _ in range(20)]
    for number, sale in enumerate(made[:2]):
        facts = DisputeFacts(f"dp_{number}", sale.order_reference, Money(499, "USD"), Money(1500, "USD"), AT)
        disputes.open_dispute(facts=facts)
    HoldNotice.objects.all().delete()
    reserves.assess(at=AT)


def of_dispute(fiona):
    sale = recorded_sale(of=edition(author(), title="The Lamp"))
    facts = DisputeFacts("dp_1", sale.order_reference, Money(499, "USD"), Money(1500, "USD"), AT)
    disputes.open_dispute(facts=facts)


def of_milestone(fiona):
    milestone = contract_money.paid(payee=author())
    contract_money.accept(milestone, 50_000)
    contract_money.dispute(milestone, 50_000, at=AT)


HOLDS = {
    "person": (of_person, HoldRule.IDENTITY, "The bank account is in another name.", BY_A_PERSON),
    "payout": (of_payout, HoldRule.FRAUD, "Ten sales to one card.", BY_A_PERSON),
    "reserve": (of_reserve, HoldRule.RISK, "Many returns.", BY_A_PERSON),
    "measured": (measured, HoldRule.RISK, "2 of your 20 sales", "A machine counted your sales and decided"),
    "dispute": (of_dispute, HoldRule.BANK, "The Lamp", "A machine received the bank’s notice and held the money."),
    "milestone": (of_milestone, HoldRule.BANK, "the client’s bank", "A machine received the bank’s notice"),
}


@pytest.mark.parametrize("name", HOLDS)
def test_each_hold_is_told_with_rule_facts_machine_and_redress(name, fiona, django_capture_on_commit_callbacks):
    place, rule, facts, machine = HOLDS[name]
    with django_capture_on_commit_callbacks(execute=True):
        place(fiona)
    notice = HoldNotice.objects.get()
    assert (notice.rule, notice.told_at) == (rule, AT)
    letters = [message for message in mail.outbox if message.to == [notice.user.email]]
    (told,) = [message.body for message in letters if message.subject == "Some of your money is on hold"]
    for words in (str(rule.label), facts, machine, "Complain on the page of this hold until", "go to court"):
        assert words in told, words
    assert f"/earnings/holds/{notice.public_id}/" in told
    mail.outbox.clear()
    hold_emails.tell_hold(hold_notice_id=notice.pk)
    assert mail.outbox == []


@pytest.mark.parametrize("name", HOLDS)
def test_its_page_says_the_same_and_is_nobody_elses(name, fiona, client):
    place, rule, facts, machine = HOLDS[name]
    place(fiona)
    notice = HoldNotice.objects.get()
    address = f"/earnings/holds/{notice.public_id}/"
    client.force_login(notice.user)
    text = client.get(address).text
    for words in (str(rule.label), facts.split("“")[0], machine):
        assert words in text
    assert notice.get_kind_display() in client.get("/earnings/holds/").text
    client.force_login(user("Eve", is_author=True))
    assert client.get(address).status_code == 404
    assert client.post(address, {"text": "Mine."}).status_code == 404


def test_no_hold_is_without_a_statement(fiona):
    """Each row that holds money, by an independent query, has one."""
    for place, *_rest in HOLDS.values():
        if place is not measured:
            place(fiona)
    counted = """
        SELECT (SELECT count(*) FROM royalties_personhold) + (SELECT count(*) FROM royalties_reserverule)
             + (SELECT count(*) FROM royalties_payout WHERE state = 'held')
             + (SELECT count(*) FROM (SELECT DISTINCT d.dispute_id, h.user_id FROM royalties_disputehold h
                JOIN royalties_disputedsale d ON d.id = h.disputed_id) a)
             + (SELECT count(DISTINCT dispute_id) FROM royalties_milestonedisputehold)
    """
    with connection.cursor() as cursor:
        cursor.execute(counted)
        (held,) = cursor.fetchone()
    assert HoldNotice.objects.in_force(AT).count() == held == 5


def test_a_hold_needs_a_rule_and_facts(fiona):
    person = payable()
    for rule, reason in ((HoldRule.BANK, "x"), (HoldRule.FRAUD, " ")):
        with pytest.raises(HoldReasonMissing):
            payouts.impose_hold(actor=fiona, person=person, rule=rule, reason=reason, ends_at=None, at=AT)
    payout_account(person)
    payout = propose(fiona).payouts.get()
    with pytest.raises(HoldReasonMissing):
        payouts.hold(actor=fiona, payout=payout, rule=HoldRule.RISK, reason="x", at=AT)
    assert not HoldNotice.objects.exists()


class TestEnd:
    def test_with_the_hold(self, fiona):
        hold = of_person(fiona)
        payouts.lift_hold(actor=fiona, hold=hold, at=AT)
        assert HoldNotice.objects.get().ended_at == AT

    def test_with_the_payout(self, fiona):
        payout = of_payout(fiona)
        payouts.release(actor=fiona, payout=payout, at=AT)
        assert HoldNotice.objects.get().ended_at == AT
        payouts.hold(actor=fiona, payout=payout, rule=HoldRule.ERROR, reason="Again.", at=AT)
        assert HoldNotice.objects.in_force(AT).count() == 1

    def test_with_the_run(self, fiona, felix):
        payout = of_payout(fiona)
        payouts.cancel_run(actor=felix, run=payout.run, at=AT)
        assert not HoldNotice.objects.in_force(AT).exists()

    def test_with_the_reserve(self, fiona):
        reserves.lift(actor=fiona, rule=of_reserve(fiona), at=AT)
        assert HoldNotice.objects.get().ended_at == AT

    def test_by_itself(self, fiona):
        of_reserve(fiona)
        assert not HoldNotice.objects.in_force(AT + timedelta(days=90)).exists()

    @pytest.mark.parametrize("is_won", [True, False])
    def test_with_the_banks_decision(self, fiona, is_won):
        of_dispute(fiona)
        of_milestone(fiona)
        (disputes.win_dispute if is_won else disputes.lose_dispute)(external_id="dp_1", at=AT)
        (milestones.dispute_won if is_won else milestones.dispute_lost)(external_id="du_1", at=AT)
        assert HoldNotice.objects.filter(ended_at=AT).count() == 2


class TestComplaint:
    def complained(self, place, fiona):
        place(fiona)
        notice = HoldNotice.objects.get()
        return hold_complaints.complain(actor=notice.user, notice=notice, text="It is my account.", at=AT)

    def test_once_within_six_months_of_being_told_by_the_person(self, fiona):
        of_person(fiona)
        notice = HoldNotice.objects.get()
        for actor in (fiona, user()):
            with pytest.raises(ComplaintRefused):
                hold_complaints.complain(actor=actor, notice=notice, text="No.", at=AT)
        with pytest.raises(ComplaintWordsMissing):
            hold_complaints.complain(actor=notice.user, notice=notice, text=" ", at=AT)
        HoldNotice.objects.update(told_at=AT + timedelta(days=30))
        with pytest.raises(ComplaintRefused):
            hold_complaints.complain(actor=notice.user, notice=notice, text="No.", at=AT + timedelta(days=30) + PERIOD)
        last = AT + timedelta(days=30) + PERIOD - timedelta(seconds=1)
        hold_complaints.complain(actor=notice.user, notice=notice, text="No.", at=last)
        with pytest.raises(ComplaintRefused):
            hold_complaints.complain(actor=notice.user, notice=notice, text="No.", at=last)

    def test_whoever_placed_the_hold_cannot_decide(self, fiona, felix):
        notice = self.complained(of_person, fiona)
        told = {"notice": notice, "outcome": ComplaintOutcome.UPHELD, "at": AT}
        for actor in (fiona, notice.user, user("Oscar", is_operator=True), user("Mona", is_moderator=True)):
            with pytest.raises(NotAllowed):
                hold_complaints.decide(actor=actor, answer="No.", **told)
        with pytest.raises(ComplaintWordsMissing):
            hold_complaints.decide(actor=felix, answer=" ", **told)
        hold_complaints.decide(actor=felix, answer="The names differ.", **told)
        assert PersonHold.objects.in_force(AT).exists()
        with pytest.raises(ComplaintDecided):
            hold_complaints.decide(actor=felix, answer="Again.", **told)

    def test_the_database_says_so_too(self, fiona):
        notice = self.complained(of_person, fiona)
        with pytest.raises(IntegrityError), transaction.atomic():
            HoldNotice.objects.filter(pk=notice.pk).update(decided_by=fiona, decided_at=AT)

    @pytest.mark.parametrize("place", [of_person, of_payout, of_reserve, measured])
    def test_one_that_succeeds_ends_the_hold(self, place, fiona, felix, django_capture_on_commit_callbacks):
        notice = self.complained(place, fiona)
        mail.outbox.clear()
        told = {"outcome": ComplaintOutcome.OVERTURNED, "answer": "You are right.", "at": AT}
        with django_capture_on_commit_callbacks(execute=True):
            hold_complaints.decide(actor=felix, notice=notice, **told)
        notice.refresh_from_db()
        assert not notice.is_in_force(AT)
        assert notice.outcome_told_at == AT
        assert "You are right." in mail.outbox[-1].body
        assert not PersonHold.objects.in_force(AT).exists()
        assert not ReserveRule.objects.in_force(AT).exists()
        if notice.payout is not None:
            notice.payout.refresh_from_db()
            assert notice.payout.state == PayoutState.PENDING

    @pytest.mark.parametrize("place", [of_dispute, of_milestone])
    def test_money_that_a_bank_took_is_answered_and_not_lifted(self, place, fiona, felix):
        notice = self.complained(place, fiona)
        with pytest.raises(HoldNotOurs):
            hold_complaints.decide(
                actor=felix, notice=notice, outcome=ComplaintOutcome.OVERTURNED, answer="Yes.", at=AT
            )
        told = {"outcome": ComplaintOutcome.UPHELD, "answer": "We answer the bank.", "at": AT}
        hold_complaints.decide(actor=felix, notice=notice, **told)
        assert HoldNotice.objects.in_force(AT).exists()

    def test_pages(self, fiona, felix, client):
        of_person(fiona)
        notice = HoldNotice.objects.get()
        client.force_login(notice.user)
        client.post(f"/earnings/holds/{notice.public_id}/", {"text": "It is my account."})
        office = f"/finance/holds/{notice.public_id}/"
        client.force_login(fiona)
        assert "Someone else has to decide" in client.get(office).text
        decided = {"outcome": "overturned", "answer": "You are right."}
        assert client.post(office, decided).status_code == 403
        client.force_login(felix)
        assert "It is my account." in client.get(office).text
        assert notice.user.display_name in client.get("/finance/holds/").text
        client.post(office, decided)
        assert not PersonHold.objects.in_force(AT).exists()
        client.force_login(notice.user)
        assert "You are right." in client.get(f"/earnings/holds/{notice.public_id}/").text


def test_what_machines_hold_for_everybody_is_explained_too(fiona, client):
    person = payable(author())
    payout_account(person, usable_from=AT + timedelta(days=3))
    (hold,) = hold_reasons.automatic_holds(person, AT)
    assert "A machine does this after every change" in str(dict(hold.rows))
    client.force_login(person)
    assert "A machine does this after every change" in client.get("/earnings/holds/").text


def test_what_was_not_told_is_told_again(fiona, django_capture_on_commit_callbacks):
    of_dispute(fiona)
    with clock.frozen(AT + timedelta(minutes=2)), django_capture_on_commit_callbacks(execute=True):
        emails.retry_unsent(at=AT + timedelta(minutes=2))
    assert HoldNotice.objects.get(kind=HoldKind.DISPUTE).told_at == AT + timedelta(minutes=2)
