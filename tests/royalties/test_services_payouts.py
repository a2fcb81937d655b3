from __future__ import annotations

import threading
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from common import clock
from common.errors import NotAllowed
from payments.gateway import GatewayRefused, GatewayUnknown
from royalties.errors import (
    ApproverIsProposer,
    NothingToPayOut,
    PayoutRunNotApprovable,
)
from royalties.models import AccountBalance, JournalEntry, Payout, PayoutRun, PayoutState, SaleRecord
from royalties.services import invariants, ledger, payouts, returns
from royalties.services.payouts import outbox, proposals
from tests.royalties.database import run_together
from tests.royalties.factories import NOON, WINDOW, payable, payout_account, user

pytestmark = [pytest.mark.both, pytest.mark.django_db]
AT = NOON + WINDOW + timedelta(days=1)
PROPOSALS = 50


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


def ready(paid: int = 499, **account):
    person = payable(paid=paid)
    payout_account(person, **account)
    return person


def propose(actor, currency="USD") -> PayoutRun:
    return payouts.propose_run(actor=actor, currency=currency, at=AT)


def approved(proposer, approver) -> Payout:
    run = propose(proposer)
    payouts.approve_run(actor=approver, run=run, at=AT)
    return run.payouts.get()


def balance(kind: str) -> int:
    row = AccountBalance.objects.filter(account__kind=kind).first()
    return abs(row.balance_minor) if row else 0


class TestProposeRun:
    def test_claims_everything_payable(self, fiona):
        person = ready()
        payout = propose(fiona).payouts.get()
        assert (payout.user, payout.amount_minor, payout.state) == (person, 415, "pending")
        assert payout.key == f"transfer:{payout.public_id}"

    def test_moves_no_money_yet(self, fiona):
        ready()
        propose(fiona)
        assert (balance("contributor_payable"), balance("contributor_in_transit")) == (415, 0)

    def test_recovers_debts_first(self, fiona, felix, gateway):
        person = ready()
        payouts.send_payout(payout_id=approved(fiona, felix).pk)
        returns.record_refund(reference=SaleRecord.objects.get().reference, external_id="r", at=AT)
        payable(person, paid=999)
        assert propose(fiona).payouts.get().amount_minor == 860 - 415

    @pytest.mark.parametrize(
        "account",
        [
            {"is_ready": False},
            {"usable_from": AT + timedelta(seconds=1)},
            {"minimum_units": 5},
        ],
    )
    def test_leaves_out_whom_it_cannot_pay(self, fiona, account):
        ready(**account)
        with pytest.raises(NothingToPayOut):
            propose(fiona)
        assert not PayoutRun.objects.exists()

    def test_leaves_out_people_without_an_account(self, fiona):
        payable()
        with pytest.raises(NothingToPayOut):
            propose(fiona)

    def test_leaves_out_what_is_claimed(self, fiona):
        ready()
        propose(fiona)
        with pytest.raises(NothingToPayOut):
            propose(fiona)

    def test_other_currency_is_another_run(self, fiona):
        person = ready()
        payable(person, currency="EUR")
        propose(fiona)
        assert propose(fiona, "EUR").payouts.get().currency == "EUR"

    @pytest.mark.parametrize("flags", [{}, {"is_author": True}, {"is_moderator": True}, {"is_operator": True}])
    def test_only_finance_may(self, flags):
        ready()
        with pytest.raises(NotAllowed):
            propose(user(**flags))


