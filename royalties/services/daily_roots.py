"""Daily roots: one published hash for everything chained on a day, after which nobody can change its entries unnoticed.

A root covers the links after the last root's up to the end of a day; closing a month makes one at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date
from itertools import groupby

from django.db import transaction

from common import clock
from royalties import ledger_chain
from royalties.models import ChainLink, DailyRoot
from royalties.services import ledger_chain as hash_chain
from royalties.verify_statement import root_hash


def publish_days() -> int:
    """Chain what is committed and make a root for each day that is over. Return how many. Safe to run twice."""
    hash_chain.chain_committed(whole=True)
    return _make_roots(before=clock.database_real_now().date())


def publish_all() -> int:
    """Make a root for everything chained so far, including today: a closed month can be proved from then on."""
    hash_chain.chain_committed()
    return _make_roots(before=None)


@transaction.atomic
def _make_roots(*, before: date | None) -> int:
    hash_chain.lock_chain()
    last = DailyRoot.objects.order_by("-number").first()
    made = 0
    for day, links in groupby(_links_after(last), key=lambda link: link[0]):
        if before is not None and day >= before:
            break
        last = _root(last, day, [(position, leaf) for _, position, leaf in links])
        last.save(force_insert=True)
        made += 1
    return made


def _links_after(last: DailyRoot | None) -> Iterator[tuple[date, int, str]]:
    """Yield day, position and leaf of each link that no root covers.

    The day never goes back along the chain: an entry with an earlier day gets the day of the link before it.
    """
    day = last.day if last else date.min
    links = ChainLink.objects.filter(position__gt=last.last_position if last else 0).order_by("position")
    rows = links.values_list("entry__recorded_at", "position", "leaf__hash")
    for recorded_at, position, leaf in rows.iterator(chunk_size=5000):
        day = max(day, recorded_at.astimezone(UTC).date())
        yield day, position, leaf


def _root(last: DailyRoot | None, day: date, links: list[tuple[int, str]]) -> DailyRoot:
    made = DailyRoot(
        number=last.number + 1 if last else 1,
        day=day,
        first_position=links[0][0],
        last_position=links[-1][0],
        count=len(links),
        merkle_root=ledger_chain.Tree([leaf for _, leaf in links]).root,
        previous_root=last.root if last else ledger_chain.GENESIS,
    )
    made.root = root_hash(ledger_chain.published(made))
    return made
