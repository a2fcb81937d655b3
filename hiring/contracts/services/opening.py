"""Opening a contract from an accepted proposal, and calling off what was not paid."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts import services as account_services
from accounts.models import User
from hiring.contract_terms import ContractTerms
from hiring.contracts import standard_terms
from hiring.contracts.errors import (
    CoAuthorAsProvider,
    ForeignWork,
    OwnContract,
    StaffAsSide,
)
from hiring.contracts.models import Contract, Milestone
from hiring.contracts.process import Act, Actor, State
from hiring.contracts.services import credits, desk_access, notices, steps, terms_rules
from publishing.models import Contributor, ContributorRole, Work
from publishing.permissions import is_owner
from royalties.selectors import milestones as ledger

MAX_MILESTONES = 20


@transaction.atomic
def open_contract(*, actor: User, terms: ContractTerms, at: datetime) -> Contract:
    """Open the contract that both sides agreed to; `actor` accepted the other's proposal.

    Raises OwnContract, StaffAsSide, CoAuthorAsProvider, ForeignWork, ShareNeedsCredit, ShareTooLarge, and the errors of
    `terms_rules.check`.
    """
    client = User.objects.get(pk=terms.client_id)
    provider = User.objects.get(pk=terms.provider_id)
    work = Work.objects.filter(pk=terms.work_id).first() if terms.work_id is not None else None
    check_sides(client=client, provider=provider, work=work)
    terms_rules.check(terms, opened=at)
    credits.require_share(terms, client=client, work=work, at=at)
    contract = Contract.objects.create(
        client=client,
        provider=provider,
        work=work,
        kind=terms.kind,
        title=terms.title,
        terms=terms,
        terms_version=standard_terms.CURRENT,
        currency=terms_rules.currency_of(terms),
        opened_at=at,
    )
    for position in range(len(terms.milestones)):
        add_milestone(contract, position, at)
    if contract.milestones.filter(funded_at__isnull=False).exists():
        desk_access.begin(contract, at=at)
    side = contract.side_of(actor) or Actor.CLIENT
    steps.log_contract(contract, actor=actor, role=side, act="open", at=at)
    account_services.record_audit(actor=actor, verb="contract.opened", subject=contract)
    notices.send(contract, notices.Kind.OPENED, to=Actor.PROVIDER, about=contract.public_id, at=at)
    notices.send(contract, notices.Kind.OPENED, to=Actor.CLIENT, about=contract.public_id, at=at)
    return contract


def check_sides(*, client: User, provider: User, work: Work | None) -> None:
    """Require that these two may have a contract about the work.

    Raises OwnContract, StaffAsSide, ForeignWork, CoAuthorAsProvider.
    """
    if client == provider:
        raise OwnContract
    if client.is_staff_member or provider.is_staff_member:
        raise StaffAsSide
    if work is None:
        return
    if not is_owner(client, work):
        raise ForeignWork
    authors = Contributor.objects.filter(work=work, user=provider, role=ContributorRole.AUTHOR)
    if authors.exists():
        raise CoAuthorAsProvider(name=provider.display_name)


def add_milestone(contract: Contract, position: int, at: datetime) -> Milestone:
    """Add the milestone at this place of the contract's terms.

    Our fee is frozen here, so that what both saw before is what is taken. What a royalty share pays for needs no
    payment in advance, and can begin at once.
    """
    told = contract.terms.milestones[position]
    milestone = Milestone(contract=contract, position=position, state=State.PLANNED, since=at, due_on=told.due_on)
    milestone.title, milestone.description = told.title, told.description
    milestone.amount_minor, milestone.currency = told.amount.amount_minor, told.amount.currency
    if milestone.amount_minor:
        milestone.rates = ledger.fee_rates(
            payer_id=contract.client_id, payee_id=contract.provider_id, currency=milestone.currency, at=at
        )
    else:
        milestone.state, milestone.funded_at = State.FUNDED, at
        milestone.due_at = terms_rules.due_at(told.due_on, paid=at, days=contract.days)
        steps.set_clock(milestone, after=at)
    milestone.save()
    return milestone


@transaction.atomic
def call_off(*, actor: User, milestone: Milestone, at: datetime) -> Milestone:
    """Call off a milestone that was not paid: either side may. Raises NotFound, NotInThisState."""
    step = steps.begin(actor=actor, milestone=milestone, act=Act.CALL_OFF, at=at)
    steps.finish(step)
    notices.send_about(step, notices.Kind.CALLED_OFF, to=notices.other(step.side))
    return step.milestone
