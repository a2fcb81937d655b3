"""Three months of a small shop's sales, made through the same services that serve its visitors.

Readers fill carts, pay on the sandbox's page, return some books and review what they bought; webhooks are signed and
received; money clears; two finance people pay the authors; months are closed (`demo.shop` does each). The clock is set
to each day, so that everything carries the date on which it happened.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime, timedelta

from accounts.models import User
from common import clock, jobs
from demo import finance_tasks
from demo.advance_copies import seed_advance_copies
from demo.books import SHOP_OPENED, author, reader
from demo.community import seed_community
from demo.content.hiring_loader import load_market
from demo.content.loader import Catalogue
from demo.hiring import hiring_stories
from demo.people import person
from demo.reading import seed_reading
from demo.searches import seed_searches
from demo.shop import Shop, Visit
from demo.visits import seed_visits
from insight.market.services import counting as market_counting
from publishing.models import Edition, Work
from royalties.services import reconciliation
from storefront.catalogue.services import ranking
from storefront.checkout.models import Order, OrderLine, OrderState
from storefront.community.services import reviews, vote_counting

_SEED = 20260824
_ORDERS = 170
_REFUNDED_IN_A_HUNDRED = 4
_COUNTRIES = ("US", "US", "US", "GB", "GB", "DE", "DE", "DE", "AT", "FR", "NL", "IE", "CA")
_NAMES = (
    "Amara Bell, Ben Okafor, Carla Nunes, Dieter Voss, Elif Aydin, Frank Moor, Greta Lind, Hana Sato, Ivo Marek, "
    "Jana Kern, Kofi Mensah, Lena Brandt, Milo Hart, Nadia Rahal, Owen Price, Pia Lange, Quinn Avery, Rosa Vidal, "
    "Sami Niemi, Tara Doyle, Uwe Falk, Vera Stein, Will Cho, Xenia Popov, Yusuf Demir, Zoe Martin, Arne Holm, "
    "Bea Fuchs, Cyril Roy, Dora Weiss, Emil Ruiz, Freya Lund, Gil Amsel, Hugo Petit, Inga Thorn, Joel Katz, "
    "Klara Maas, Luis Ortega, Mara Silva, Nils Berg"
)

type Tell = Callable[[str], None]


def seed_history(catalogue: Catalogue, tell: Tell) -> None:
    """Simulate the past months. Does nothing in a shop that has sold before."""
    if Order.objects.exists():
        return
    now = clock.now()
    opened = now - SHOP_OPENED
    readers = {persona.key: reader(persona) for persona in catalogue.readers}
    visits = _plan_visits(catalogue, readers, opened, now)
    with jobs.collect_messages() as messages:
        shop = Shop(messages, has_converters=True)
        authors = {persona.key: author(persona) for persona in catalogue.authors}
        with clock.frozen(opened):
            for user in authors.values():
                shop.onboard(user)
            finance_tasks.choose_plan(authors, opened)
        stories = hiring_stories(shop, load_market(), {**readers, **authors}, opened, now)
        shop.live(visits, stories, opened, now)
        finance_tasks.fill_desk(shop, authors, now)
        reconciliation.reconcile(at=now)
        _write_reviews(catalogue, readers, now)
        seed_advance_copies(now=now)
        seed_community([*readers.values(), *_further_readers()], now)
        shop.work_off()
    ranking.plan_fresh(at=now)
    vote_counting.rank(at=now)
    seed_visits(now=now)
    seed_searches(now=now)
    seed_reading(now=now)
    market_counting.recount(back=13, at=now)
    orders = Order.objects.filter(state=OrderState.PAID)
    books = OrderLine.objects.filter(order__in=orders)
    tell(f"Three months of sales: {orders.count()} orders, {books.count()} books")


def _plan_visits(catalogue: Catalogue, readers: dict[str, User], opened: datetime, now: datetime) -> list[Visit]:
    """Return who buys what and when. Nobody buys a work twice, and a book sells from the day it came out."""
    chance = random.Random(_SEED)  # noqa: S311 # plausible, not secret
    editions = list(Edition.objects.on_sale().select_related("work").order_by("published_at"))
    by_title = {edition.work.title: edition for edition in editions}
    titles = {book.slug: book.title for book in catalogue.books}
    visits = [
        Visit(_between(chance, edition, now), readers[review.reader], (edition,), is_regretted=False)
        for review in catalogue.reviews
        if (edition := by_title.get(titles[review.book])) is not None
    ]
    owned = {(visit.buyer.pk, visit.editions[0].pk) for visit in visits}
    favour = {edition.pk: chance.uniform(0.4, 2.0) for edition in editions}
    buyers = [*readers.values(), *_further_readers()]
    # The exponent makes later days more likely: the shop grows.
    for moment in sorted(opened + (now - opened) * chance.random() ** 0.7 for _ in range(_ORDERS)):
        buyer = chance.choice(buyers)
        wanted = [e for e in editions if _listed_at(e) < moment and (buyer.pk, e.pk) not in owned]
        if not wanted:
            continue
        picks = chance.choices(wanted, [favour[e.pk] for e in wanted], k=chance.choice([1, 1, 1, 2, 3]))
        chosen = tuple({edition.pk: edition for edition in picks}.values())
        owned |= {(buyer.pk, edition.pk) for edition in chosen}
        visits.append(Visit(moment, buyer, chosen, chance.randrange(100) < _REFUNDED_IN_A_HUNDRED))
    return sorted(visits, key=lambda visit: visit.at)


def _listed_at(edition: Edition) -> datetime:
    if edition.published_at is None:
        raise ValueError(f"{edition} is not on sale")
    return edition.published_at


def _between(chance: random.Random, edition: Edition, now: datetime) -> datetime:
    """Return a moment from the edition's first hour on sale to four days ago."""
    first = _listed_at(edition) + timedelta(hours=1)
    return first + (now - timedelta(days=4) - first) * chance.random()


def _further_readers() -> list[User]:
    chance = random.Random(_SEED + 1)  # noqa: S311 # plausible, not secret
    names = _NAMES.split(", ")
    return [person(f"{name.lower().replace(' ', '.')}@example.org", name, chance.choice(_COUNTRIES)) for name in names]


def _write_reviews(catalogue: Catalogue, readers: dict[str, User], now: datetime) -> None:
    """Write the readers' reviews of what they bought, a day or more after."""
    works = {work.title: work for work in Work.objects.exclude(listing=None)}
    titles = {book.slug: book.title for book in catalogue.books}
    chance = random.Random(_SEED + 2)  # noqa: S311 # plausible, not secret
    for review in catalogue.reviews:
        work, user = works[titles[review.book]], readers[review.reader]
        granted_at = user.entitlements.get(work=work, ended_at=None).granted_at
        at = granted_at + timedelta(days=1) + (now - granted_at - timedelta(days=1)) * chance.random()
        with clock.frozen(at):
            reviews.write_review(actor=user, work=work, stars=review.stars, title=review.title, body=review.body, at=at)
