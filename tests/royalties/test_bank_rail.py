"""Payouts through the bank: the file, its release by a second person, and what the bank's statement says."""

from __future__ import annotations

import hashlib
from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction

from accounts.models import AuditEntry
from common import clock
from common.errors import NotAllowed
from payments.rails.beneficiaries import beneficiary
from payments.rails.pain001 import end_to_end_id
from royalties.errors import BankFileNotOpen, BankFileOutdated, BankRowSettled, BankStatementRefused, ReleaserIsMaker
from royalties.models import (
    AccountBalance,
    BankDetails,
    BankFile,
    BankRow,
    HoldRule,
    JournalEntry,
    PayoutAccount,
    Posting,
)
from royalties.services import bank_details, invariants, payouts
from royalties.services.payouts import bank_files, bank_statements
from tests.payments.rails.statements import entry, statement
from tests.royalties.factories import NOON, WINDOW, payable, user

pytestmark = [pytest.mark.both, pytest.mark.django_db]
AT = NOON + WINDOW + timedelta(days=1)
IBAN = "FR1420041010050500013M02606"


@pytest.fixture(autouse=True)
def _after_clearing():
    with clock.frozen(AT):
        yield


@pytest.fixture
def people(db):
    return [user(name, is_finance=True) for name in ("Fiona", "Felix", "Frida")]


@pytest.fixture
def banked(db):
    def make(name: str = "Ann"):
        person = payable(user(name), currency="EUR")
        bank_details.use_bank(actor=person, beneficiary=to(name), at=NOON)
        PayoutAccount.objects.filter(user=person).update(minimum_units=1)
        return person

    return make


def to(name: str = "Ann", iban: str = IBAN):
    return beneficiary(holder=name, country=iban[:2], iban_text=iban)


def made(people) -> BankFile:
    run = payouts.propose_run(actor=people[0], currency="EUR", at=AT)
    payouts.approve_run(actor=people[1], run=run, at=AT)
    return BankFile.objects.get()


def released(people) -> BankFile:
    return bank_files.release_file(actor=people[2], file=made(people), at=AT)


def read(people, *entries: str, number: str = "1"):
    return bank_statements.import_statement(
        actor=people[0], name="november.xml", content=statement(*entries, number=number), at=AT
    )


def answer(payout, **given) -> str:
    return entry(end_to_end_id(payout.public_id), str(payout.amount_minor / 100), **given)


def balance(kind: str) -> int:
    return sum(abs(row.balance_minor) for row in AccountBalance.objects.filter(account__kind=kind))


def in_bank() -> int:
    return sum(Posting.objects.filter(account__kind="bank").values_list("amount_minor", flat=True))


class TestDetails:
    def test_are_kept_encrypted_and_masked(self, banked):
        account = banked().payout_account
        assert IBAN.encode() not in bytes(BankDetails.objects.get().token)
        assert account.masked_bank == "FR •••• 2606"

    def test_every_read_is_on_record(self, banked, people):
        account = banked().payout_account
        assert bank_details.read(actor=people[0], account=account, purpose="test").iban == IBAN
        audit = AuditEntry.objects.get(verb="bank_details.read")
        assert (audit.actor, audit.subject_id, audit.facts) == (people[0], account.public_id, {"purpose": "test"})
        assert IBAN not in str(AuditEntry.objects.values_list("facts", flat=True))

    def test_a_change_holds_and_tells(self, banked, django_capture_on_commit_callbacks):
        person = banked()
        with django_capture_on_commit_callbacks(execute=True):
            account = bank_details.use_bank(actor=person, beneficiary=to(iban="DE89370400440532013000"), at=AT)
        assert account.usable_from == AT + timedelta(hours=72)
        assert mail.outbox[0].to == [person.email]

    def test_the_same_again_changes_nothing(self, banked):
        person = banked()
        assert bank_details.use_bank(actor=person, beneficiary=to(), at=AT).usable_from < AT