class TestApproveRun:
    def test_sends_every_pending_payout(self, fiona, felix, gateway, django_capture_on_commit_callbacks):
        ready()
        run = propose(fiona)
        with django_capture_on_commit_callbacks(execute=True):
            payouts.approve_run(actor=felix, run=run, at=AT)
        assert Payout.objects.get().state == PayoutState.PAID

    def test_operator_may(self, fiona):
        ready()
        payouts.approve_run(actor=user(is_operator=True), run=propose(fiona), at=AT)

    def test_proposer_may_not(self, fiona):
        ready()
        with pytest.raises(ApproverIsProposer):
            payouts.approve_run(actor=fiona, run=propose(fiona), at=AT)

    def test_the_database_refuses_it_too(self, fiona):
        ready()
        run = propose(fiona)
        with pytest.raises(IntegrityError), transaction.atomic():
            PayoutRun.objects.filter(pk=run.pk).update(state="approved", approved_by=fiona, approved_at=AT)

    def test_the_database_refuses_approval_by_nobody(self, fiona):
        ready()
        run = propose(fiona)
        with pytest.raises(IntegrityError), transaction.atomic():
            PayoutRun.objects.filter(pk=run.pk).update(state="approved")

    @pytest.mark.parametrize("flags", [{}, {"is_author": True}, {"is_moderator": True}])
    def test_others_may_not(self, fiona, flags):
        ready()
        with pytest.raises(NotAllowed):
            payouts.approve_run(actor=user(**flags), run=propose(fiona), at=AT)

    def test_twice(self, fiona, felix):
        ready()
        run = propose(fiona)
        payouts.approve_run(actor=felix, run=run, at=AT)
        with pytest.raises(PayoutRunNotApprovable):
            payouts.approve_run(actor=felix, run=run, at=AT)

    def test_after_cancelling(self, fiona, felix):
        ready()
        run = propose(fiona)
        payouts.cancel_run(actor=fiona, run=run, at=AT)
        with pytest.raises(PayoutRunNotApprovable):
            payouts.approve_run(actor=felix, run=run, at=AT)
        assert propose(fiona).payouts.count() == 1


class TestSendPayout:
    def test_paid(self, fiona, felix, gateway):
        person = ready()
        payout = payouts.send_payout(payout_id=approved(fiona, felix).pk)
        assert payout.state == PayoutState.PAID
        assert list(gateway.transfers) == [payout.key]
        assert gateway.transfers[payout.key][0] == f"acct_{person.public_id}"
        assert (balance("contributor_payable"), balance("contributor_in_transit")) == (0, 0)
        assert invariants.check_invariants() == []

    def test_not_before_approval(self, fiona, gateway):
        ready()
        payout = propose(fiona).payouts.get()
        assert payouts.send_payout(payout_id=payout.pk).state == PayoutState.PENDING
        assert gateway.calls == 0

    def test_refused_by_the_provider_is_payable_again(self, fiona, felix, gateway):
        ready()
        gateway.faults = [GatewayRefused("balance_insufficient")]
        payout = payouts.send_payout(payout_id=approved(fiona, felix).pk)
        assert (payout.state, payout.reason) == (PayoutState.FAILED, "balance_insufficient")
        assert balance("contributor_payable") == 415
        assert payout.outcome_entry.reverses_id == payout.asked_entry_id
        assert propose(fiona).payouts.count() == 1
        assert invariants.check_invariants() == []

    def test_unknown_outcome_stays_in_transit(self, fiona, felix, gateway):
        ready()
        gateway.faults = [GatewayUnknown("500")]
        payout = payouts.send_payout(payout_id=approved(fiona, felix).pk)
        assert payout.state == PayoutState.SENT
        assert balance("contributor_in_transit") == 415
        assert invariants.check_invariants() == []

    @pytest.mark.parametrize("times", [1, 3])
    def test_lost_answer_is_asked_for_with_the_same_key(self, fiona, felix, gateway, times):
        ready()
        gateway.faults = ["lost"] * times
        payout_id = approved(fiona, felix).pk
        for _ in range(times):
            assert payouts.send_payout(payout_id=payout_id).state == PayoutState.SENT
        assert payouts.send_payout(payout_id=payout_id).state == PayoutState.PAID
        assert len(gateway.transfers) == 1
        assert gateway.calls == times + 1

    def test_crash_before_the_call(self, fiona, felix, gateway):
        ready()
        payout_id = approved(fiona, felix).pk
        outbox._ask(payout_id)
        assert payouts.send_payout(payout_id=payout_id).state == PayoutState.PAID
        assert JournalEntry.objects.filter(kind="transfer_asked").count() == 1

    def test_crash_after_the_call(self, fiona, felix, gateway, monkeypatch):
        ready()
        payout_id = approved(fiona, felix).pk
        with monkeypatch.context() as crash, pytest.raises(RuntimeError):
            crash.setattr(outbox, "_confirm", lambda *_: (_ for _ in ()).throw(RuntimeError))
            payouts.send_payout(payout_id=payout_id)
        assert payouts.send_payout(payout_id=payout_id).state == PayoutState.PAID
        assert len(gateway.transfers) == 1

    def test_delivered_twice_is_paid_once(self, fiona, felix, gateway):
        ready()
        payout_id = approved(fiona, felix).pk
        payouts.send_payout(payout_id=payout_id)
        payouts.send_payout(payout_id=payout_id)
        assert gateway.calls == 1

    def test_old_key_looks_for_the_transfer(self, fiona, felix, gateway):
        ready()
        gateway.faults = ["lost"]
        payout_id = approved(fiona, felix).pk
        payouts.send_payout(payout_id=payout_id)
        Payout.objects.update(first_call_at=datetime.now(UTC) - timedelta(hours=24))
        assert payouts.send_payout(payout_id=payout_id).state == PayoutState.PAID
        assert gateway.calls == 1

    def test_old_key_without_a_transfer_fails(self, fiona, felix, gateway):
        ready()
        gateway.faults = [GatewayUnknown("500")]
        payout_id = approved(fiona, felix).pk
        payouts.send_payout(payout_id=payout_id)
        Payout.objects.update(first_call_at=datetime.now(UTC) - timedelta(hours=24))
        assert payouts.send_payout(payout_id=payout_id).state == PayoutState.FAILED
        assert balance("contributor_payable") == 415

    def test_refund_since_the_approval_cancels(self, fiona, felix, gateway):
        ready()
        run = propose(fiona)
        payouts.approve_run(actor=felix, run=run, at=AT)
        returns.record_refund(reference=SaleRecord.objects.get().reference, external_id="r", at=AT)
        assert payouts.send_payout(payout_id=run.payouts.get().pk).state == PayoutState.CANCELED
        assert gateway.calls == 0

    def test_account_changed_since_the_proposal_is_held(self, fiona, felix, gateway):
        person = ready()
        payout_id = approved(fiona, felix).pk
        person.payout_account.usable_from = AT + timedelta(hours=72)
        person.payout_account.save()
        assert payouts.send_payout(payout_id=payout_id).state == PayoutState.HELD
        assert gateway.calls == 0


