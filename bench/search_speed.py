"""What a search costs on the present catalogue, beside a view that does nothing.

    python -m bench.search_speed --queries 200

For each kind of query: queries of the database, its time (p50 and p95, ms), and the processor time of the page (p50,
ms; of this process, with that of the database server's process on PostgreSQL as a mean), as a multiple of what an
empty view takes in the same run. Times drift on shared machines: quote the multiples. Words come from books picked at
random, seeded.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from storefront.models import Listing

_TICKS_PER_S = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Cost:
    """Milliseconds: of the database by the clock for each request, of this process, of the server (a mean)."""

    queries: int
    database: list[float]
    own: list[float]
    server: float


def empty(request: HttpRequest) -> HttpResponse:
    """What any view costs."""
    from django.http import HttpResponse

    return HttpResponse(b"")


def _kinds() -> dict[str, Callable[[Listing, random.Random], dict[str, str]]]:
    """Parameters of a search, by kind."""
    from bench import search_quality

    def words(listing: Listing, chance: random.Random) -> list[str]:
        return sorted(set(listing.search_names.split("\n")[0].split())) or ["book"]

    def text(listing: Listing, chance: random.Random, count: int) -> str:
        found = listing.search_text.split() or ["book"]
        at = chance.randrange(max(1, len(found) - count))
        return " ".join(found[at : at + count])

    return {
        "title": lambda one, chance: {"q": one.title},
        "author": lambda one, chance: {"q": one.byline.split(", ")[0]},
        "surname": lambda one, chance: {"q": search_quality.surname(one, chance)},
        "one word of a title": lambda one, chance: {"q": chance.choice(words(one, chance))},
        "title with a typo": lambda one, chance: {"q": search_quality.title_with_a_typo(one, chance)},
        "first word and subject": lambda one, chance: {"q": search_quality.first_word_and_subject(one, chance)},
        "two words of a description": lambda one, chance: {"q": text(one, chance, 2)},
        "three words of it in quotes": lambda one, chance: {"q": f'"{text(one, chance, 3)}"'},
        "a word, one language": lambda one, chance: {"q": chance.choice(words(one, chance)), "language": one.language},
        "nothing fits": lambda one, chance: {"q": f"zzq{chance.randrange(10**6)} qqz"},
    }


def _typed(letters: int) -> Callable[[Listing, random.Random], dict[str, str]]:
    return lambda one, chance: {"q": one.title[:letters]}


def _cost(paths: Sequence[str]) -> Cost:
    from django.db import connection
    from django.test import Client

    client, database, own, queries = Client(), [], [], 0
    spent: list[float] = []

    def timed(execute: Callable[..., Any], *arguments: Any) -> Any:
        began = time.perf_counter()
        try:
            return execute(*arguments)
        finally:
            spent.append(time.perf_counter() - began)

    server = _server_cpu_s()
    for path in paths:
        spent.clear()
        began = time.process_time()
        with connection.execute_wrapper(timed):
            response = client.get(path)
        own.append(1000 * (time.process_time() - began))
        database.append(1000 * sum(spent))
        queries = max(queries, len(spent))
        if response.status_code != 200:
            raise SystemExit(f"{path}: {response.status_code}")
    return Cost(queries, database, own, 1000 * (_server_cpu_s() - server) / len(paths))


def _server_cpu_s() -> float:
    """Processor seconds of the database's process for this connection; 0 where it is none or runs elsewhere."""
    from django.db import connection

    if connection.vendor != "postgresql":
        return 0.0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        place = Path(f"/proc/{cursor.fetchone()[0]}/stat")
    if not place.exists():
        return 0.0
    fields = place.read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS_PER_S


def _p95(values: Sequence[float]) -> float:
    return sorted(values)[int(0.95 * (len(values) - 1))]


def main() -> None:
    import django
    from django.conf import settings

    django.setup()
    settings.ROOT_URLCONF, settings.ALLOWED_HOSTS = "bench.search_speed", ["*"]
    from bench.search_quality import picked

    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--queries", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    books = picked(arguments.queries, arguments.seed)
    _cost(["/empty/", "/search/?q=a", "/search/suggestions/?q=a"] * 5)  # what only first requests pay
    nothing = statistics.median(_cost(["/empty/"] * 300).own)
    print(f"empty view: {nothing:.2f} ms of processor time\n")
    print("| query | queries | database p50 / p95 ms | page p50 ms | with the server's | times an empty view |")
    print("|---|---|---|---|---|---|")
    kinds = {kind: ("/search/", ask) for kind, ask in _kinds().items()}
    kinds |= {f"suggestions, {n} typed": ("/search/suggestions/", _typed(n)) for n in (1, 3, 5, 9)}
    for kind, (path, ask) in kinds.items():
        chance = random.Random(f"{arguments.seed} {kind}")
        cost = _cost([f"{path}?{urlencode(ask(one, chance))}" for one in books])
        page = statistics.median(cost.own)
        print(
            f"| {kind} | {cost.queries} | {statistics.median(cost.database):.2f} / {_p95(cost.database):.2f} "
            f"| {page:.2f} | {page + cost.server:.2f} | {(page + cost.server) / nothing:.1f} |",
            flush=True,
        )


def _urls() -> list[Any]:
    from django.urls import include, path

    return [path("empty/", empty), path("", include("config.urls"))]


if __name__ == "__main__":
    main()
else:  # imported by Django, for the addresses
    urlpatterns = _urls()
