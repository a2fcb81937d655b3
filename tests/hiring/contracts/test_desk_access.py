"""Hired people at work: access to the text for this contract and time only."""

from __future__ import annotations

import pytest

from hiring.contracts import services
from hiring.contracts.errors import NothingDelivered
from hiring.service_kinds import ServiceKind
from publishing import permissions
from tests.factories.accounts import make_author
from tests.factories.collaboration import make_collaborator
from tests.factories.editing import make_correction, make_text, patch_of
from tests.factories.publishing import make_work
from tests.hiring.contracts.factories import NOON, deliver, fund, make_contract

pytestmark = pytest.mark.django_db


def hired(kind: ServiceKind = ServiceKind.COPY_EDITING, **given):
    return make_contract(kind=kind, **given)


class TestAccess:
    @pytest.mark.parametrize(
        "kind", [ServiceKind.DEVELOPMENTAL_EDITING, ServiceKind.COPY_EDITING, ServiceKind.PROOFREADING]
    )
    def test_begins_with_the_payment_and_ends_with_the_contract(self, kind: ServiceKind) -> None:
        contract = hired(kind)
        work, editor = contract.work, contract.provider
        assert not permissions.may_read_text(editor, work)
        milestone = fund(contract.milestones.get())
        assert permissions.may_suggest(editor, work)
        assert not permissions.may_edit_text(editor, work)
        services.accept(actor=contract.client, milestone=deliver(milestone), at=NOON)
        assert not permissions.may_read_text(editor, work)

    def test_a_translator_reads(self) -> None:
        contract = hired(ServiceKind.TRANSLATION, target_language="de")
        fund(contract.milestones.get())
        assert permissions.may_read_text(contract.provider, contract.work)
        assert not permissions.may_suggest(contract.provider, contract.work)

    @pytest.mark.parametrize("kind", [ServiceKind.COVER_DESIGN, ServiceKind.ILLUSTRATION])
    def test_who_draws_does_not_see_the_text(self, kind: ServiceKind) -> None:
        contract = hired(kind)
        fund(contract.milestones.get())
        assert not permissions.may_read_text(contract.provider, contract.work)

    def test_other_works_stay_closed(self) -> None:
        contract = hired()
        fund(contract.milestones.get())
        assert not permissions.may_read_text(contract.provider, make_work(owner=contract.client))

    def test_who_was_let_in_before_stays_in_after(self) -> None:
        work, editor = make_work(), make_author()
        make_collaborator(work, "editor", user=editor)
        contract = hired(client=work.owner, provider=editor, work=work)
        milestone = fund(contract.milestones.get())
        assert permissions.may_edit_text(editor, work)
        services.give_back(actor=editor, milestone=milestone, at=NOON)
        assert permissions.may_edit_text(editor, work)

    def test_a_second_contract_keeps_it_open(self) -> None:
        first = hired()
        second = hired(client=first.client, provider=first.provider, work=first.work)
        for contract in (first, second):
            fund(contract.milestones.get())
        services.give_back(actor=first.provider, milestone=first.milestones.get(), at=NOON)
        assert permissions.may_suggest(first.provider, first.work)
        services.give_back(actor=first.provider, milestone=second.milestones.get(), at=NOON)
        assert not permissions.may_suggest(first.provider, first.work)

    def test_money_back_ends_it(self) -> None:
        contract = hired()
        milestone = fund(contract.milestones.get())
        services.run_clock(
            milestone_id=milestone.pk, at=milestone.contract.days and milestone.clock_at.replace(year=2028)
        )
        assert not permissions.may_read_text(contract.provider, contract.work)


class TestDesk:
    def test_suggestions_are_a_delivery_and_each_only_once(self) -> None:
        work = make_work()
        text = make_text(work=work)
        contract = hired(client=work.owner, work=work)
        milestone = fund(contract.milestones.get())
        told = services.DeliveryInput(with_desk=True)
        with pytest.raises(NothingDelivered):
            services.deliver(actor=contract.provider, milestone=milestone, told=told, at=NOON)
        make_correction(text, patch_of(text, "keeper", "warden"), author=contract.provider)
        delivery = services.deliver(actor=contract.provider, milestone=milestone, told=told, at=NOON)
        assert (delivery.desk.suggestions, delivery.desk.comments) == (1, 0)
        services.request_revision(actor=contract.client, milestone=milestone, wishes="More.", at=NOON)
        with pytest.raises(NothingDelivered):
            services.deliver(actor=contract.provider, milestone=milestone, told=told, at=NOON)

    def test_what_the_author_changes_is_no_delivery(self) -> None:
        work = make_work()
        text = make_text(work=work)
        contract = hired(client=work.owner, work=work)
        milestone = fund(contract.milestones.get())
        make_correction(text, patch_of(text, "keeper", "warden"), author=work.owner)
        with pytest.raises(NothingDelivered):
            services.deliver(
                actor=contract.provider, milestone=milestone, told=services.DeliveryInput(with_desk=True), at=NOON
            )