class TestSweep:
    def test_finds_what_was_never_asked_for(self, fiona, felix, gateway, django_capture_on_commit_callbacks):
        ready()
        approved(fiona, felix)
        with django_capture_on_commit_callbacks(execute=True):
            assert payouts.retry_stuck() == 1
        assert Payout.objects.get().state == PayoutState.PAID

    def test_finds_lost_answers_once_they_are_late(self, fiona, felix, gateway):
        ready()
        gateway.faults = ["lost"]
        payouts.send_payout(payout_id=approved(fiona, felix).pk)
        assert payouts.retry_stuck() == 0
        Payout.objects.update(first_call_at=datetime.now(UTC) - timedelta(minutes=2))
        assert payouts.retry_stuck() == 1

    def test_leaves_proposals_alone(self, fiona):
        ready()
        propose(fiona)
        assert payouts.retry_stuck() == 0


class TestCommand:
    def test_proposes_approves_and_sends(self, fiona, felix, gateway, capsys):
        ready()
        call_command("run_payouts", "--propose-as", fiona.email, "--approve-as", felix.email)
        payout = Payout.objects.get()
        assert payout.state == PayoutState.PAID
        assert f"{payout.public_id} 415 USD paid" in capsys.readouterr().out

    def test_without_people_sends_what_is_approved(self, fiona, felix, gateway):
        ready()
        approved(fiona, felix)
        call_command("run_payouts")
        assert Payout.objects.get().state == PayoutState.PAID

    def test_a_proposal_alone_sends_nothing(self, fiona, gateway):
        ready()
        call_command("run_payouts", "--propose-as", fiona.email, "--currency", "USD")
        assert gateway.calls == 0

    @pytest.mark.parametrize("approve_as", ["nobody@example.org", None])
    def test_refuses(self, fiona, approve_as):
        ready()
        with pytest.raises(CommandError):
            call_command("run_payouts", "--propose-as", fiona.email, "--approve-as", approve_as or fiona.email)