class TestFile:
    def test_approval_makes_it_and_moves_nothing(self, banked, people):
        banked()
        file = made(people)
        assert (file.format, file.payments, balance("contributor_in_transit")) == ("pain.001.001.09", 1, 0)

    def test_same_bytes_on_every_download_and_each_on_record(self, banked, people):
        banked()
        file = made(people)
        contents = {bank_files.download(actor=people[0], file=file) for _ in range(3)}
        assert [hashlib.sha256(content).hexdigest() for content in contents] == [file.sha256]
        assert IBAN.encode() in contents.pop()
        assert IBAN.encode() not in bytes(file.token)
        assert AuditEntry.objects.filter(verb="bank_file.downloaded").count() == 3

    def test_release_needs_a_second_person(self, banked, people):
        banked()
        file = made(people)
        with pytest.raises(ReleaserIsMaker):
            bank_files.release_file(actor=people[1], file=file, at=AT)
        with pytest.raises(IntegrityError), transaction.atomic():
            BankFile.objects.update(state="released", released_by=people[1], released_at=AT)
        with pytest.raises(NotAllowed):
            bank_files.release_file(actor=user(), file=file, at=AT)

    def test_release_moves_the_money_in_transit(self, banked, people):
        person = banked()
        released(people)
        assert person.payouts.get().state == "sent"
        assert (balance("contributor_payable"), in_bank()) == (0, 0)
        assert invariants.check_invariants() == []

    def test_released_once(self, banked, people):
        banked()
        file = released(people)
        with pytest.raises(BankFileNotOpen):
            bank_files.release_file(actor=people[2], file=file, at=AT)
        with pytest.raises(BankFileNotOpen):
            bank_files.withdraw_file(actor=people[2], file=file)

    def test_the_providers_outbox_leaves_it_alone(self, banked, people, gateway):
        person = banked()
        made(people)
        payout = person.payouts.get()
        assert payouts.send_payout(payout_id=payout.pk).state == "pending"
        assert (payouts.retry_stuck(), gateway.calls) == (0, 0)

    def test_a_payee_held_since_stops_the_file_until_it_is_made_anew(self, banked, people):
        held, other = banked("Ann"), banked("Ben")
        file = made(people)
        payouts.impose_hold(
            actor=people[0], person=held, rule=HoldRule.IDENTITY, reason="Asked by mail", ends_at=None, at=AT
        )
        with pytest.raises(BankFileOutdated):
            bank_files.release_file(actor=people[2], file=file, at=AT)
        assert balance("contributor_in_transit") == 0
        bank_files.withdraw_file(actor=people[2], file=file)
        (again,) = bank_files.make_files(actor=people[1], run=file.run, at=AT)
        assert (again.payments, held.payouts.get().state) == (1, "held")
        bank_files.release_file(actor=people[2], file=again, at=AT)
        assert other.payouts.get().state == "sent"

    def test_a_bank_changed_since_stops_it(self, banked, people):
        person = banked()
        file = made(people)
        bank_details.use_bank(actor=person, beneficiary=to(iban="DE89370400440532013000"), at=AT)
        with pytest.raises(BankFileOutdated):
            bank_files.release_file(actor=people[2], file=file, at=AT)

    def test_without_an_account_to_pay_from_it_waits(self, banked, people, settings):
        settings.BANK_IBAN = ""
        banked()
        run = payouts.propose_run(actor=people[0], currency="EUR", at=AT)
        payouts.approve_run(actor=people[1], run=run, at=AT)
        assert (BankFile.objects.count(), run.payouts.fileable().count()) == (0, 1)


