"""The record of providers: what counts, and how little a ring gains."""

from __future__ import annotations

import pytest

from accounts.models import User
from hiring.contracts import services
from hiring.contracts.selectors import ProviderRecord, records_of
from hiring.contracts.selectors.records import SettledContract, vouched_hirers
from tests.factories.accounts import make_author
from tests.hiring.contracts.factories import DAY, NOON, deliver, fund, make_contract

pytestmark = pytest.mark.django_db


def settled(client: User, provider: User, *, at=NOON, late: bool = False) -> None:
    milestone = fund(make_contract(client=client, provider=provider, at=at).milestones.get(), at=at)
    when = milestone.due_at + DAY if late else at + DAY
    services.accept(actor=client, milestone=deliver(milestone, at=when), at=when)


def contracts(*pairs: tuple[int, int]) -> list[SettledContract]:
    """Hirer and provider, oldest first."""
    return [SettledContract(number, client, provider, 0) for number, (client, provider) in enumerate(pairs)]


class TestRecord:
    def test_counts_a_hirer_for_whom_another_provider_vouches(self) -> None:
        client, provider, other = make_author(), make_author(), make_author()
        settled(client, provider)
        assert records_of([provider.pk])[provider.pk] == ProviderRecord(ended=1)
        settled(client, other)
        found = records_of([provider.pk, other.pk])
        assert found[provider.pk] == ProviderRecord(counted=1, kept=1, delivered=1, in_time=1, ended=1)
        assert found[other.pk].counted == 1

    def test_late_and_given_back_count_against_the_provider(self) -> None:
        client, provider, other = make_author(), make_author(), make_author()
        settled(client, other)
        settled(client, provider, late=True)
        milestone = fund(make_contract(client=client, provider=provider, amounts=[40_000]).milestones.get())
        services.give_back(actor=provider, milestone=milestone, returned_minor=20_000, at=NOON)
        services.accept(actor=client, milestone=deliver(milestone), at=NOON)
        found = records_of([provider.pk])[provider.pk]
        assert (found.counted, found.kept, found.delivered, found.in_time) == (2, 2, 2, 1)

    def test_what_a_client_called_off_counts_for_nobody(self) -> None:
        client, provider = make_author(), make_author()
        services.call_off(
            actor=client, milestone=make_contract(client=client, provider=provider).milestones.get(), at=NOON
        )
        assert records_of([provider.pk])[provider.pk] == ProviderRecord()

    def test_money_that_went_back_in_full_is_no_contract(self) -> None:
        client, provider = make_author(), make_author()
        milestone = fund(make_contract(client=client, provider=provider).milestones.get())
        services.give_back(actor=provider, milestone=milestone, at=NOON)
        assert records_of([provider.pk])[provider.pk].ended == 0

    def test_somebody_new_has_an_empty_one(self) -> None:
        assert records_of([4711]) == {4711: ProviderRecord()}


class TestVouching:
    def test_one_hirer_alone_is_not_vouched_for(self) -> None:
        assert vouched_hirers(contracts((1, 10))) == {10: set()}

    def test_each_provider_vouches_for_one_hirer(self) -> None:
        """Sixty accounts hire the boss and two accomplices: two votes."""
        boss, accomplices = 1, (2, 3)
        pairs = [(hirer, provider) for hirer in range(100, 160) for provider in (boss, *accomplices)]
        assert len(vouched_hirers(contracts(*pairs))[boss]) == 2

    @pytest.mark.parametrize("accounts", [5, 20, 60])
    def test_more_accounts_gain_nothing(self, accounts: int) -> None:
        pairs = [(hirer, provider) for hirer in range(100, 100 + accounts) for provider in (1, 2)]
        assert len(vouched_hirers(contracts(*pairs))[1]) == 1

    def test_finds_a_voucher_for_as_many_as_possible(self) -> None:
        """The first hirer gives the voucher that they share to the second, and takes their other one."""
        pairs = [(1, 10), (2, 10), (1, 20), (1, 30), (2, 20)]
        assert vouched_hirers(contracts(*pairs))[10] == {1, 2}

    def test_honest_hirers_of_many_providers_all_count(self) -> None:
        pairs = [(hirer, provider) for hirer in range(5) for provider in range(10, 20)]
        assert all(len(found) == 5 for found in vouched_hirers(contracts(*pairs)).values())

    def test_the_oldest_count_first(self) -> None:
        pairs = [(1, 10), (1, 20), (2, 10), (2, 20)]
        assert vouched_hirers(contracts(*pairs))[10] == {1}
