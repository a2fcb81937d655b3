"""The hash chain, the numbers of its postings and the daily roots, recomputed from what they stand for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from royalties import chain
from royalties.models import ChainedPosting, ChainLink, DailyRoot, EntryLeaf, Posting
from royalties.verify_statement import root_hash

type Broken = tuple[str, str]


def broken() -> list[Broken]:
    """The first row of the chain that does not hold, or else of the roots, with what is wrong; none when all do."""
    return _first(_links()) or _first(_roots())


def _first(found: Iterator[Broken]) -> list[Broken]:
    return [row for row in [next(found, None)] if row is not None]


def _links() -> Iterator[Broken]:
    previous = chain.GENESIS
    accounts: dict[int, tuple[int, int]] = {}
    for link in _stored_links():
        row = f"journal entry {link.entry_id}"
        if link.previous_hash != previous:
            yield row, f"is not linked to the one before it (position {link.position})"
        yield from _leaf(link, row, accounts)
        leaf = link.leaf.hash if hasattr(link, "leaf") else ""
        if chain.link_hash(link.version, previous, link.entry, leaf) != link.hash:
            yield row, f"was changed after it was chained (position {link.position})"
        previous = link.hash
    if ChainedPosting.objects.exclude(posting__entry__link__isnull=False).exists():
        yield "chain", "numbers a posting whose entry is not chained"


def _leaf(link: ChainLink, row: str, accounts: dict[int, tuple[int, int]]) -> Iterator[Broken]:
    """The leaf against header and postings, and these in the order of their accounts."""
    if not hasattr(link, "leaf"):
        if link.version == chain.SALTED:
            yield row, "has no leaf"
        return  # an old link that the chainer has not come to yet
    hashes = []
    for posting in link.entry.postings.all():
        if not hasattr(posting, "chained"):
            yield row, f"was changed after it was chained: posting {posting.pk} has no number"
            return
        yield from _place(posting, row, accounts)
        hashes.append(chain.hash_of(posting, posting.chained))
    if chain.leaf(link.entry, hashes) != link.leaf.hash:
        yield row, f"was changed after it was chained (position {link.position})"


def _place(posting: Posting, row: str, accounts: dict[int, tuple[int, int]]) -> Iterator[Broken]:
    chained = posting.chained
    ordinal, balance = accounts.get(posting.account_id, (0, 0))
    accounts[posting.account_id] = ordinal + 1, balance + posting.amount_minor
    if (chained.ordinal, chained.account_id) != (ordinal + 1, posting.account_id):
        yield row, f"is not posting {ordinal + 1} of {posting.account}"
    if chained.balance_after_minor != balance + posting.amount_minor:
        yield row, f"leaves another balance on {posting.account} than was chained"
    if chain.hash_of(posting, chained) != chained.hash:
        yield row, f"has a posting on {posting.account} with another hash than was chained"


def _stored_links() -> Iterable[ChainLink]:
    links = ChainLink.objects.order_by("position").select_related("entry", "leaf")
    return links.prefetch_related("entry__postings__account", "entry__postings__chained").iterator(chunk_size=1000)


def _roots() -> Iterator[Broken]:
    previous = DailyRoot(number=0, last_position=0, root=chain.GENESIS)
    for root in DailyRoot.objects.order_by("number"):
        row = f"root {root}"
        if (root.number, root.previous_root) != (previous.number + 1, previous.root):
            yield row, "does not follow the one before it"
        leaves = leaves_between(previous.last_position + 1, root.last_position)
        if len(leaves) != root.count or chain.Tree(leaves).root != root.merkle_root:
            yield row, "is not the root of the entries chained then"
        if root_hash(chain.published(root)) != root.root:
            yield row, "was changed after it was made"
        previous = root


def leaves_between(first: int, last: int) -> list[str]:
    """The leaves of the links from one position to another, both included, in order."""
    found = EntryLeaf.objects.filter(pk__gte=first, pk__lte=last).order_by("pk")
    return list(found.values_list("hash", flat=True))
