"""The journal for the money story: the entries of each step, and the account balances after it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from royalties.models import JournalEntry
from royalties.selectors.trial_balance import trial_balance


@dataclass(frozen=True, slots=True)
class Line:
    """One posting of an entry, minor units; `account` has people's names instead of their opaque ids."""

    account: str
    debit_minor: int
    credit_minor: int


@dataclass(frozen=True, slots=True)
class Entry:
    """One journal entry."""

    kind: str
    external_id: str
    currency: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """Something that happened, its journal entries, and every balance that is not zero afterwards."""

    at: datetime
    text: str
    entries: tuple[Entry, ...]
    balances: tuple[Line, ...]


class Journal:
    """Reads the journal onwards from where it stopped."""

    def __init__(self) -> None:
        self._last_entry = 0
        self._people: list[User] = []

    def know(self, people: Iterable[User]) -> None:
        """Use these people's names from now on."""
        self._people.extend(people)

    def name_of(self, account: str) -> str:
        """Return the ledger account's name with the person's name in place of the public id."""
        for user in self._people:
            account = account.replace(user.public_id, user.display_name)
        return account

    def step(self, at: datetime, text: str) -> Step:
        """Return what was posted since the last step."""
        new = JournalEntry.objects.filter(pk__gt=self._last_entry).order_by("pk")
        entries = list(new.prefetch_related("postings__account"))
        self._last_entry = max((entry.pk for entry in entries), default=self._last_entry)
        balances = [
            Line(self.name_of(one.name), one.debit_minor, one.credit_minor)
            for one in trial_balance()
            if one.balance_minor
        ]
        balances.sort(key=lambda one: one.account)  # ids are in a different order from names
        return Step(at, text, tuple(self._entry(entry) for entry in entries), tuple(balances))

    def _entry(self, entry: JournalEntry) -> Entry:
        postings = sorted(entry.postings.all(), key=lambda one: (one.amount_minor < 0, one.pk))
        return Entry(
            kind=str(entry.kind),
            external_id=entry.external_id,
            currency=postings[0].currency,
            lines=tuple(
                Line(self.name_of(one.account.name), max(one.amount_minor, 0), one.credit_minor) for one in postings
            ),
        )
