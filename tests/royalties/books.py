"""Balances of the ledger as tests ask for them: on the account's normal side, by kind and person."""

from __future__ import annotations

from django.db.models import Sum

from accounts.models import User
from payments.models import SandboxBalance
from royalties.models import LedgerAccount, Posting
from royalties.services import invariants


def balance(name: str, of: User | None = None, currency: str = "USD") -> int:
    """The balance of `name`, or of the person's account of that kind; 0 for one never posted to."""
    full = f"{name}:{of.public_id}" if of is not None else name
    side = LedgerAccount.objects.filter(name=full, currency=currency).values_list("side", flat=True).first() or 1
    postings = Posting.objects.filter(account__name=full, currency=currency)
    return side * int(postings.aggregate(total=Sum("amount_minor", default=0))["total"])


def balances_differ() -> list[str]:
    """Currencies in which the books and the simulated provider disagree about the balance."""
    theirs = {row.currency: row.available_minor for row in SandboxBalance.objects.all()}
    ours = {currency: balance("stripe_balance", currency=currency) for currency in theirs}
    return [
        f"{currency}: {ours[currency]} is {theirs[currency]}"
        for currency in theirs
        if ours[currency] != theirs[currency]
    ]


def assert_balances_agree() -> None:
    """The books and the simulated provider have the same balance in every currency, and the rules hold."""
    assert balances_differ() == []
    assert not invariants.check_invariants()
