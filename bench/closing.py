"""What it costs to close a month of a shop that has closed many before, and to check everything from the beginning.

    python -m bench.closing --earlier 3 12 24 [--sales 100]

sells the same number in each month through the services, in a PostgreSQL of its own that is thrown away, and closes the
months one after another. For the month after each number of earlier ones it prints the seconds of preparing and closing
it and of the run over the whole ledger, with this process's CPU seconds behind them: the rest is the database's.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from common.periods import Month
    from publishing.models import Edition

_WORKS = 10


def main() -> None:
    """Sells, closes and prints the table."""
    from tests.support import postgres

    options = _options()
    with postgres.server() as address:
        os.environ["DATABASE_URL"] = address
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        _run(sorted(options.earlier), options.sales)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--earlier", type=int, nargs="+", default=[3, 12, 24])
    parser.add_argument("--sales", type=int, default=100, help="in each month")
    return parser.parse_args()


def _run(earlier: list[int], sales: int) -> None:
    from django.db import connection

    from common.periods import Month
    from royalties.models import JournalEntry
    from royalties.services import checks
    from tests.royalties import closing
    from tests.royalties.factories import edition

    print(f"{'earlier':>8} {'entries':>9} {'close s':>9} {'CPU s':>7} {'everything s':>13} {'CPU s':>7}")
    editions = [edition() for _ in range(_WORKS)]
    month = Month(2024, 1)
    for closed in range(earlier[-1] + 1):
        at = month.end + timedelta(days=1)
        checks.check_whole(at=at)  # as each night; what is sold here is left to the close
        _sell(editions, month, sales)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        close = _timed(lambda month=month, at=at: closing.close(month, at))
        if closed in earlier or closed == 0:
            whole = _timed(lambda at=at: checks.check_whole(at=at))
        if closed in earlier:
            print(
                f"{closed:>8} {JournalEntry.objects.count():>9,} {close[0]:>9.2f} {close[1]:>7.2f} "
                f"{whole[0]:>13.2f} {whole[1]:>7.2f}",
                flush=True,
            )
        month = month.next


def _sell(editions: list[Edition], month: Month, sales: int) -> None:
    from royalties.services import sales as recording
    from tests.royalties.factories import sale

    for number in range(sales):
        sold_at = month.start + timedelta(hours=number % 600)
        recording.record_sale(sale=sale(of=editions[number % len(editions)], sold_at=sold_at, tax=33))


def _timed(call: Callable[[], object]) -> tuple[float, float]:
    """Seconds by the clock and of this process."""
    began, used = time.perf_counter(), time.process_time()
    call()
    return time.perf_counter() - began, time.process_time() - used


if __name__ == "__main__":
    main()
