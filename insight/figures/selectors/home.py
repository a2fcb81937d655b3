"""The desk's home: what happened since an author's last visit, how their money stands, and what to do next."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Sum
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from common.templatetags.money import money
from hiring.contracts.models import Contract
from hiring.offers.models import Offer
from hiring.requests.models import ServiceRequest
from insight.events.models import ShareLink
from publishing.comments.models import Thread
from publishing.models import Edition, EditionState, Price, Work
from royalties.models import PayeeDetails, SaleShare
from royalties.selectors.payout_flow import PayoutFlow
from storefront.checkout.models import Refund, RefundState
from storefront.claims.models import Claim
from storefront.claims.process import State
from storefront.community.models import Review
from storefront.library.models import Follow
from storefront.pages import menu_hooks
from storefront.reading.models import TypoReport, TypoState

_MOST = 6  # things to do next


@dataclass(frozen=True, slots=True)
class News:
    """Something that happened, and where to see it."""

    text: str
    href: str


@dataclass(frozen=True, slots=True)
class Todo:
    """Something to do next: what, and the link that leads there."""

    text: str
    action: str
    href: str


@dataclass(frozen=True, slots=True)
class Balance:
    """Money in one currency, and when it is paid out."""

    currency: str
    amount_minor: int
    note: str = ""


def has_works(user: User) -> bool:
    """Return whether the person has made or helped to make a work."""
    return Work.objects.filter(owner=user).exists() or SaleShare.objects.filter(user=user).exists()


def has_business(user: User) -> bool:
    """Return whether the person works with others here: offers a service, asks for one, or has a contract."""
    return (
        Contract.objects.of(user).exists()
        or ServiceRequest.objects.filter(client=user).exists()
        or Offer.objects.filter(provider=user).exists()
    )


def payable_of(flows: Sequence[PayoutFlow]) -> list[Balance]:
    """Return what is paid out next, by currency."""
    return [Balance(flow.currency, flow.amounts["payable"], flow.waiting.note) for flow in _with(flows, "payable")]


def clearing_of(flows: Sequence[PayoutFlow]) -> list[Balance]:
    """Return what still clears, by currency."""
    return [Balance(flow.currency, flow.amounts["clearing"]) for flow in _with(flows, "clearing")]


def claimed_of(flows: Sequence[PayoutFlow]) -> list[Balance]:
    """Return what is held for claims on works, by currency."""
    return [Balance(flow.currency, flow.amounts["claimed"]) for flow in _with(flows, "claimed")]


def _with(flows: Sequence[PayoutFlow], stage: str) -> list[PayoutFlow]:
    return [flow for flow in flows if flow.amounts.get(stage)]


def news_since(user: User, since: datetime) -> list[News]:
    """Return what happened since, what matters most first."""
    return [*_sales(user, since), *_returns(user, since), *_from_readers(user, since)]


def todo(user: User, flows: Sequence[PayoutFlow]) -> list[Todo]:
    """Return what to do next: first what keeps money from arriving."""
    return [*_for_money(user, flows), *_behind_the_menu(user), *_for_works(user)][:_MOST]


def _sales(user: User, since: datetime) -> Iterator[News]:
    shares = SaleShare.objects.filter(user=user, sale__sold_at__gt=since).order_by("sale__currency")
    sums = shares.values_list("sale__currency").annotate(count=Count("pk"), earned=Sum("amount_minor"))
    for currency, count, earned in sums:
        words = ngettext("%(count)d sale, %(amount)s for you", "%(count)d sales, %(amount)s for you", count)
        yield News(words % {"count": count, "amount": money(earned, currency)}, reverse("earnings-sales"))


def _returns(user: User, since: datetime) -> Iterator[News]:
    count = Refund.objects.filter(
        line__edition__work__owner=user, finished_at__gt=since, state=RefundState.SUCCEEDED
    ).count()
    if count:
        words = ngettext("%(count)d copy was returned", "%(count)d copies were returned", count)
        yield News(words % {"count": count}, reverse("figures:owner"))


def _from_readers(user: User, since: datetime) -> Iterator[News]:
    reviews = Review.objects.shown().filter(work__owner=user, created_at__gt=since).order_by()
    for slug, title, count in reviews.values_list("work__slug", "work__title").annotate(count=Count("pk"))[:3]:
        words = ngettext("%(count)d new review of “%(title)s”", "%(count)d new reviews of “%(title)s”", count)
        yield News(words % {"count": count, "title": title}, reverse("pages:book", args=[slug]) + "#reviews")
    count = Follow.objects.filter(author=user, followed_at__gt=since).count()
    if count:
        words = ngettext("%(count)d new follower", "%(count)d new followers", count)
        yield News(words % {"count": count}, reverse("pages:author", args=[user.public_id]))


def _for_money(user: User, flows: Sequence[PayoutFlow]) -> Iterator[Todo]:
    page = reverse("earnings-account")
    yield from _claims(user)
    if PayeeDetails.objects.missing().filter(user=user).exists():
        yield Todo(
            _("Before we can pay you, tell us who you are."), _("Enter the details"), reverse("earnings-details")
        )
    earning = [flow for flow in flows if flow.amounts.get("payable") or flow.amounts.get("clearing")]
    reasons = {flow.waiting.why: flow.waiting.note for flow in earning}
    if "account" in reasons:
        yield Todo(_("You have earned money, and we do not know where to send it."), _("Set up payouts"), page)
    elif "trouble" in reasons:
        yield Todo(reasons["trouble"], _("See your payout account"), page)


def _claims(user: User) -> Iterator[Todo]:
    """Claims that wait for an answer: of the book's owner, or of a claimant whose claim is contested."""
    waiting = Claim.objects.filter(work__owner=user, state=State.ANSWERING).select_related("work").order_by("began_at")
    for claim in waiting[:2]:
        words = _("%(name)s claims words of “%(title)s”.") % {"name": claim.name, "title": claim.work.title}
        yield Todo(words, _("Answer"), reverse("claims:work-claim", args=[claim.work.public_id, claim.public_id]))
    contested = Claim.objects.filter(user=user, state=State.CONTESTED).select_related("work").order_by("began_at")
    for claim in contested[:2]:
        words = _("Your claim on “%(title)s” is contested.") % {"title": claim.work.title}
        yield Todo(words, _("See the answer"), reverse("claims:mine"))


