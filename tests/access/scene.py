"""One of everything that an address may name, and nine people who ask for it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from accounts.models import User
from accounts.services import copies, deletions
from common import clock
from common.periods import Month
from helpdesk.services import send_request
from publishing import author_terms
from publishing.models import ContributorRole, Edition
from royalties.models import JournalEntry, Statement
from royalties.services import clearing, payouts
from storefront.models import Gift, Order
from tests.access import community
from tests.factories.accounts import make_author, make_finance, make_moderator, make_operator, make_reader
from tests.factories.buying import buy
from tests.factories.offers import give, make_author_coupon, make_bundle, make_platform_coupon, token_of
from tests.factories.publishing import make_contributor, make_published_edition, make_split
from tests.royalties import closing
from tests.royalties.factories import payout_account

ACTORS = ("anon", "reader", "buyer", "author", "coauthor", "other", "moderator", "finance", "operator")

_UNKNOWN = "xyz_unknown"


@dataclass
class Scene:
    """`values` are what addresses are filled with: by "pattern name:part", else by "prefix:part" or the part
    alone."""

    people: dict[str, User | None]
    values: dict[str, Any] = field(default_factory=dict)
    data: dict[str, dict[str, str]] = field(default_factory=dict)  # query or form by the pattern's name

    def arguments(self, name: str, parts: list[str]) -> dict[str, Any]:
        prefix = name.split("-", maxsplit=1)[0]
        found = {}
        for part in parts:
            keys = (f"{name}:{part}", f"{prefix}:{part}", part)
            found[part] = next(self.values[key] for key in keys if key in self.values)
        return found


def build() -> Scene:
    """The author's book with a co-author, bought by the buyer, its month closed; offers, a gift; a draft unseen."""
    author, coauthor = make_author(display_name="Ada"), make_author(display_name="Ben")
    book = make_published_edition(slug="the-lamp", title="The Lamp", owner=author)
    other_book = make_published_edition(slug="the-wick", title="The Wick", owner=author)
    owner_line = book.work.contributors.get(user=author)
    credited = make_contributor(book.work, user=coauthor, role=ContributorRole.AUTHOR, name="Ben")
    agreement = make_split(book.work, {owner_line: 6000, credited: 4000})
    buyer = make_reader()
    people: dict[str, User | None] = {
        "anon": None,
        "reader": make_reader(),
        "buyer": buyer,
        "author": author,
        "coauthor": coauthor,
        "other": make_author(),
        "moderator": make_moderator(),
        "finance": make_finance(),
        "operator": make_operator(),
    }
    order = buy(buyer, book)
    gift = give(buyer, other_book)
    scene = Scene(people)
    scene.values = {
        **_of_works(book, credited.public_id, agreement.public_id),
        **_of_buying(order, gift),
        **_of_offers(author, book, other_book),
        **community.values_of(book=book, buyer=buyer),
        **_of_money(author),
        **_of_own_data(buyer),
        **_of_help(buyer, order),
    }
    work = {"work": book.work.public_id}
    scene.data = {
        "earnings-fragment": work,
        "earnings-preview": {**work, "price_minor": "499", "currency": "USD"},
        "earnings-stage": {"currency": "USD"},
        "bundle-works": {"work": other_book.work.public_id, "act": "add"},
        "bundle-answer": {**work, "act": "agree"},
    }
    return scene


def _of_works(book: Edition, contributor_id: str, agreement_id: str) -> dict[str, Any]:
    job = book.job
    assert job is not None
    artifact = job.artifacts.first()
    assert artifact is not None
    return {
        "work:public_id": book.work.public_id,
        "edition:public_id": book.work.public_id,
        "edition_id": book.public_id,
        "manuscript_id": book.manuscript.public_id,
        "contributor_id": contributor_id,
        "agreement_id": agreement_id,
        "artifact_id": artifact.public_id,
        "version": author_terms.CURRENT,
        "work_id": book.work.public_id,
        "slug": book.work.slug,
        "chapter_id": "c1",
        "target": "phone",
        "code": "page.hyphens",
        "work-picture:name": "1.png",
        "work-preview-file:name": "style.css",
        "path": "style.css",
        "sample-picture:name": "dot.png",
        "author:public_id": book.work.owner.public_id,
    }