@pytest.mark.race
class TestRaces:
    def test_ten_workers_one_payout(self, racing_db, fiona, felix, gateway):
        ready()
        payout_id = approved(fiona, felix).pk
        results = run_together(*[lambda: payouts.send_payout(payout_id=payout_id)] * 10)
        assert not [r for r in results if isinstance(r, Exception)]
        assert len(gateway.transfers) == 1
        assert JournalEntry.objects.filter(kind="transfer_confirmed").count() == 1
        assert invariants.check_invariants() == []

    def test_fifty_proposals_claim_one_balance_once(self, racing_db, fiona, felix):
        ready()
        assert propose_together(*[fiona, felix] * 25) == 1

    def test_fifty_workers_one_payout(self, racing_db, fiona, felix, gateway):
        ready()
        payout_id = approved(fiona, felix).pk
        results = run_together(*[lambda: payouts.send_payout(payout_id=payout_id)] * 50)
        assert {type(r) for r in results} == {Payout}
        assert len(gateway.transfers) == JournalEntry.objects.filter(kind="transfer_confirmed").count() == 1

    def test_the_lock_alone_is_enough(self, racing_db, fiona, felix, monkeypatch, without_unique_index):
        ready()
        meet_after_reading_claims(monkeypatch, patience_s=0.5)  # nobody else comes: the lock keeps them waiting
        assert propose_together(*[fiona, felix] * 25) == 1

    def test_without_lock_and_index_all_fifty_would_claim_it(
        self, racing_db, fiona, felix, monkeypatch, without_unique_index
    ):
        """The negative control: it shows that the tests above can fail."""
        ready()
        meet_after_reading_claims(monkeypatch)
        monkeypatch.setattr(proposals.ledger, "lock_balances", read_balances)
        assert propose_together(*[fiona, felix] * 25) == PROPOSALS

    def test_the_index_alone_is_enough(self, racing_db, fiona, felix, monkeypatch):
        ready()
        meet_after_reading_claims(monkeypatch)
        monkeypatch.setattr(proposals.ledger, "lock_balances", read_balances)
        assert propose_together(*[fiona, felix] * 25) == 1

    def test_refund_and_payout_of_the_same_money(self, racing_db, fiona, felix, gateway):
        ready()
        payout_id = approved(fiona, felix).pk
        reference = SaleRecord.objects.get().reference
        results = run_together(
            lambda: payouts.send_payout(payout_id=payout_id),
            lambda: returns.record_refund(reference=reference, external_id="r", at=AT),
        )
        assert not [r for r in results if isinstance(r, Exception)]
        paid = Payout.objects.get().state == PayoutState.PAID
        assert (balance("contributor_receivable") == 415) == paid
        assert invariants.check_invariants() == []


def propose_together(*people) -> int:
    """Everybody proposes at once; how many payouts came of it."""
    run_together(*[lambda p=p: propose(p) for p in people])
    return Payout.objects.count()


def meet_after_reading_claims(monkeypatch, patience_s: float = 60) -> None:
    """Hold each proposal, once it has read who is claimed, until all have read, or the patience is over.

    With the lock on only one gets there, so its patience is short. With the lock off all do, however busy the machine:
    long patience costs nothing then, and the outcome does not hang on who is quick.
    """
    barrier = threading.Barrier(PROPOSALS, timeout=patience_s)
    read = proposals._people_with_open_payouts

    def read_and_meet(currency):
        claimed = read(currency)
        with suppress(threading.BrokenBarrierError):
            barrier.wait()
        return claimed

    monkeypatch.setattr(proposals, "_people_with_open_payouts", read_and_meet)


def read_balances(accounts):
    """`lock_balances` with its lock switched off."""
    ids = ledger.account_ids(accounts)
    rows = {row.account_id: row.balance_minor * row.side for row in AccountBalance.objects.filter(pk__in=ids.values())}
    return {account: rows[pk] for account, pk in ids.items()}


@pytest.fixture
def without_unique_index(racing_db):
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX payout_one_open_per_person")
    yield
    Payout.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE UNIQUE INDEX payout_one_open_per_person ON royalties_payout (user_id, currency) "
            "WHERE state IN ('pending', 'held', 'sent')"
        )
