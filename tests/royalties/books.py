"""Balances of the ledger as tests ask for them: on the account's normal side, by kind and person."""

from __future__ import annotations

from django.db.models import Sum

from accounts.models import User
from royalties.models import LedgerAccount, Posting


def balance(name: str, of: User | None = None, currency: str = "USD") -> int:
    """The balance of `name`, or of the person's account of that kind; 0 for one never posted to."""
    full = f"{name}:{of.public_id}" if of is not None else name
    side = LedgerAccount.objects.filter(name=full, currency=currency).values_list("side", flat=True).first() or 1
    postings = Posting.objects.filter(account__name=full, currency=currency)
    return side * int(postings.aggregate(total=Sum("amount_minor", default=0))["total"])
