"""A ring: accounts of one person that hire the boss, and accomplices that vouch for them by being hired, too.

The boss's work is worth less than most: without the ring its place would be in the lower half.
"""

from __future__ import annotations

from random import Random

from hiring.contracts.selectors.records import SettledContract, vouched_hirers
from hiring.requests.recompute_shortlist import Candidate, Wanted, points_of, tie

PROVIDERS = 60
# Accounts of the ring, and other providers who take contracts from them for the sake of the record.
CASES = ((0, 0), (5, 0), (60, 0), (60, 2), (60, 5), (60, 20))
_BOSS = 0
_ACCOMPLICE, _ACCOUNT, _CLIENT = 1_000, 2_000, 10_000
_OWN_CONTRACTS = 8  # of the boss with real clients
_REQUESTS = 40


def place(seed: int, accounts: int, accomplices: int, *, vouched: bool) -> float:
    """Return the boss's mean place by the points of the shop's formula."""
    chance = Random(seed)
    contracts = _honest(chance)
    key = len(contracts)
    for number in range(accounts):
        key += 1
        contracts.append(SettledContract(key, _ACCOUNT + number, _BOSS, 0))
    for number in range(accomplices):  # each takes a contract from every account: money, and the fee, for each
        for account in range(accounts):
            key += 1
            contracts.append(SettledContract(key, _ACCOUNT + account, _ACCOMPLICE + number, 0))
    candidates = _candidates(contracts, vouched=vouched)
    total = 0
    for number in range(_REQUESTS):
        wanted = Wanted(request=f"{seed}-{number}", kind="copy_editing", genre="FF")
        ranked = sorted(candidates, key=lambda one: (-points_of(wanted, one).total, tie(wanted, one)))
        total += 1 + next(rank for rank, one in enumerate(ranked) if one.offer == f"ofr_{_BOSS}")
    return total / _REQUESTS


def _honest(chance: Random) -> list[SettledContract]:
    """Return contracts of real clients, most of whom hire several people in the course of a year."""
    contracts = []
    for provider in range(PROVIDERS):
        quality = 0.55 if provider == _BOSS else min(0.98, max(0.4, chance.gauss(0.75, 0.14)))
        count = _OWN_CONTRACTS if provider == _BOSS else chance.randint(2, 24)
        for _ in range(count):
            client = _CLIENT + chance.randrange(400)
            returned = 0 if chance.random() < quality else 1
            contracts.append(SettledContract(len(contracts) + 1, client, provider, returned))
    chance.shuffle(contracts)
    return contracts


def _candidates(contracts: list[SettledContract], *, vouched: bool) -> list[Candidate]:
    known = vouched_hirers(contracts) if vouched else {}
    found = []
    for provider in range(PROVIDERS):
        theirs = [one for one in contracts if one.provider_id == provider]
        counted = [one for one in theirs if not vouched or one.client_id in known.get(provider, set())]
        kept = sum(one.returned_minor == 0 for one in counted)
        candidate = Candidate(
            offer=f"ofr_{provider}",
            kind="copy_editing",
            genres=("FF",),
            counted=len(counted),
            kept=kept,
            delivered=len(counted),
            in_time=kept,
            ended=len(theirs),
        )
        found.append(candidate)
    return found
