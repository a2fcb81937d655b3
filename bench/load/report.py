"""The table of a run, and whether it may be called good."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Mapping, Sequence

from bench.faults.shop import Failed, Shop, wait_until
from bench.load import watch
from bench.load.people import Figures
from bench.load.watch import Watch

_PAGE_P95_S, _HEALTH_S = 0.3, 0.1
_KINDS = ("browse", "search", "sample", "buy", "download", "log in")


def judge(
    shop: Shop, figures: Figures, seen: Watch, *, used: Mapping[str, float], took: float, drained: float | None
) -> int:
    """Print the figures and every condition. Return 1 if one is not met."""
    _print_table(figures, took)
    _print_processes(shop, seen, used, took)
    conditions = [
        ("no error and no time-out", not figures.errors),
        ("each 503 says when to come back", not figures.without_retry_after),
        ("pages from the proxy: 95 % under 300 ms", _cut(_all(figures.by_proxy), 95) < _PAGE_P95_S),
        ("/healthz always under 100 ms", max(seen.health) < _HEALTH_S and not seen.unhealthy),
        ("queues empty within a minute" + (f" (after {drained:.0f} s)" if drained else ""), drained is not None),
        *_money(figures),
    ]
    for text, is_met in conditions:
        print(f"{'ok' if is_met else 'MISSED':8}{text}")
    for line in figures.examples[:20]:
        print(f"        {line}")
    return 0 if all(is_met for _text, is_met in conditions) else 1


def _print_table(figures: Figures, took: float) -> None:
    everything = _all(figures.seconds)
    rows = [(kind, figures.seconds.get(kind, [])) for kind in _KINDS]
    print(f"{'':26}{'served':>8}{'p50':>9}{'p95':>9}{'p99':>9}{'longest':>9}{'503':>7}{'429':>6}{'errors':>8}")
    for name, times in rows:
        _print_row(name, times, figures.shed[name], figures.limited[name], figures.errors[name])
    totals = [sum(counted.values()) for counted in (figures.shed, figures.limited, figures.errors)]
    _print_row("all", everything, *totals)
    _print_row("from the proxy", _all(figures.by_proxy))
    for kind, times in sorted(figures.by_proxy.items()):
        _print_row(f"    {kind}", times)
    _print_row("a whole purchase", figures.purchases)
    given_up = ", ".join(f"{name} {count}" for name, count in figures.given_up.items()) or "nothing"
    print(
        f"{len(everything) / took:.0f} answers a second, {len(figures.orders)} orders, {figures.downloads} downloads; "
        f"given up: {given_up}"
    )


def _print_row(name: str, times: Sequence[float], *counts: int) -> None:
    cuts = "".join(f"{_cut(times, percent) * 1000:9.0f}" for percent in (50, 95, 99))
    others = "".join(f"{count:{width}}" for count, width in zip(counts, (7, 6, 8), strict=False))
    print(f"{name:26}{len(times):8}{cuts}{max(times, default=0) * 1000:9.0f}{others}")


def _print_processes(shop: Shop, seen: Watch, used: Mapping[str, float], took: float) -> None:
    print(f"/healthz: {len(seen.health)} times, longest {max(seen.health) * 1000:.0f} ms, {seen.unhealthy} not 200")
    print(f"messages that waited at most: {seen.peaks()}; at the end {seen.depths[-1]}")
    print("cores: " + ", ".join(f"{name} {seconds / took:.2f}" for name, seconds in used.items()))
    print("megabytes: " + ", ".join(f"{name} {size:.0f}" for name, size in watch.memory(shop).items()))
    print(f"load average after: {watch.load_average()}")


def _cut(times: Sequence[float], percent: int) -> float:
    return statistics.quantiles(times, n=100)[percent - 1] if len(times) > 1 else 0.0


def _all(times: Mapping[str, Sequence[float]]) -> list[float]:
    return [one for some in times.values() for one in some]


def _money(figures: Figures) -> list[tuple[str, bool]]:
    """Hold orders, payments, books and ledger against what buyers were told."""
    from royalties.services import invariants
    from storefront.checkout.models import Entitlement, Order, Payment

    told = Order.objects.filter(public_id__in=figures.orders)

    def all_paid() -> bool:
        return told.filter(state="paid").count() == len(figures.orders)

    try:
        wait_until("every order is paid", all_paid, 60)
        is_paid = True
    except Failed:
        is_paid = False
    payments = Counter(Payment.objects.filter(state="succeeded").values_list("order_id", flat=True))
    books = Counter(Entitlement.objects.filter(ended_at=None).values_list("user_id", "work_id"))
    doubled = [key for key, count in (payments + books).items() if count != 1]
    broken = [str(one) for one in invariants.check_invariants()]
    return [
        ("every order that a buyer was told of is paid", is_paid and len(set(figures.orders)) == len(figures.orders)),
        (f"nothing twice {doubled or ''}".rstrip(), not doubled),
        (f"the ledger is in order {broken or ''}".rstrip(), not broken),
    ]
