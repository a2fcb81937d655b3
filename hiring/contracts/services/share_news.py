"""Mails when a royalty share begins and when it ends. Nothing runs at those moments in the books: a share is divided by
each sale's date and by what it has brought, so this looks for those that nobody was told of.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from common.templatetags.money import day, money, percent
from hiring.contracts.models import Contract, Notice
from hiring.contracts.process import Actor
from hiring.contracts.selectors.shares import ShareView, share_of
from hiring.contracts.services import notices
from publishing.models import SplitShare
from royalties.models import TowardsSum
from royalties.selectors import splits

type Facts = Callable[[], dict[str, str]]

_NEWS_FOR = timedelta(days=30)
"""What is older is no news; it is less than the year for which we remember what was mailed."""
_AT_ONCE = 100


@transaction.atomic
def tell(*, at: datetime) -> int:
    """Tell both sides of shares that have begun or ended, once each; return of how many."""
    begun = SplitShare.objects.filter(agreement__effective_at__gt=at - _NEWS_FOR, agreement__effective_at__lte=at)
    count = 0
    for contract, share in _untold(notices.Kind.SHARE_BEGAN, begun.values_list("reference", flat=True), at):
        if share.began_at is not None and share.began_at > at - _NEWS_FOR:
            _tell_both(contract, notices.Kind.SHARE_BEGAN, _facts_of(contract, share, _ends_in_words), at)
            count += 1
    for contract, share in _untold(notices.Kind.SHARE_ENDED, _ended(at), at):
        if share.has_ended:
            _tell_both(contract, notices.Kind.SHARE_ENDED, _facts_of(contract, share, _ended_in_words), at)
            count += 1
    return count


def _ended(at: datetime) -> set[str]:
    """Return the references of shares that have ended of late: after their last day, or with a sale."""
    by_day = SplitShare.objects.filter(ends_at__gt=at - _NEWS_FOR, ends_at__lte=at)
    sold = TowardsSum.objects.filter(share__sale__sold_at__gt=at - _NEWS_FOR).values("reference")
    by_sum = SplitShare.objects.filter(ends_at_minor__isnull=False, reference__in=sold)
    return {*by_day.values_list("reference", flat=True), *splits.reached_sums(list(by_sum))}


def _untold(kind: notices.Kind, references: Iterable[str], at: datetime) -> Iterator[tuple[Contract, ShareView]]:
    told = Notice.objects.filter(kind=kind, contract=OuterRef("pk"))
    rows = Contract.objects.filter(~Exists(told), public_id__in=references)
    for contract in rows.select_related("client", "provider", "work", "translation").order_by("pk")[:_AT_ONCE]:
        share = share_of(contract, at)
        if share is not None:
            yield contract, share


def _tell_both(contract: Contract, kind: notices.Kind, facts: Facts, at: datetime) -> None:
    for side in (Actor.CLIENT, Actor.PROVIDER):
        notices.send(contract, kind, to=side, about=contract.public_id, at=at, facts=facts)


def _facts_of(contract: Contract, share: ShareView, in_words: Callable[[ShareView], str]) -> Facts:
    """Return what makes the facts of a mail once its reader's language is active."""
    work = contract.credited_work
    return lambda: {
        "work": work.title if work is not None else contract.title,
        "share": percent(share.given_bps),
        "how": in_words(share),
    }


def _ends_in_words(share: ShareView) -> str:
    facts = {"day": day(share.ends_on), "sum": money(share.ends_at_sum) if share.ends_at_sum is not None else ""}
    if share.ends_on is not None and share.ends_at_sum is not None:
        return _("It ends after %(day)s, or once it has paid %(sum)s if that is earlier.") % facts
    if share.ends_on is not None:
        return _("It ends after %(day)s.") % facts
    return _("It ends once it has paid %(sum)s.") % facts


def _ended_in_words(share: ShareView) -> str:
    brought, limit = share.brought, share.ends_at_sum
    if brought is not None and limit is not None and brought.amount_minor >= limit.amount_minor:
        return _(
            "It has paid the agreed %(sum)s. If readers return books that counted, it goes on until that is paid again."
        ) % {"sum": money(limit)}
    return _("Its last day was %(day)s.") % {"day": day(share.ends_on)}
