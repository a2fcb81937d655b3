"""One client of `bench.ledger`, as a process: `python -m bench.ledger_clients KIND NUMBER ENTRIES CONTRIBUTORS`.

It prepares itself, prints "ready", waits for a line, and prints when it began and ended by the machine's clock.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable

BATCH = 1000


def _octavo(number: int, entries: int, contributors: int, *, batch: int) -> Callable[[], None]:
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings.test"
    import django

    django.setup()
    from common import clock
    from royalties import entries as builders
    from royalties.entries import ContributorShare, SaleAmounts
    from royalties.services import ledger

    owners = [f"usr_bench{n}" for n in range(contributors)]

    def draft(index: int) -> builders.Draft:
        shares = tuple(
            ContributorShare(owners[(index * 2 + n + number * 31) % contributors], 208 - n) for n in range(2)
        )
        amounts = SaleAmounts(532, 33, 44, 40, "DE", shares)
        reference = f"lin_{number}_{entries}_{index}_{os.getpid()}"
        return builders.sale(reference=reference, currency="USD", occurred_at=clock.now(), amounts=amounts)

    drafts = [draft(index) for index in range(entries)]
    batches = [drafts[start : start + batch] for start in range(0, entries, batch)]

    def work() -> None:
        for each in batches:
            ledger.post(each)

    return work


def _hordak(number: int, entries: int, contributors: int, *, is_bulk: bool) -> Callable[[], None]:
    _set_up_hordak()
    from django.db import transaction
    from hordak.models import Account, Leg, Transaction
    from moneyed import Money

    accounts = dict(Account.objects.values_list("name", "pk"))
    fixed = [accounts[name] for name in ("tax", "platform_fee", "processor_fee_recovered")]

    def legs(entry: Transaction, index: int) -> list[Leg]:
        owners = [accounts[f"contributor{(index * 2 + n + number * 31) % contributors}"] for n in range(2)]
        credits = zip([*fixed, *owners], (33, 40, 44, 208, 207), strict=True)
        return [
            Leg(transaction=entry, account_id=accounts["stripe_balance"], debit=Money("5.32", "USD")),
            *(Leg(transaction=entry, account_id=pk, credit=Money(cents / 100, "USD")) for pk, cents in credits),
        ]

    def work() -> None:
        for index in range(entries):
            with transaction.atomic():
                made = legs(Transaction.objects.create(description="sale"), index)
                if is_bulk:
                    Leg.objects.bulk_create(made)
                else:
                    for leg in made:
                        leg.save()

    return work


def _set_up_hordak() -> None:
    import django
    from django.conf import settings

    settings.configure(
        INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "mptt", "djmoney", "hordak"],
        DATABASES={
            "default": {
                "ENGINE": "django.db.backends.postgresql",
                "NAME": "hordak",
                "USER": "octavo",
                "HOST": os.environ["BENCH_HOST"],
            }
        },
        USE_TZ=True,
        CURRENCIES=["USD"],
        DEFAULT_CURRENCY="USD",
        HORDAK_INTERNAL_CURRENCY="USD",
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    )
    django.setup()


def prepare_hordak(contributors: int) -> None:
    """Create the peer's tables and accounts."""
    _set_up_hordak()
    from django.core.management import call_command
    from hordak.models import Account

    call_command("migrate", verbosity=0)
    names = ["stripe_balance", "tax", "platform_fee", "processor_fee_recovered"]
    for code, name in enumerate([*names, *(f"contributor{n}" for n in range(contributors))], start=1):
        kind = "AS" if name == "stripe_balance" else "IN" if name.endswith(("fee", "recovered")) else "LI"
        Account.objects.create(name=name, type=kind, code=str(code), currencies=["USD"])


def prepare_octavo(contributors: int) -> None:
    """Create our tables, people and their accounts."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings.test"
    import django

    django.setup()
    from django.core.management import call_command

    from accounts.models import User
    from royalties import chart
    from royalties.services import ledger

    call_command("migrate", verbosity=0)
    User.objects.bulk_create(
        User(public_id=f"usr_bench{n}", email=f"bench{n}@example.org", display_name=f"Bench {n}")
        for n in range(contributors)
    )
    clearing = chart.AccountKind.CONTRIBUTOR_CLEARING
    ledger.account_ids((chart.of_contributor(clearing, f"usr_bench{n}"), "USD") for n in range(contributors))


def main(arguments: list[str]) -> None:
    kind, number, entries, contributors = arguments[0], *map(int, arguments[1:])
    if kind.startswith("prepare"):
        {"prepare-octavo": prepare_octavo, "prepare-hordak": prepare_hordak}[kind](contributors)
        return
    makers = {
        "octavo": lambda: _octavo(number, entries, contributors, batch=1),
        "octavo-batches": lambda: _octavo(number, entries, contributors, batch=BATCH),
        "hordak": lambda: _hordak(number, entries, contributors, is_bulk=False),
        "hordak-bulk": lambda: _hordak(number, entries, contributors, is_bulk=True),
    }
    work = makers[kind]()
    from django.db import connection

    connection.ensure_connection()
    print("ready", flush=True)
    sys.stdin.readline()
    began = time.time()
    work()
    print(f"{began} {time.time()}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
