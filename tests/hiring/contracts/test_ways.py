"""The ways between a book's desk and its contracts, and what people's pages say of work done here."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from hiring.contracts import services
from hiring.service_kinds import ServiceKind
from publishing.models import Contributor
from tests.factories.hiring import make_offer, make_provider
from tests.factories.publishing import make_contributor, make_published_edition
from tests.hiring.contracts.factories import NOON, deliver, fund, make_contract

pytestmark = [pytest.mark.django_db, pytest.mark.both]


@pytest.fixture
def contract(db):
    edition = make_published_edition()
    return make_contract(client=edition.work.owner, work=edition.work, kind=ServiceKind.COPY_EDITING)


def text_of(client: Client, person, address: str, *args: str) -> str:
    client.force_login(person)
    return client.get(reverse(address, args=args)).content.decode()


class TestDesk:
    def test_leads_the_owner_to_a_request_about_the_book(self, client, contract):
        work = contract.work
        text = text_of(client, work.owner, "work", work.public_id)
        address = f"{reverse('requests:new')}?work={work.public_id}"
        assert f'href="{address}"' in text
        form = client.get(address).context["form"]
        assert (form.initial["work"], form.initial["language"]) == (work.public_id, work.language)

    def test_says_for_which_contract_a_hired_editor_is_there(self, client, contract):
        fund(contract.milestones.get())
        words = f"You work here for the contract “{contract.title}”. Your access ends with it."
        assert words in text_of(client, contract.provider, "collaboration:shared")
        text = text_of(client, contract.provider, "collaboration:work", contract.work.public_id)
        assert words in text
        assert reverse("contracts:contract", args=[contract.public_id]) in text

    def test_says_nothing_of_it_to_others_who_work_on_the_text(self, client, contract):
        fund(contract.milestones.get())
        assert "for the contract" not in text_of(client, contract.client, "collaboration:shared")


class TestContract:
    def test_leads_into_the_text_while_it_gives_access(self, client, contract):
        work_page = reverse("collaboration:work", args=[contract.work.public_id])
        people_page = reverse("collaboration:people", args=[contract.work.public_id])
        page = ("contracts:contract", contract.public_id)
        assert work_page not in text_of(client, contract.provider, *page)
        milestone = fund(contract.milestones.get())
        text = text_of(client, contract.provider, *page)
        assert work_page in text
        assert "Your access to it ends with this contract." in text
        assert people_page in text_of(client, contract.client, *page)
        services.accept(actor=contract.client, milestone=deliver(milestone), at=NOON)
        assert work_page not in text_of(client, contract.provider, *page)


class TestPersonsPage:
    def test_says_what_was_delivered_here_and_what_counts(self, client, contract):
        make_offer(provider=make_provider(), title="Elsewhere")
        editor = contract.provider
        make_offer(provider=editor)
        services.accept(actor=contract.client, milestone=deliver(fund(contract.milestones.get())), at=NOON)
        Contributor.objects.filter(user=editor).update(is_on_page=True)
        text = client.get(reverse("offers:person", args=[editor.public_id])).content.decode()
        assert "Editor, delivered here" in text
        assert "Out of 1 contract that ended with money released." in text

    def test_a_credit_without_a_contract_is_only_a_credit(self, client, contract):
        other = make_provider()
        make_offer(provider=other)
        make_contributor(contract.work, user=other, role="edt")
        text = client.get(reverse("offers:person", args=[other.public_id])).content.decode()
        assert "delivered here" not in text
        assert "Record here" not in text
