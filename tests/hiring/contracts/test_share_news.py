"""Mails when a royalty share begins and when it ends: to both sides, in their language, once."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from common import clock
from common.models import PendingMail
from common.money import Money
from hiring.contract_terms import ShareTerms
from hiring.contracts import services
from hiring.contracts.models import Contract, Notice
from tests.factories.accounts import make_author, make_reader
from tests.factories.buying import buy, make_book
from tests.hiring.contracts.factories import DAY, NOON, deliver, make_contract

pytestmark = [pytest.mark.django_db, pytest.mark.both]

LAST_DAY = date(2026, 12, 24)


def mails(person) -> list[str]:
    rows = PendingMail.objects.filter(to=person.email).order_by("pk").values_list("subject", flat=True)
    return [subject for subject in rows if "share" in subject or "Anteil" in subject]


def body_of(person) -> str:
    return " ".join(PendingMail.objects.filter(to=person.email).order_by("-pk")[0].text.split())


def ended(share: ShareTerms, **more) -> Contract:
    """A contract whose share began at noon."""
    contract = make_contract(share=share, amounts=[0], **more)
    milestone = deliver(contract.milestones.get())
    services.accept(actor=contract.client, milestone=milestone, at=NOON)
    return Contract.objects.get(pk=contract.pk)


class TestBegins:
    def test_both_are_told_once_with_how_much_and_until_when(self) -> None:
        contract = ended(ShareTerms(1000, LAST_DAY))
        assert [services.tell_of_shares(at=NOON) for _ in range(2)] == [1, 0]
        title = contract.work.title
        assert mails(contract.provider) == [f"Your royalty share of “{title}” begins"]
        assert mails(contract.client) == [f"The royalty share of {contract.provider.display_name} in “{title}” begins"]
        assert "you now get 10% of the royalty of every sale" in body_of(contract.provider)
        assert "It ends after 24 December 2026." in body_of(contract.provider)

    def test_in_their_language(self) -> None:
        provider = make_author(language="de")
        contract = ended(ShareTerms(1000, LAST_DAY, Money(50_000, "USD")), provider=provider)
        services.tell_of_shares(at=NOON)
        assert mails(provider) == [f"Ihr Anteil an den Tantiemen von „{contract.work.title}“ beginnt"]
        assert "24. Dezember 2026" in body_of(provider)
        assert "It ends after 24 December 2026, or once it has paid $500.00" in body_of(contract.client)

    def test_not_before_the_contract_ends(self) -> None:
        contract = make_contract(share=ShareTerms(1000, LAST_DAY), amounts=[0])
        deliver(contract.milestones.get())
        assert services.tell_of_shares(at=NOON) == 0

    def test_what_is_long_ago_is_no_news(self) -> None:
        ended(ShareTerms(1000, LAST_DAY))
        assert services.tell_of_shares(at=NOON + 31 * DAY) == 1  # only that it has ended, on the 24th
        assert not Notice.objects.filter(kind="share_began").exists()


class TestEnds:
    def test_after_its_last_day(self) -> None:
        contract = ended(ShareTerms(1000, LAST_DAY))
        services.tell_of_shares(at=NOON)
        end = clock.end_of_day(LAST_DAY)
        assert services.tell_of_shares(at=end - timedelta(seconds=1)) == 0
        assert [services.tell_of_shares(at=end + DAY * n) for n in range(2)] == [1, 0]
        assert mails(contract.provider)[-1] == f"Your royalty share of “{contract.work.title}” has ended"
        assert "Its last day was 24 December 2026." in body_of(contract.provider)
        assert "You have the 10% again." in body_of(contract.client)

    def test_with_the_sale_that_pays_the_sum(self) -> None:
        edition = make_book(title="The Lamp")
        owner = edition.work.owner
        contract = ended(ShareTerms(5000, None, Money(100, "USD")), client=owner, work=edition.work)
        services.tell_of_shares(at=clock.now())
        buy(make_reader(), edition)
        assert services.tell_of_shares(at=clock.now()) in {0, 1}
        while len(mails(contract.provider)) < 2:
            buy(make_reader(), edition)
            services.tell_of_shares(at=clock.now())
        assert "It has paid the agreed $1.00." in body_of(contract.provider)
        assert services.tell_of_shares(at=clock.now() + DAY) == 0
