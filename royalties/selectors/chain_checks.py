"""Checks that recompute the hash chain, the numbers of its postings and the daily roots from the ledger."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from royalties import ledger_chain
from royalties.models import ChainedPosting, ChainLink, DailyRoot, EntryLeaf, Posting
from royalties.verify_statement import root_hash

type Broken = tuple[str, str]


def broken(*, since: int = 0) -> list[Broken]:
    """Return the first wrong row of the chain, or else of the roots, and what is wrong; an empty list if all is well.

    `since` is a position up to which an earlier check found no fault: what comes after it is checked, and how it
    connects.
    """
    return _first(_links(since)) or _first(_roots(since))


def _first(found: Iterator[Broken]) -> list[Broken]:
    return [row for row in [next(found, None)] if row is not None]


def _links(since: int) -> Iterator[Broken]:
    trusted = ChainLink.objects.filter(position=since).first()
    if since and trusted is None:
        yield "chain", f"ends before position {since}, which was there"
    previous = trusted.hash if trusted else ledger_chain.GENESIS
    accounts = _Standing(since)
    for link in _stored_links(since):
        row = f"journal entry {link.entry_id}"
        if link.previous_hash != previous:
            yield row, f"is not linked to the one before it (position {link.position})"
        if not hasattr(link, "leaf"):
            yield row, "has no leaf"
            return
        yield from _leaf(link, row, accounts)
        if link.version != ledger_chain.VERSION:
            yield row, f"has a link of version {link.version}, which does not exist (position {link.position})"
        if ledger_chain.link_hash(previous, link.leaf.hash) != link.hash:
            yield row, f"was changed after it was chained (position {link.position})"
        previous = link.hash
    if not since and ChainedPosting.objects.exclude(posting__entry__link__isnull=False).exists():
        yield "chain", "numbers a posting whose entry is not chained"


class _Standing:
    """The last number of each account and the balance after it, as far as the check has come."""

    def __init__(self, since: int) -> None:
        self._since = since
        self._accounts: dict[int, tuple[int, int]] = {}

    def before(self, chained: ChainedPosting) -> tuple[int, int]:
        """Return the account's last number and balance. For its first posting after `since`, look up the one before."""
        found = self._accounts.get(chained.account_id)
        return found if found is not None else self._trusted(chained)

    def move(self, account: int, ordinal: int, balance: int) -> None:
        self._accounts[account] = ordinal, balance

    def _trusted(self, chained: ChainedPosting) -> tuple[int, int]:
        if not self._since:
            return 0, 0
        forerunner = ChainedPosting.objects.filter(
            account=chained.account_id,
            ordinal=chained.ordinal - 1,
            posting__entry__link__position__lte=self._since,
        ).first()
        return (forerunner.ordinal, forerunner.balance_after_minor) if forerunner else (0, 0)


def _leaf(link: ChainLink, row: str, accounts: _Standing) -> Iterator[Broken]:
    """Check the leaf against the header and the postings, and the postings against the order of their accounts."""
    if not all(hasattr(posting, "account") for posting in link.entry.postings.all()):
        yield row, "has a posting whose account is not there"
        return
    hashes = []
    for posting in link.entry.postings.all():
        if not hasattr(posting, "chained"):
            yield row, f"was changed after it was chained: posting {posting.pk} has no number"
            return
        yield from _place(posting, row, accounts)
        hashes.append(ledger_chain.hash_of(posting, posting.chained))
    if ledger_chain.leaf(link.entry, hashes) != link.leaf.hash:
        yield row, f"was changed after it was chained (position {link.position})"


def _place(posting: Posting, row: str, accounts: _Standing) -> Iterator[Broken]:
    chained = posting.chained
    ordinal, balance = accounts.before(chained)
    accounts.move(posting.account_id, ordinal + 1, balance + posting.amount_minor)
    if (chained.ordinal, chained.account_id) != (ordinal + 1, posting.account_id):
        yield row, f"is not posting {ordinal + 1} of {posting.account}"
    if chained.balance_after_minor != balance + posting.amount_minor:
        yield row, f"leaves another balance on {posting.account} than was chained"
    if ledger_chain.hash_of(posting, chained) != chained.hash:
        yield row, f"has a posting on {posting.account} with another hash than was chained"


def _stored_links(since: int) -> Iterable[ChainLink]:
    links = ChainLink.objects.filter(position__gt=since).order_by("position").select_related("entry", "leaf")
    return links.prefetch_related("entry__postings__account", "entry__postings__chained").iterator(chunk_size=1000)


def _roots(since: int) -> Iterator[Broken]:
    """Check the roots that cover anything after `since`, each as a whole: the first may begin before it."""
    trusted = DailyRoot.objects.filter(last_position__lte=since).order_by("-last_position").first()
    previous = trusted or DailyRoot(number=0, last_position=0, root=ledger_chain.GENESIS)
    for root in DailyRoot.objects.filter(last_position__gt=since).order_by("number"):
        row = f"root {root}"
        if (root.number, root.previous_root) != (previous.number + 1, previous.root):
            yield row, "does not follow the one before it"
        leaves = leaves_between(previous.last_position + 1, root.last_position)
        if len(leaves) != root.count or ledger_chain.Tree(leaves).root != root.merkle_root:
            yield row, "is not the root of the entries chained then"
        if root_hash(ledger_chain.published(root)) != root.root:
            yield row, "was changed after it was made"
        previous = root


def leaves_between(first: int, last: int) -> list[str]:
    """Return the leaves of the links from one position to another, both included, in order."""
    found = EntryLeaf.objects.filter(pk__gte=first, pk__lte=last).order_by("pk")
    return list(found.values_list("hash", flat=True))
