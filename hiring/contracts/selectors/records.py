"""The record of providers: how many contracts they ended, kept, delivered, and in time.

Counted are contracts in which money was released, and whose hirer is vouched for: another provider was paid by that
hirer, and each provider vouches for one hirer only. So a ring of any number of accounts with m accomplices has at most
m votes (docs/market.md). The figures are public; who hired whom is not.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Sum

from hiring.contracts.models import Contract, ContractEvent, Delivery, Milestone
from hiring.contracts.process import Act, Actor


@dataclass(frozen=True, slots=True)
class ProviderRecord:
    """What counts of a provider's contracts. `ended` counts all that ended with money released, vouched for or not."""

    counted: int = 0  # ended, settled, and the hirer is vouched for
    kept: int = 0  # of those, without money that went back because of the provider
    delivered: int = 0  # deliveries that count for being in time
    in_time: int = 0
    ended: int = 0


@dataclass(frozen=True, slots=True)
class ClientRecord:
    """What became of a client's contracts, but for those that ended because of the provider alone."""

    counted: int = 0  # ended, and work was paid for, or the client called it off, or their bank took the money back
    kept: int = 0  # of those, work was paid for and no bank took anything back
    running: int = 0  # paid in advance and not ended


@dataclass(frozen=True, slots=True)
class SettledContract:
    """A contract that ended with money released: the facts that records are made of."""

    pk: int
    client_id: int
    provider_id: int
    returned_minor: int


def records_of(provider_ids: Collection[int]) -> dict[int, ProviderRecord]:
    """Return the records of these providers; an empty one for those who have none."""
    contracts = settled_contracts()
    vouched = vouched_hirers(contracts, of=provider_ids)
    theirs: dict[int, list[SettledContract]] = defaultdict(list)
    for one in contracts:
        if one.provider_id in provider_ids:
            theirs[one.provider_id].append(one)
    broken = _broken([one.pk for ones in theirs.values() for one in ones])
    times = _deliveries([one.pk for ones in theirs.values() for one in ones])
    return {provider: _record(theirs[provider], vouched, broken, times) for provider in provider_ids}


def record_of(provider_id: int) -> ProviderRecord:
    return records_of([provider_id])[provider_id]


def client_record_of(client_id: int) -> ClientRecord:
    """Return what a provider wants to know of a client before they agree: whether contracts were kept and paid."""
    rows = Contract.objects.filter(client=client_id)
    events = ContractEvent.objects.filter(contract__client=client_id)
    called_off = set(events.filter(act=Act.CALL_OFF, role=Actor.CLIENT).values_list("contract", flat=True))
    called_off |= set(rows.filter(milestones__canceled_by=Actor.CLIENT).values_list("pk", flat=True))
    taken = set(events.filter(act=Act.TAKE).values_list("contract", flat=True))
    taken |= set(rows.filter(milestones__taken_minor__gt=0).values_list("pk", flat=True))  # a part, before it ended
    sums = rows.exclude(ended_at=None).annotate(released=Sum("milestones__released_minor"))
    ended = [
        bool(released) and key not in taken
        for key, released in sums.values_list("pk", "released")
        if released or key in called_off | taken
    ]
    running = rows.filter(ended_at=None, milestones__funded_at__isnull=False).distinct().count()
    return ClientRecord(counted=len(ended), kept=sum(ended), running=running)


def settled_contracts() -> list[SettledContract]:
    """Return contracts that ended with money released, oldest first. What only a share pays for does not count."""
    rows = Contract.objects.exclude(ended_at=None).annotate(
        released=Sum("milestones__released_minor"), returned=Sum("milestones__returned_minor")
    )
    rows = rows.filter(released__gt=0).order_by("ended_at", "pk")
    return [SettledContract(*row) for row in rows.values_list("pk", "client_id", "provider_id", "returned")]


def vouched_hirers(
    contracts: Iterable[SettledContract], *, of: Collection[int] | None = None
) -> Mapping[int, set[int]]:
    """Return, for each provider or for those given, the hirers that count: another provider vouches for them.

    A maximum matching between hirers and the providers they paid, the provider in question left out; older contracts
    are tried first.
    """
    paid: dict[int, list[int]] = {}  # providers by hirer, oldest first
    hired_by: dict[int, set[int]] = defaultdict(set)
    for one in contracts:
        providers = paid.setdefault(one.client_id, [])
        if one.provider_id not in providers:
            providers.append(one.provider_id)
        hired_by[one.provider_id].add(one.client_id)
    return {
        provider: _matched(hirers, paid, provider)
        for provider, hirers in hired_by.items()
        if of is None or provider in of
    }


def _matched(hirers: set[int], paid: Mapping[int, list[int]], left_out: int) -> set[int]:
    """Return the provider's hirers that a maximum matching gives a voucher, found by augmenting paths."""
    voucher_of: dict[int, int] = {}  # hirer by voucher

    def give(hirer: int, tried: set[int]) -> bool:
        for provider in paid[hirer]:
            if provider == left_out or provider in tried:
                continue
            tried.add(provider)
            if provider not in voucher_of or give(voucher_of[provider], tried):
                voucher_of[provider] = hirer
                return True
        return False

    for hirer in paid:  # in the order of their first contracts
        if hirer in hirers:
            give(hirer, set())
    return set(voucher_of.values())


def _record(
    contracts: list[SettledContract],
    vouched: Mapping[int, set[int]],
    broken: set[int],
    times: Mapping[int, list[bool]],
) -> ProviderRecord:
    counted = [one for one in contracts if one.client_id in vouched.get(one.provider_id, set())]
    in_time = [each for one in counted for each in times.get(one.pk, [])]
    return ProviderRecord(
        counted=len(counted),
        kept=sum(one.pk not in broken for one in counted),
        delivered=len(in_time),
        in_time=sum(in_time),
        ended=len(contracts),
    )


def _broken(contract_ids: list[int]) -> set[int]:
    """Return the contracts in which money went back because of the provider: given back, or not delivered."""
    rows = ContractEvent.objects.filter(contract__in=contract_ids)
    given_back = rows.filter(act__in=[Act.GIVE_BACK, Act.TAKE_BACK, Act.TAKE_BACK_FROM_ABSENT])
    by_clock = rows.filter(act=Act.RETURN, role=Actor.CLOCK)
    canceled = Milestone.objects.filter(contract__in=contract_ids, canceled_by=Actor.PROVIDER)
    found = (given_back, by_clock, canceled)
    return {contract for rows in found for contract in rows.values_list("contract", flat=True)}


def _deliveries(contract_ids: list[int]) -> Mapping[int, list[bool]]:
    """Return whether the first delivery of each milestone was in time, by contract."""
    rows = Delivery.objects.filter(milestone__contract__in=contract_ids, number=1, milestone__due_at__isnull=False)
    found: dict[int, list[bool]] = defaultdict(list)
    for contract, at, due in rows.values_list("milestone__contract", "delivered_at", "milestone__due_at"):
        found[contract].append(due is not None and at <= due)
    return found