def _behind_the_menu(user: User) -> Iterator[Todo]:
    """What waits in other parts of the site: contracts, requests, messages."""
    for link in menu_hooks.menu_for(user).links:
        if link.count:
            words = ngettext("%(place)s: %(count)d waits for you.", "%(place)s: %(count)d wait for you.", link.count)
            yield Todo(words % {"place": link.label, "count": link.count}, _("Have a look"), link.href)


def _for_works(user: User) -> Iterator[Todo]:
    mine = Work.objects.filter(owner=user, archived_at=None)
    drafts = Edition.objects.filter(work=OuterRef("pk"), state=EditionState.DRAFT)
    unpriced = mine.filter(Exists(drafts)).exclude(Exists(Price.objects.filter(work=OuterRef("pk"))))
    for work in unpriced.order_by("-pk")[:2]:
        href = reverse("work-price", args=[work.public_id])
        yield Todo(_("“%(title)s” has no price yet.") % {"title": _named(work)}, _("Set the price"), href)
    open_typos = TypoReport.objects.filter(work__owner=user, state=TypoState.OPEN).order_by()
    for work_id, title, count in open_typos.values_list("work__public_id", "work__title").annotate(n=Count("pk"))[:2]:
        words = ngettext(
            "Readers report %(count)d typo in “%(title)s”.", "Readers report %(count)d typos in “%(title)s”.", count
        )
        href = reverse("reading:work-typos", args=[work_id])
        yield Todo(words % {"count": count, "title": title}, _("Decide"), href)
    threads = Thread.objects.unresolved().filter(work__owner=user).exclude(opened_by=user).order_by()
    for work_id, title, count in threads.values_list("work__public_id", "work__title").annotate(n=Count("pk"))[:2]:
        words = ngettext(
            "%(count)d comment on “%(title)s” is open.", "%(count)d comments on “%(title)s” are open.", count
        )
        href = reverse("comments:threads", args=[work_id])
        yield Todo(words % {"count": count, "title": title}, _("Read"), href)
    on_sale = Edition.objects.filter(work=OuterRef("pk"), state=EditionState.PUBLISHED)
    unshared = mine.filter(Exists(on_sale)).exclude(Exists(ShareLink.objects.filter(work=OuterRef("pk"))))
    for work in unshared.order_by("-pk")[:1]:
        href = reverse("figures:work", args=[work.public_id]) + "#links"
        words = _("See who comes to “%(title)s” from where: share it by a link of its own.")
        yield Todo(words % {"title": work.title}, _("Make a link"), href)


def _named(work: Work) -> str:
    return work.title or _("Your new book")
