"""A small shop in a database in memory, made once and copied before each schedule.

Copies are real databases: transactions commit, deferred keys are checked, messages leave after the commit.
"""

from __future__ import annotations

import gc
import logging
import os
import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime

BEGINNING = datetime(2030, 1, 4, 9, tzinfo=UTC)
READERS = 4
# Prices by currency in minor units, and how the royalty is split among authors 0, 1, 2.
WORKS: tuple[tuple[dict[str, int], dict[int, int]], ...] = (
    ({"USD": 499, "EUR": 499}, {0: 10_000}),
    ({"USD": 99, "EUR": 119}, {0: 6000, 1: 4000}),
    ({"USD": 1299, "EUR": 1199}, {0: 3334, 1: 3333, 2: 3333}),
    ({"USD": 0, "EUR": 0}, {1: 10_000}),
    ({"USD": 777, "EUR": 333}, {1: 1, 2: 9999}),
    ({"USD": 2500, "EUR": 2499}, {2: 10_000}),
)


@dataclass(frozen=True)
class Cast:
    """Public ids and primary keys of who and what there is."""

    authors: tuple[str, ...]
    author_accounts: tuple[str, ...]
    readers: tuple[int, ...]
    finance: tuple[int, int]
    editions: tuple[str, ...]


class Template:
    """Makes the shop; `refresh` puts the connection's database back to how it was made."""

    def __init__(self) -> None:
        _set_up()
        from django.db import connection

        connection.ensure_connection()
        self.cast = _make()
        self._original = sqlite3.connect(":memory:")
        connection.connection.backup(self._original)
        gc.collect()
        gc.freeze()  # what was imported stays; looking through it again costs a tenth of the time

    def refresh(self) -> None:
        from django.core.cache import cache
        from django.db import connection

        self._original.backup(connection.connection)
        cache.clear()


def _set_up() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings.test"
    os.environ.pop("DATABASE_URL", None)
    import django
    from django.conf import settings

    settings.DATABASES["default"]["NAME"] = ":memory:"
    django.setup()
    logging.disable(logging.CRITICAL)  # refusals and lost answers are what this is about
    from celery import current_app
    from django.core.management import call_command

    current_app.loader.import_default_modules()
    call_command("migrate", verbosity=0)


def _make() -> Cast:
    from common import clock

    with clock.frozen(BEGINNING):
        return _cast()


def _cast() -> Cast:
    from accounts.models import User
    from payments import services as payment_services
    from payments.models import SandboxEvent
    from payments.stripe.sandbox import accounts as sandbox_accounts
    from royalties.models import PayoutAccount

    def person(name: str, **flags: bool) -> User:
        return User.objects.create(email=f"{name}@example.org", display_name=name, country="US", **flags)

    authors = [person(f"author{n}", is_author=True) for n in range(3)]
    accounts = []
    for author in authors:
        opened = payment_services.gateway().open_account(
            key=f"acct:{author.public_id}", reference=author.public_id, email=author.email, country="US"
        )
        sandbox_accounts.set_capability(account_id=opened.account_id, status="active")
        PayoutAccount.objects.create(
            user=author,
            country="US",
            provider_account_id=opened.account_id,
            is_ready=True,
            minimum_units=1,
            changed_at=BEGINNING,
            usable_from=BEGINNING,
        )
        accounts.append(opened.account_id)
    SandboxEvent.objects.all().delete()
    fiona, felix = person("fiona", is_finance=True), person("felix", is_finance=True)
    return Cast(
        authors=tuple(author.public_id for author in authors),
        author_accounts=tuple(accounts),
        readers=tuple(person(f"reader{n}").pk for n in range(READERS)),
        finance=(fiona.pk, felix.pk),
        editions=tuple(_edition(n, authors, prices, split) for n, (prices, split) in enumerate(WORKS)),
    )


def _edition(number: int, authors: list, prices: dict[str, int], split: dict[int, int]) -> str:
    """A work on sale as the services leave it, without a manuscript being converted."""
    from conversion.models import ConversionJob
    from publishing import hooks
    from publishing.models import (
        Contributor,
        Edition,
        EditionState,
        Manuscript,
        Price,
        SplitAgreement,
        SplitShare,
        Work,
    )

    owner = authors[next(iter(split))]
    work = Work.objects.create(
        owner=owner, slug=f"work-{number}", title=f"Work {number}", language="en", created_at=BEGINNING
    )
    agreement = SplitAgreement.objects.create(
        work=work, effective_at=BEGINNING, proposed_by=owner, created_at=BEGINNING
    )
    for position, (author, bps) in enumerate(split.items()):
        contributor = Contributor.objects.create(
            work=work, user=authors[author], name=authors[author].display_name, position=position
        )
        SplitShare.objects.create(agreement=agreement, contributor=contributor, share_bps=bps, consented_at=BEGINNING)
    for currency, price in prices.items():
        Price.objects.create(work=work, currency=currency, list_price_minor=price, changed_at=BEGINNING)
    manuscript = Manuscript.objects.create(
        work=work, file="m", name="m.md", sha256="0" * 64, size_bytes=1, uploaded_by=owner, uploaded_at=BEGINNING
    )
    job = ConversionJob.objects.create(
        requested_by=owner,
        source_file="m",
        source_name="m.md",
        source_sha256="0" * 64,
        created_at=BEGINNING,
        due_at=BEGINNING,
    )
    edition = Edition.objects.create(
        work=work,
        number=1,
        manuscript=manuscript,
        job=job,
        state=EditionState.PUBLISHED,
        identifier=f"urn:uuid:{number}",
        created_at=BEGINNING,
        published_at=BEGINNING,
    )
    hooks.notify_listed(edition)
    return str(edition.public_id)
