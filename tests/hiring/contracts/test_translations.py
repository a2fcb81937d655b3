"""An accepted translation becomes a book of its own: the client's, linked to the original, with its translator."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from common.errors import NotFound
from hiring.contract_terms import ShareTerms
from hiring.contracts import services
from hiring.contracts.errors import NoTranslation, RightsNotPassed
from hiring.contracts.models import Contract, DeliveryFile, Milestone
from hiring.service_kinds import ServiceKind
from publishing import permissions as publishing_permissions
from publishing.errors import ManuscriptRefused, SharePromised
from publishing.models import Contributor, SplitShare, Work
from publishing.services import credit_of_owner, propose_split
from tests.factories.accounts import make_author
from tests.factories.publishing import make_contributor, make_work
from tests.hiring.contracts.factories import DUE, NOON, a_stored_file, fund, make_contract

pytestmark = pytest.mark.django_db

TEXT = "# Der Leuchtturm\n\nDer Regen hatte seit Dienstag nicht aufgehört.\n".encode()


def delivered(content: bytes = TEXT, name: str = "Der Leuchtturm.md", milestone: Milestone | None = None, **terms):
    if milestone is None:
        terms = {"kind": ServiceKind.TRANSLATION, "target_language": "de"} | terms
        milestone = make_contract(**terms).milestones.order_by("position")[0]
    if milestone.amount_minor:
        milestone = fund(milestone)
    told = services.DeliveryInput(note="Here it is.", files=[a_stored_file(content, name)])
    delivery = services.deliver(actor=milestone.contract.provider, milestone=milestone, told=told, at=NOON)
    return delivery.files.get()


def accept(file: DeliveryFile) -> DeliveryFile:
    milestone = Milestone.objects.get(pk=file.delivery.milestone_id)
    services.accept(actor=milestone.contract.client, milestone=milestone, at=NOON)
    return DeliveryFile.objects.get(pk=file.pk)


def make(file: DeliveryFile, actor=None) -> Work:
    return services.make_book(actor=actor or file.delivery.milestone.contract.client, file=file, at=NOON)


def shares(work: Work) -> dict[str, int]:
    return {
        row.contributor.name: row.share_bps
        for row in SplitShare.objects.filter(agreement=work.split_agreements.order_by("-effective_at", "-id")[0])
    }


class TestMake:
    def test_is_the_clients_own_and_linked_to_the_original(self):
        file = accept(delivered())
        original = file.delivery.milestone.contract.work
        made = make(file)
        assert (made.owner, made.translation_of, made.language) == (original.owner, original, "de")
        assert made.editions.get().manuscript.name == "Der Leuchtturm.md"
        assert Contract.objects.get().translation == made

    def test_names_the_authors_of_the_original_and_the_translator(self):
        client = make_author(display_name="Ada Quill")
        work = make_work(owner=client)
        work.contributors.filter(user=client).update(name="A. Q. Quill")
        make_contributor(work, name="Bo Brush", user=make_author(), role="aut", position=2)
        made = make(accept(delivered(client=client, work=work)))
        named = list(made.contributors.order_by("position", "pk").values_list("name", "role", "user__display_name"))
        assert ("A. Q. Quill", "aut", "Ada Quill") in named
        assert ("Bo Brush", "aut", None) in named
        assert [(name, role) for name, role, _ in named if role == "trl"] == [("Pia Pixel", "trl")]
        assert not Contributor.objects.filter(work=work, role="trl").exists()

    def test_gives_the_translator_no_access(self):
        file = accept(delivered())
        assert not publishing_permissions.may_see(file.delivery.milestone.contract.provider, make(file))

    def test_twice_is_once(self):
        file = accept(delivered())
        assert make(file) == make(file)
        assert Work.objects.filter(translation_of__isnull=False).count() == 1


class TestShare:
    def test_is_of_the_translated_book(self):
        file = accept(delivered(share=ShareTerms(3000, DUE), amounts=[0]))
        original = file.delivery.milestone.contract.work
        made = make(file)
        assert shares(made)["Pia Pixel"] == 3000
        assert "Pia Pixel" not in shares(original)

    def test_may_be_more_than_the_client_has_of_the_original(self):
        client = make_author()
        work = make_work(owner=client)
        other = make_contributor(work, user=make_author(), name="Cy", role="edt")
        split = propose_split(actor=client, work=work, shares={credit_of_owner(work): 1000, other: 9000}, at=NOON)
        split.shares.update(consented_at=NOON)
        assert make_contract(
            client=client, work=work, kind=ServiceKind.TRANSLATION, share=ShareTerms(5000, DUE), amounts=[0]
        )

    def test_is_kept_free_while_the_contract_runs(self):
        contract = make_contract(
            kind=ServiceKind.TRANSLATION, target_language="de", share=ShareTerms(4000, DUE), amounts=[0, 0]
        )
        first, second = contract.milestones.order_by("position")
        made = make(accept(delivered(milestone=first)))
        other = make_contributor(made, user=make_author(), name="Cy", role="edt", position=5)
        with pytest.raises(SharePromised):
            propose_split(actor=made.owner, work=made, shares={credit_of_owner(made): 3999, other: 6001}, at=NOON)
        second.refresh_from_db()
        accept(delivered(content=TEXT + b"More.", milestone=second))
        assert shares(made)["Pia Pixel"] == 4000


class TestRefused:
    def test_before_the_release(self):
        with pytest.raises(RightsNotPassed):
            make(delivered())

    def test_for_everybody_but_the_client(self):
        file = accept(delivered())
        for other in (file.delivery.milestone.contract.provider, make_author()):
            with pytest.raises(NotFound):
                make(file, actor=other)

    def test_what_the_gate_refuses(self):
        with pytest.raises(ManuscriptRefused):
            make(accept(delivered(b"\x00\x01\x02 nothing to read", "text.docx")))
        assert not Work.objects.filter(translation_of__isnull=False).exists()

    def test_from_another_kind_of_contract(self):
        with pytest.raises(NoTranslation):
            make(accept(delivered(kind=ServiceKind.PROOFREADING)))


class TestPage:
    def test_offers_it_to_the_client_after_the_release(self, client: Client):
        file = delivered()
        contract = file.delivery.milestone.contract
        page = reverse("contracts:contract", args=[contract.public_id])
        client.force_login(contract.client)
        assert "Make a book of this translation" not in client.get(page).content.decode()
        accept(file)
        assert "Make a book of this translation" in client.get(page).content.decode()
        answer = client.post(reverse("contracts:make-book", args=[file.public_id]), follow=True)
        assert "Translation of" in answer.content.decode()
        text = client.get(page).content.decode()
        assert "Make a book of this translation" not in text
        assert "The translated book" in text

    def test_is_for_the_client_alone(self, client: Client):
        file = accept(delivered())
        for person in (make_author(), file.delivery.milestone.contract.provider):
            client.force_login(person)
            assert client.post(reverse("contracts:make-book", args=[file.public_id])).status_code == 404
