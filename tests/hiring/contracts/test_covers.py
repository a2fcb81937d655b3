"""A delivered picture becomes the book's cover once the rights have passed; not before, and by the client alone."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from common.errors import NotFound
from hiring.contract_terms import ShareTerms
from hiring.contracts import services
from hiring.contracts.errors import NoCover, RightsNotPassed
from hiring.contracts.models import DeliveryFile, Milestone
from hiring.service_kinds import ServiceKind
from publishing.errors import CoverNotPicture
from publishing.models import Contributor
from tests.factories.accounts import make_author, make_moderator
from tests.factories.pictures import picture
from tests.hiring.contracts.factories import DUE, NOON, a_stored_file, fund, make_contract

pytestmark = pytest.mark.django_db


def delivered(content: bytes = b"", name: str = "front.png", **terms) -> DeliveryFile:
    milestone = make_contract(**terms).milestones.get()
    if milestone.amount_minor:
        milestone = fund(milestone)
    stored = a_stored_file(content or picture(), name)
    told = services.DeliveryInput(note="Here it is.", files=[stored])
    delivery = services.deliver(actor=milestone.contract.provider, milestone=milestone, told=told, at=NOON)
    return delivery.files.get()


def accept(file: DeliveryFile) -> DeliveryFile:
    milestone = Milestone.objects.get(pk=file.delivery.milestone_id)
    services.accept(actor=milestone.contract.client, milestone=milestone, at=NOON)
    return DeliveryFile.objects.get(pk=file.pk)


def use(file: DeliveryFile, actor=None):
    actor = actor or file.delivery.milestone.contract.client
    return services.use_as_cover(actor=actor, file=file, at=NOON)


class TestUse:
    @pytest.mark.parametrize(("kind", "role"), [(ServiceKind.COVER_DESIGN, "cov"), (ServiceKind.ILLUSTRATION, "ill")])
    def test_sets_the_cover_and_credits_its_maker(self, kind, role):
        work = use(accept(delivered(kind=kind)))
        assert work.cover_name == "front.png"
        credit = Contributor.objects.get(work=work, is_hired=True)
        assert (credit.name, credit.role) == ("Pia Pixel", role)

    def test_for_a_share_alone(self):
        file = delivered(share=ShareTerms(500, DUE), amounts=[0])
        with pytest.raises(RightsNotPassed):
            use(file)
        assert use(accept(file)).cover_file

    def test_twice_is_once(self):
        file = accept(delivered())
        use(file)
        use(file)
        assert Contributor.objects.filter(is_hired=True).count() == 1


class TestRefused:
    def test_before_the_release(self):
        file = delivered()
        with pytest.raises(RightsNotPassed):
            use(file)
        file.delivery.milestone.contract.work.refresh_from_db()
        assert not file.delivery.milestone.contract.work.cover_file

    def test_for_everybody_but_the_client(self):
        file = accept(delivered())
        for other in (file.delivery.milestone.contract.provider, make_author()):
            with pytest.raises(NotFound):
                use(file, actor=other)

    def test_what_is_no_picture(self):
        with pytest.raises(CoverNotPicture):
            use(accept(delivered(b"A drawing, in words.")))

    def test_from_a_contract_about_the_text(self):
        with pytest.raises(NoCover):
            use(accept(delivered(kind=ServiceKind.COPY_EDITING)))


class TestPage:
    def test_offers_it_to_the_client_after_the_release(self, client: Client):
        file = delivered()
        contract = file.delivery.milestone.contract
        page = reverse("contracts:contract", args=[contract.public_id])
        client.force_login(contract.client)
        assert "Use it as the book" not in client.get(page).content.decode()
        accept(file)
        assert "Use it as the book" in client.get(page).content.decode()
        answer = client.post(reverse("contracts:use-as-cover", args=[file.public_id]))
        assert answer.url == reverse("work-details", args=[contract.work.public_id])
        client.force_login(contract.provider)
        assert "Use it as the book" not in client.get(page).content.decode()

    def test_is_for_the_client_alone(self, client: Client):
        file = accept(delivered())
        address = reverse("contracts:use-as-cover", args=[file.public_id])
        for person in (make_author(), file.delivery.milestone.contract.provider, make_moderator()):
            client.force_login(person)
            assert client.post(address).status_code == 404

    def test_says_why_not(self, client: Client):
        file = delivered()
        client.force_login(file.delivery.milestone.contract.client)
        answer = client.post(reverse("contracts:use-as-cover", args=[file.public_id]), follow=True)
        assert "Accept the delivery first" in answer.content.decode()
