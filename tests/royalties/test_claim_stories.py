"""Random stories of sales under claims: whatever happens in whichever order, what is owed is where it should be.

Owed = clearing + payable + claimed + disputed + reserve - debt, and it is what sales earned, less what went back to
readers, what was paid out, and what claims moved between people.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from django.db import transaction
from django.db.models import F, Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from common.money import Money
from royalties import chart, entries
from royalties.errors import ClaimRefused
from royalties.models import (
    AccountBalance,
    ClaimedShare,
    ClaimHold,
    DisputeState,
    JournalEntry,
    SaleDispute,
    SaleRecord,
    SaleRefundShare,
    SaleShare,
    WithholdingRule,
)
from royalties.services import claims, clearing, disputes, invariants, ledger, reserves, returns, withholding
from royalties.services.claims.deciding import WINNER_HAS
from royalties.services.disputes import DisputeFacts
from tests.royalties import factories
from tests.royalties.books import balance
from tests.royalties.factories import NOON, WINDOW

pytestmark = [pytest.mark.django_db, pytest.mark.both]

_OWED = ("clearing", "payable", "claimed", "disputed", "reserve")
_ACTIONS = (
    *("sell",) * 6,
    *("clear",) * 4,
    *("claim",) * 3,
    *("refund",) * 3,
    *("dispute",) * 2,
    *("judge",) * 2,
    *("release", "pay", "pay", "later", "change", "spend", "twice", "wait"),
)


@dataclass
class Story:
    """Two books, one of them shared, and what happens to them; every choice comes from `chance`."""

    chance: random.Random
    at: datetime = NOON
    number: int = 0
    paid_out: Counter[int] = field(default_factory=Counter)

    def begin(self) -> None:
        self.ann, self.ben, self.cleo, self.dan = (factories.user(name) for name in ("Ann", "Ben", "Cleo", "Dan"))
        self.people = [self.ann, self.ben, self.cleo, self.dan]
        self.books = [factories.edition(self.ann), factories.edition(self.ann)]
        factories.split(self.books[1].work, (self.ann, 6667), (self.ben, 3333))
        if self.chance.random() < 0.5:
            WithholdingRule.objects.create(country="US", effective_at=NOON, rate_bps=3000, source="a law")
        if self.chance.random() < 0.5:
            fay = factories.user("Fay", is_finance=True)
            until = NOON + timedelta(days=360)
            reserves.impose(actor=fay, user=self.ann, rate_bps=2000, days=20, reason="New.", until=until, at=NOON)

    def go_on(self, action: str) -> None:
        self.number += 1
        self.at += timedelta(hours=self.chance.choice([1, 30, 100, 200]))
        getattr(self, action)()

    def sell(self) -> None:
        factories.recorded_sale(
            of=self.chance.choice(self.books),
            paid=self.chance.choice([60, 99, 499, 1001]),
            tax=self.chance.choice([0, 7]),
            country=self.chance.choice(["DE", "US"]),
            sold_at=self.at,
        )

    def clear(self) -> None:
        clearing.clear_due(at=self.at)
        claims.settle_due(at=self.at)
        reserves.release_due(at=self.at)
        withholding.give_back_waiting(at=self.at)
        clearing.recover_debts(at=self.at)

    def claim(self) -> None:
        before = self.places("payable")
        book, bps = self.chance.choice(self.books), self.chance.choice([1, 333, 4000, 7000, 10_000])
        claims.hold(claim=f"clm_{self.number}", work=book.work, share_bps=bps, at=self.at)
        assert self.places("payable") == before, "filing touches nothing that is payable"

    def change(self) -> None:
        for share in self.some(ClaimedShare.objects.filter(ended_at=None)):
            claims.change_share(claim=share.claim, share_bps=self.chance.choice([1, 500, 9000]), at=self.at)

    def refund(self) -> None:
        for sale in self.some(SaleRecord.objects.filter(returned_minor__lt=F("paid_minor"))):
            left = sale.paid_minor - sale.returned_minor
            cents = self.chance.choice([left, left, 1, self.chance.randint(1, left)])
            returns.record_refund(
                reference=sale.reference, external_id=f"re_{self.number}", at=self.at, amount=Money(cents, "USD")
            )

    def dispute(self) -> None:
        for sale in self.some(SaleRecord.objects.filter(returned_minor__lt=F("paid_minor"))):
            cents = self.chance.choice([sale.paid_minor, self.chance.randint(1, sale.paid_minor)])
            facts = DisputeFacts(
                f"dp_{self.number}", sale.order_reference, Money(cents, "USD"), Money(1500, "USD"), self.at
            )
            disputes.open_dispute(facts=facts)

    def judge(self) -> None:
        for one in self.some(SaleDispute.objects.filter(state=DisputeState.OPEN)):
            decide = self.chance.choice([disputes.win_dispute, disputes.lose_dispute])
            decide(external_id=one.external_id, at=self.at)

    def release(self) -> None:
        for share in self.some(ClaimedShare.objects.filter(ended_at=None)):
            claims.release(claim=share.claim, at=self.at)

    def pay(self) -> None:
        for share in self.some(ClaimedShare.objects.filter(ended_at=None)):
            winner = self.chance.choice([self.cleo, self.dan, self.ben, None])
            claims.pay_winner(claim=share.claim, winner=winner, at=self.at)

    def later(self) -> None:
        """Somebody comes for what they won."""
        for share in self.some(ClaimedShare.objects.filter(outcome="upheld", winner=None)):
            claims.pay_winner(claim=share.claim, winner=self.cleo, at=self.at)

    def twice(self) -> None:
        """A second decision, which changes nothing or is refused."""
        for share in self.some(ClaimedShare.objects.filter(ended_at__isnull=False)):
            entries_before = JournalEntry.objects.count()
            with pytest.raises(ClaimRefused):
                if share.outcome == "upheld":
                    claims.release(claim=share.claim, at=self.at)
                else:
                    claims.pay_winner(claim=share.claim, winner=self.dan, at=self.at)
            assert JournalEntry.objects.count() == entries_before

    def spend(self) -> None:
        person = self.chance.choice(self.people)
        payable = balance("contributor_payable", person)
        if payable:
            self.paid_out[person.pk] += payable
            move = {
                "external_id": f"spent_{self.number}",
                "owner": person.public_id,
                "currency": "USD",
                "occurred_at": self.at,
                "amount": -payable,
                "against": chart.PROMOTION,
            }
            ledger.post_one(entries.adjustment(**move))

    def wait(self) -> None:
        self.at += self.chance.choice([WINDOW, WINNER_HAS])

    def some(self, rows) -> Iterable:
        """One of the rows, if there is any."""
        found = list(rows.order_by("pk"))
        return [self.chance.choice(found)] if found else []

    def places(self, *names: str) -> dict[int, int]:
        kinds = [f"contributor_{name}" for name in names]
        rows = AccountBalance.objects.filter(account__kind__in=kinds).order_by()
        return {
            owner: -total
            for owner, total in rows.values_list("account__owner").annotate(total=Sum("balance_minor"))
            if total
        }

    def check(self) -> None:
        assert [str(each) for each in invariants.check_invariants()] == []
        owed, debts = self.places(*_OWED), self.places("receivable")
        earned = Counter(dict(SaleShare.objects.order_by().values_list("user").annotate(n=Sum("amount_minor"))))
        gone = SaleRefundShare.objects.order_by().values_list("user").annotate(n=Sum("amount_minor"))
        earned.subtract(dict(gone))
        won = F("paid_minor") - F("taken_minor")
        earned.subtract(dict(ClaimHold.objects.order_by().values_list("share__user").annotate(n=Sum(won))))
        paid = ClaimHold.objects.filter(payee__isnull=False).order_by()
        earned.update(dict(paid.values_list("payee").annotate(n=Sum(won))))
        earned.subtract(self.paid_out)
        for person in self.people:
            earned[person.pk] -= self.tax(person)
            assert owed.get(person.pk, 0) + debts.get(person.pk, 0) == earned[person.pk], person.display_name
        self.check_claims()

    def tax(self, person: User) -> int:
        """What the ledger withheld from them, less what it gave back."""
        kinds = [kind.value for kind in chart.CONTRIBUTOR_KINDS]
        rows = JournalEntry.objects.filter(
            kind__in=["withheld", "withholding_returned"],
            postings__account__owner=person,
            postings__account__kind__in=kinds,
        )
        return int(rows.aggregate(n=Sum("postings__amount_minor", default=0))["n"])

    def check_claims(self) -> None:
        """Of no sale is more held or paid than its royalty, and nobody is paid twice for a word."""
        for share in SaleShare.objects.all():
            rows = ClaimHold.objects.filter(share=share)
            sums = rows.aggregate(bps=Sum("share_bps", default=0), kept=Sum("kept_minor", default=0))
            assert sums["bps"] <= 10_000
            assert sums["kept"] <= share.amount_minor
        fees = ClaimHold.objects.order_by().values_list("share__sale").annotate(n=Sum("fee_minor"))
        of_sales = dict(SaleRecord.objects.values_list("pk", "platform_fee_minor"))
        assert all(fee <= of_sales[sale] for sale, fee in fees)


def tell(seed: int, actions: Iterable[str]) -> None:
    """Tell one story and forget it: the next one begins with an empty ledger."""
    with transaction.atomic():
        story = Story(random.Random(seed))
        story.begin()
        for action in ("sell", "sell", "claim", *actions, "check", "wait", "clear", "check"):
            story.go_on(action)
        transaction.set_rollback(True)


@given(seed=st.integers(0, 2**32), actions=st.lists(st.sampled_from(_ACTIONS), min_size=8, max_size=20))
@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
def test_what_is_owed_is_there(seed, actions):
    tell(seed, actions)


@pytest.mark.nightly
@given(seed=st.integers(0, 2**32), actions=st.lists(st.sampled_from(_ACTIONS), min_size=20, max_size=60))
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
def test_what_is_owed_is_there_in_long_stories(seed, actions):
    tell(seed, actions)