def _of_buying(order: Order, gift: Gift) -> dict[str, Any]:
    line = order.lines.get()
    return {
        "order_id": order.public_id,
        "line_id": line.public_id,
        "token": token_of(gift),
        "download:token": _UNKNOWN,
        "session_id": order.payments.get().session_id,
        "payment_id": order.payments.get().public_id,
        "link_id": _UNKNOWN,
        "reference": line.public_id,
    }


def _of_offers(author: User, book: Edition, other_book: Edition) -> dict[str, Any]:
    bundle = make_bundle(book, other_book)
    return {
        "author-coupon-stop:coupon_id": make_author_coupon(author, book.work, code="OWN").public_id,
        "platform-coupon-stop:coupon_id": make_platform_coupon(code="OURS").public_id,
        "bundle_id": bundle.public_id,
        "bundle:slug": bundle.slug,
    }


def _of_own_data(buyer: User) -> dict[str, Any]:
    """The buyer's copy is made; somebody else's account is to be deleted."""
    now = clock.now()
    made = copies.ask_for_copy(actor=buyer, at=now)
    copies.make_copy(copy_id=made.pk)
    leaving = deletions.ask(actor=make_reader(), keeps_words=False, at=now)
    return {
        "data-copy:copy_id": made.public_id,
        "keep-account:token": deletions.keep_link(deletion=leaving).rstrip("/").rpartition("/")[2],
    }


def _of_help(buyer: User, order: Order) -> dict[str, Any]:
    asked = send_request(
        writer=buyer, email=buyer.email, topic="order", order=order, named_order="", body="Why?", at=clock.now()
    )
    return {
        "help-topic:name": "orders",
        **{f"helpdesk-{what}:public_id": asked.public_id for what in ("request", "close")},
    }


def _of_money(author: User) -> dict[str, Any]:
    """The month of the sale is closed, what cleared is proposed to be paid; nothing else happened."""
    now = clock.now()
    later = now + timedelta(days=40)
    payout_account(author)
    with clock.frozen(later):
        clearing.clear_due(at=later)
        closing.close(period=Month(now.year, now.month), at=later)
        run = payouts.propose_run(actor=make_finance(), currency="USD", at=later)
    statement = Statement.objects.get(user=author)
    of_statement = {
        f"{side}-statement{what}:public_id": statement.public_id
        for side in ("earnings", "finance")
        for what in ("", "-json", "-file", "-movement", "-figure", "-line")
    }
    return {
        **of_statement,
        **{f"finance-{what}:public_id": run.public_id for what in ("run", "approve", "cancel", "make-files")},
        **{f"finance-{what}:public_id": author.public_id for what in ("contributor", "person-hold")},
        **{f"{side}-statement-figure:name": "closing" for side in ("earnings", "finance")},
        "earnings-stage:name": "clearing",
        "public_id": _UNKNOWN,
        "entry_id": JournalEntry.objects.filter(postings__account__owner=author.pk).values_list("pk", flat=True)[0],
        "object_id": _UNKNOWN,
        "kind": "royalties",
        "position": 1,
        "number": 1,
        "form": "csv",
        "item_id": 1,
        "row_id": 1,
        "warning_id": 1,
        "refund_id": _UNKNOWN,
        "dispute_id": _UNKNOWN,
        "endpoint": "platform",
        "verb": "dispute",
        "name": "receipt",
        "public-file:name": "none.webp",
    }


def patterns() -> dict[str, list[str]]:
    """Every address of ours by its pattern's name, with the parts it is filled with. allauth's own are its business."""
    return {name: parts for name, parts, module in _walk(get_resolver()) if not module.startswith("allauth")}


def _walk(resolver: URLResolver) -> list[tuple[str, list[str], str]]:
    found = []
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            found += _walk(pattern)
        elif isinstance(pattern, URLPattern) and pattern.name:
            parts = list(pattern.pattern.converters) or list(pattern.pattern.regex.groupindex)
            found.append((pattern.name, parts, pattern.callback.__module__))
    return found
