"""The shop that is broken, with a book on sale and whatever was sold and asked for so far."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bench.faults.buyers import Crowd, Sales
from bench.faults.shop import Failed, Shop, wait_until

if TYPE_CHECKING:
    from publishing.models import Edition

PUBLIC = "/books/"


@dataclass
class Scene:
    """The shop with a book on sale, and whatever was sold and asked for so far."""

    shop: Shop
    book: Edition
    orders: list[str] = field(default_factory=list)
    jobs: list[int] = field(default_factory=list)

    @classmethod
    def made(cls, shop: Shop) -> Scene:
        from tests.factories.publishing import make_published_edition

        book = make_published_edition(slug="the-lamp", title="The Lamp")
        scene = cls(shop, book)
        with scene.buyers(at_once=1, of=2):  # whoever comes first warms the shop up
            pass
        return scene

    def buyers(self, *, at_once: int = 2, of: int = 60) -> Crowd:
        return Crowd(self.shop.site_port, self.book, at_once=at_once, of=of)

    def sold(self, sales: Sales) -> str:
        """Take down the orders, and say how it went."""
        self.orders += sales.orders
        refused = ", ".join(f"{count} times {status or 'no answer'}" for status, count in sales.refused.items())
        slowest, (request, path) = max(sales.seconds, default=0.0), sales.slowest_request
        return (
            f"{len(sales.orders)} purchases, slowest {slowest:.1f} s, slowest request {request:.1f} s ({path}); "
            f"refused on the way: {refused or 'nothing'}"
        )

    def convert(self, chapters: int = 400) -> int:
        """Ask for a book, as a web process does; the id of its job."""
        from common import clock
        from publishing import services as publishing_services
        from tests.factories.publishing import make_manuscript, make_work

        words = "Rain fell on the harbour, and the keeper counted the boats that had not come home. " * 8
        text = "\n\n".join(f"# Chapter {number}\n\n{words}\n\n{words}" for number in range(1, chapters + 1))
        work = make_work(title=f"Book {len(self.jobs)}")
        manuscript = make_manuscript(work, content=f"{text}\n\n{len(self.jobs)}\n".encode(), name="book.md")
        edition = publishing_services.prepare_edition(actor=work.owner, manuscript=manuscript, at=clock.now())
        self.jobs.append(edition.job_id)
        return edition.job_id


def state_of(job_id: int) -> tuple[str, int]:
    from conversion.models import ConversionJob

    return ConversionJob.objects.values_list("state", "attempt").get(pk=job_id)


def is_converting(job_id: int) -> bool:
    from conversion.models import ConversionJob

    return ConversionJob.objects.filter(pk=job_id, state="running").exclude(stage__in=["", "read"]).exists()


def wait_for_book(job_id: int) -> str:
    seconds = wait_until("the book is made", lambda: state_of(job_id)[0] not in {"queued", "running"})
    state, attempt = state_of(job_id)
    if state != "done":
        raise Failed(f"the conversion ended as {state} at attempt {attempt}")
    return f"book made {seconds:.1f} s later, at attempt {attempt}"


def check_nothing_lost(scene: Scene) -> str:
    """Hold every order, payment, book and file against what buyers and authors were told."""
    from conversion.models import Artifact, ConversionJob
    from royalties.services import invariants
    from storefront.checkout.models import Entitlement, Order, Payment

    def all_paid() -> bool:
        return Order.objects.filter(public_id__in=scene.orders, state="paid").count() == len(scene.orders)

    wait_until("every order that a buyer was told of is paid", all_paid)
    told = Order.objects.filter(public_id__in=scene.orders)
    payments = Counter(Payment.objects.filter(order__in=told, state="succeeded").values_list("order_id", flat=True))
    books = Counter(Entitlement.objects.filter(ended_at=None).values_list("user_id", "work_id"))
    doubled = [key for key, count in (payments + books).items() if count != 1]
    files = Counter(Artifact.objects.filter(job__in=scene.jobs).values_list("job_id", "kind", "target"))
    twice = [key for key, count in files.items() if count != 1]
    waiting = ConversionJob.objects.filter(pk__in=scene.jobs).exclude(state="done").count()
    broken = [str(one) for one in invariants.check_invariants()]
    if len(set(scene.orders)) != len(scene.orders) or doubled or twice or waiting or broken:
        raise Failed(f"doubled {doubled}, files twice {twice}, not made {waiting}, ledger {broken}")
    return f"{len(scene.orders)} orders and {len(scene.jobs)} books: 0 lost, 0 twice, ledger in order"