class TestStatement:
    def test_a_debit_confirms(self, banked, people):
        person = banked()
        released(people)
        payout = person.payouts.get()
        read(people, answer(payout))
        payout.refresh_from_db()
        assert (payout.state, in_bank()) == ("paid", -payout.amount_minor)
        assert invariants.check_invariants() == []

    def test_same_file_twice_changes_nothing(self, banked, people):
        person = banked()
        released(people)
        payout = person.payouts.get()
        assert [read(people, answer(payout)).is_new for _ in range(2)] == [True, False]
        assert JournalEntry.objects.filter(kind="transfer_confirmed").count() == BankRow.objects.count() == 1

    def test_overlapping_statements_book_once(self, banked, people):
        person = banked()
        released(people)
        payout = person.payouts.get()
        read(people, answer(payout), number="1")
        read(people, answer(payout), number="2")
        assert (BankRow.objects.count(), in_bank()) == (1, -payout.amount_minor)

    def test_a_credit_before_the_debit_fails_it(self, banked, people, django_capture_on_commit_callbacks):
        person = banked()
        released(people)
        payout = person.payouts.get()
        with django_capture_on_commit_callbacks(execute=True):
            read(people, answer(payout, direction="CRDT", reason="AC04"))
        payout.refresh_from_db()
        assert (payout.state, payout.reason) == ("failed", "AC04")
        assert (balance("contributor_payable"), in_bank()) == (payout.amount_minor, 0)
        assert PayoutAccount.objects.get().trouble == "bank_refused"
        assert [person.email] in [message.to for message in mail.outbox]

    @pytest.mark.parametrize("is_one_file", [True, False])
    def test_a_credit_after_the_debit_returns_it(self, banked, people, is_one_file):
        person = banked()
        released(people)
        payout = person.payouts.get()
        back, out = answer(payout, direction="CRDT", reason="MD07"), answer(payout)
        if is_one_file:
            read(people, back, out)
        else:
            read(people, out)
            read(people, back, number="2")
        payout.refresh_from_db()
        assert (payout.state, balance("contributor_payable"), in_bank()) == ("returned", payout.amount_minor, 0)
        assert invariants.check_invariants() == []

    @pytest.mark.parametrize("amount", ["0.01", "9999.00"])
    def test_another_amount_waits_for_a_person(self, banked, people, amount):
        person = banked()
        released(people)
        payout = person.payouts.get()
        read(people, entry(end_to_end_id(payout.public_id), amount))
        payout.refresh_from_db()
        assert (payout.state, BankRow.objects.waiting().count(), in_bank()) == ("sent", 1, 0)

    def test_another_currency_waits_for_a_person(self, banked, people):
        person = banked()
        released(people)
        read(people, answer(person.payouts.get(), currency="USD"))
        assert BankRow.objects.waiting().count() == 1

    def test_a_payout_not_released_is_not_confirmed(self, banked, people):
        person = banked()
        made(people)
        read(people, answer(person.payouts.get()))
        assert (person.payouts.get().state, BankRow.objects.waiting().get().note) == (
            "pending",
            "The payout is pending.",
        )

    def test_paid_twice_waits_for_a_person(self, banked, people):
        person = banked()
        released(people)
        payout = person.payouts.get()
        read(people, answer(payout, reference="A"), answer(payout, reference="B"))
        assert BankRow.objects.waiting().get().note == "The payout is paid."

    def test_another_account_is_refused(self, people):
        with pytest.raises(BankStatementRefused):
            bank_statements.import_statement(
                actor=people[0], name="x", content=statement(entry("a", "1.00"), iban=IBAN), at=AT
            )
        assert not BankRow.objects.exists()

    def test_only_finance_may(self):
        with pytest.raises(NotAllowed):
            bank_statements.import_statement(actor=user(is_operator=True), name="x", content=statement(), at=AT)

    def test_our_own_money_from_the_provider(self, people):
        read(people, entry("", "500.00", direction="CRDT"))
        row = BankRow.objects.waiting().get()
        bank_statements.settle_row(actor=people[0], row=row, note="po_1", is_sweep=True, at=AT)
        assert in_bank() == 50000
        with pytest.raises(BankRowSettled):
            bank_statements.settle_row(actor=people[0], row=row, note="po_1", is_sweep=True, at=AT)
        assert JournalEntry.objects.filter(kind="bank_sweep").count() == 1

    def test_money_that_went_out_is_no_sweep(self, people):
        read(people, entry("", "500.00"))
        with pytest.raises(BankRowSettled):
            bank_statements.settle_row(actor=people[0], row=BankRow.objects.get(), note="", is_sweep=True, at=AT)
