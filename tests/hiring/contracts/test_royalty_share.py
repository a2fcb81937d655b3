"""A royalty share as pay: promised with the contract, given for what was accepted, ended by day or sum."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import partial

import pytest
from django.test import Client
from django.urls import reverse

from common import clock
from common.money import Money
from hiring.contract_terms import ShareTerms
from hiring.contracts import services
from hiring.contracts.errors import AmountNotPossible, NothingToDivide, ShareNeedsCredit, ShareTooLarge
from hiring.contracts.models import Contract, Milestone
from hiring.contracts.process import Act, State
from hiring.service_kinds import ServiceKind
from publishing import permissions as publishing_permissions
from publishing import selectors as publishing_selectors
from publishing import services as publishing_services
from publishing.errors import SharePromised
from publishing.models import Contributor, SplitShare
from tests.factories.accounts import make_author
from tests.factories.publishing import make_work
from tests.hiring.contracts.factories import DAY, NOON, deliver, fund, make_contract

pytestmark = [pytest.mark.django_db, pytest.mark.both]

LAST_DAY = date(2027, 6, 30)
SHARE = ShareTerms(1000, LAST_DAY)


def shares(contract: Contract, at: datetime = NOON) -> dict[str, int]:
    agreement = publishing_selectors.agreement_in_force(contract.work)
    assert agreement is not None
    return {one.contributor.name: one.share_bps for one in publishing_selectors.shares_at(agreement, at)}


def finish(milestone: Milestone, *, at: datetime = NOON) -> Contract:
    milestone.refresh_from_db()
    if milestone.amount_minor:
        fund(milestone, at=at)
        milestone.refresh_from_db()
    deliver(milestone, at=at, content=f"part {milestone.position}".encode())
    services.accept(actor=milestone.contract.client, milestone=milestone, at=at)
    return Contract.objects.get(pk=milestone.contract_id)


@pytest.fixture
def contract(db) -> Contract:
    return make_contract(share=SHARE, amounts=[0])


class TestBegins:
    def test_with_the_end_of_the_contract_and_for_nobody_before(self, contract):
        owner = contract.client.display_name
        assert shares(contract) == {owner: 10_000}
        ended = finish(contract.milestones.get())
        assert ended.ended_at == NOON
        assert shares(contract) == {owner: 9000, "Pia Pixel": 1000}
        assert SplitShare.objects.get(reference=contract.public_id).contributor.role == "cov"

    def test_after_silence_and_its_five_days(self, contract):
        milestone = deliver(contract.milestones.get())
        services.run_clock(milestone_id=milestone.pk, at=NOON + 14 * DAY)
        assert len(shares(contract)) == 1
        services.run_clock(milestone_id=milestone.pk, at=NOON + 19 * DAY)
        assert shares(contract)["Pia Pixel"] == 1000

    def test_its_last_day_is_the_contracts(self, contract):
        finish(contract.milestones.get())
        end = clock.end_of_day(LAST_DAY)
        assert "Pia Pixel" in shares(contract, end - timedelta(seconds=1))
        assert shares(contract, end) == {contract.client.display_name: 10_000}

    def test_only_for_the_part_that_was_accepted(self):
        contract = make_contract(share=SHARE, amounts=[0, 40_000, 40_000])
        first, second, third = contract.milestones.order_by("position")
        finish(first)
        fund(second)
        services.give_back(actor=contract.provider, milestone=second, at=NOON)
        fund(third)
        third.refresh_from_db()
        deliver(third)
        services.accept(actor=contract.client, milestone=third, released_minor=20_000, at=NOON)
        third.refresh_from_db()
        services.give_back(actor=contract.provider, milestone=third, at=NOON)
        assert shares(contract)["Pia Pixel"] == 500  # one of three, and half of another

    def test_sums_are_the_contracts(self):
        contract = make_contract(share=ShareTerms(2500, None, Money(50_000, "USD")), amounts=[0])
        finish(contract.milestones.get())
        row = SplitShare.objects.get(reference=contract.public_id)
        assert (row.ends_at, row.ends_at_sum) == (None, Money(50_000, "USD"))


class TestDoesNotBegin:
    def test_when_nothing_was_accepted(self, contract):
        services.give_back(actor=contract.provider, milestone=contract.milestones.get(), at=NOON)
        assert shares(contract) == {contract.client.display_name: 10_000}
        assert not Contributor.objects.filter(user=contract.provider).exists()

    def test_when_nothing_was_delivered(self, contract):
        milestone = contract.milestones.get()
        services.run_clock(milestone_id=milestone.pk, at=milestone.due_at + 14 * DAY)
        milestone.refresh_from_db()
        assert milestone.state == State.RETURNED
        assert len(shares(contract)) == 1


class TestPromise:
    def test_the_client_keeps_it_free(self, contract):
        work, client = contract.work, contract.client
        owner = publishing_services.credit_of_owner(work)
        other = Contributor.objects.create(work=work, user=make_author(), name="Cy", role="edt", position=3)
        with pytest.raises(SharePromised):
            publishing_services.propose_split(actor=client, work=work, shares={owner: 999, other: 9001}, at=NOON)
        publishing_services.propose_split(actor=client, work=work, shares={owner: 1000, other: 9000}, at=NOON)

    def test_not_more_than_the_client_has(self, contract):
        with pytest.raises(ShareTooLarge):
            make_contract(client=contract.client, work=contract.work, share=ShareTerms(9001, LAST_DAY), amounts=[0])
        make_contract(client=contract.client, work=contract.work, share=ShareTerms(9000, LAST_DAY), amounts=[0])

    def test_needs_a_name_in_the_book(self):
        with pytest.raises(ShareNeedsCredit):
            make_contract(share=SHARE, amounts=[0], credit_name="")

    def test_needs_a_book(self):
        client, provider = make_author(), make_author()
        from tests.hiring.contracts.factories import terms_of

        with pytest.raises(ShareNeedsCredit):
            services.open_contract(
                actor=client, terms=terms_of(client, provider, None, share=SHARE, amounts=[0]), at=NOON
            )


class TestCredit:
    @pytest.mark.parametrize(
        ("kind", "role"),
        [
            (ServiceKind.COPY_EDITING, "edt"),
            (ServiceKind.DEVELOPMENTAL_EDITING, "edt"),
            (ServiceKind.PROOFREADING, "pfr"),
            (ServiceKind.COVER_DESIGN, "cov"),
            (ServiceKind.ILLUSTRATION, "ill"),
        ],
    )
    def test_comes_with_the_end_and_gives_no_access(self, kind, role):
        contract = make_contract(kind=kind)
        finish(contract.milestones.get())
        credit = Contributor.objects.get(work=contract.work, user=contract.provider)
        assert (credit.name, credit.role) == ("Pia Pixel", role)
        assert not publishing_permissions.may_see(contract.provider, contract.work)
        assert not publishing_permissions.may_read_text(contract.provider, contract.work)
        assert contract.work not in publishing_selectors.works_visible_to(contract.provider)

    def test_nobody_is_named_who_does_not_want_it(self):
        contract = make_contract(credit_name="")
        finish(contract.milestones.get())
        assert not Contributor.objects.filter(user=contract.provider).exists()

    def test_a_second_contract_names_them_once(self):
        client, provider = make_author(), make_author()
        work = make_work(owner=client)
        for _ in range(2):
            finish(make_contract(client=client, provider=provider, work=work).milestones.get())
        assert Contributor.objects.filter(user=provider).count() == 1


class TestPage:
    def test_says_what_became_of_it(self, contract):
        page = Client()
        page.force_login(contract.provider)
        address = reverse("contracts:contract", args=[contract.public_id])
        assert "It begins when the contract ends" in page.get(address).content.decode()
        finish(contract.milestones.get())
        assert "10% of every sale since" in page.get(address).content.decode()


class TestWithoutMoney:
    """A milestone that a share alone pays for: what both can do besides a case about it (`test_share_cases.py`)."""

    def free(self) -> Milestone:
        contract = make_contract(amounts=[0], share=SHARE)
        return deliver(contract.milestones.get())

    def test_under_earlier_terms_a_case_is_refused_and_the_way_out_is_named(self) -> None:
        milestone = self.free()
        Contract.objects.update(terms_version=3)
        client = Client()
        client.force_login(milestone.contract.client)
        with pytest.raises(NothingToDivide) as refused:
            services.open_case(actor=milestone.contract.client, milestone=milestone, reason="No.", at=NOON)
        assert "propose to end it" in refused.value.text
        with clock.frozen(NOON):
            page = client.get(reverse("contracts:contract", args=[milestone.contract.public_id])).text
        assert "Open a case" not in page

    def test_both_can_end_it_and_no_share_begins(self) -> None:
        milestone = self.free()
        contract = milestone.contract
        division = services.propose_division(actor=contract.client, milestone=milestone, provider_minor=0, at=NOON)
        services.accept_division(actor=contract.provider, division=division, at=NOON)
        milestone.refresh_from_db()
        assert (milestone.state, milestone.canceled_by) == (State.SETTLED, "")
        assert shares(contract) == {} or "Pia Pixel" not in shares(contract)

    def test_nobody_divides_what_is_not_there(self) -> None:
        milestone = self.free()
        with pytest.raises(AmountNotPossible):
            services.propose_division(actor=milestone.contract.client, milestone=milestone, provider_minor=1, at=NOON)

    def test_the_pages_offer_to_end_it(self) -> None:
        milestone = self.free()
        contract = milestone.contract
        client, provider = Client(), Client()
        client.force_login(contract.client)
        provider.force_login(contract.provider)
        page = reverse("contracts:contract", args=[contract.public_id])
        act = partial(reverse, "contracts:act")
        parts = [contract.public_id, milestone.public_id]
        with clock.frozen(NOON):
            text = client.get(page).text
            assert "Propose to end it" in text
            assert "Open a case" in text
            client.post(act(args=[*parts, Act.PROPOSE_DIVISION]), {"reason": "Not what we said."})
            assert "You propose to end it." in client.get(page).text
            text = provider.get(page).text
            assert f"{contract.client} proposes to end it" in text
            division = milestone.divisions.get()
            accept = reverse("contracts:accept-division", args=[*parts, division.public_id])
            provider.post(accept)
        milestone.refresh_from_db()
        assert milestone.state == State.SETTLED
