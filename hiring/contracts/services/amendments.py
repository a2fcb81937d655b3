"""Changes of a contract: one side proposes other terms, the other accepts."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.db import transaction

from accounts import services as account_services
from accounts.models import User
from common.errors import NotFound
from hiring.contract_terms import ContractTerms
from hiring.contracts import permissions
from hiring.contracts.errors import (
    AlreadyPaid,
    AmendmentAnswered,
    AmendmentOpen,
    AmendmentOutdated,
    ContractEnded,
    NothingChanged,
    OwnProposal,
)
from hiring.contracts.models import Amendment, AmendmentState, Contract, EventFacts, Milestone
from hiring.contracts.process import Act, Actor, State
from hiring.contracts.services import notices, opening, steps, terms_rules


@transaction.atomic
def propose_amendment(
    *, actor: User, contract: Contract, terms: ContractTerms, reason: str = "", at: datetime
) -> Amendment:
    """Propose other terms. The two sides, the work and the kind of service stay.

    Raises NotFound, ContractEnded, AmendmentOpen, NothingChanged, AlreadyPaid, and the errors of `terms_rules.check`.
    """
    contract = steps.lock_contract(contract.pk)
    side = permissions.require_side(actor, contract)
    if contract.ended_at is not None:
        raise ContractEnded
    if contract.amendments.filter(state=AmendmentState.PROPOSED).exists():
        raise AmendmentOpen
    old = contract.terms
    terms = replace(
        terms,
        client_id=old.client_id,
        provider_id=old.provider_id,
        work_id=old.work_id,
        kind=old.kind,
        share=old.share,
        proposal_reference=old.proposal_reference,
        offer_reference=old.offer_reference,
        conversation_reference=old.conversation_reference,
    )
    if terms == old:
        raise NothingChanged
    _check(contract, terms, at)
    amendment = Amendment.objects.create(
        contract=contract, proposed_by=actor, proposed_at=at, reason=reason, terms=terms
    )
    notices.send(
        contract, notices.Kind.AMENDMENT, to=notices.other(side), about=amendment.public_id, words=reason, at=at
    )
    return amendment


@transaction.atomic
def accept_amendment(*, actor: User, amendment: Amendment, at: datetime) -> Contract:
    """Accept the change: the contract's terms are replaced, and the log keeps what they were.

    Raises NotFound, AmendmentAnswered, OwnProposal, AmendmentOutdated, AlreadyPaid.
    """
    contract, found = _locked(amendment)
    side = permissions.require_side(actor, contract)
    if found.proposed_by_id == actor.pk:
        raise OwnProposal
    if contract.ended_at is not None:
        raise AmendmentOutdated
    _check(contract, found.terms, at)
    before, contract.terms, contract.title = contract.terms, found.terms, found.terms.title
    contract.currency = terms_rules.currency_of(found.terms)
    contract.save(update_fields=["terms", "title", "currency"])
    _apply(contract, at)
    _answer(found, AmendmentState.ACCEPTED, at)
    facts = EventFacts(terms_before=before)
    steps.log_contract(contract, actor=actor, role=side, act=Act.AMEND, at=at, facts=facts)
    account_services.record_audit(actor=actor, verb="contract.amended", subject=contract)
    notices.send(contract, notices.Kind.AMENDED, to=notices.other(side), about=found.public_id, at=at)
    return contract


@transaction.atomic
def decline_amendment(*, actor: User, amendment: Amendment, at: datetime) -> None:
    """Decline the other side's change. Raises NotFound, AmendmentAnswered, OwnProposal."""
    contract, found = _locked(amendment)
    side = permissions.require_side(actor, contract)
    if found.proposed_by_id == actor.pk:
        raise OwnProposal
    _answer(found, AmendmentState.DECLINED, at)
    notices.send(contract, notices.Kind.AMENDMENT_DECLINED, to=notices.other(side), about=found.public_id, at=at)


@transaction.atomic
def withdraw_amendment(*, actor: User, amendment: Amendment, at: datetime) -> None:
    """Withdraw one's own change. Raises NotFound, AmendmentAnswered."""
    contract, found = _locked(amendment)
    permissions.require_side(actor, contract)
    if found.proposed_by_id != actor.pk:
        raise NotFound
    _answer(found, AmendmentState.WITHDRAWN, at)


def _locked(amendment: Amendment) -> tuple[Contract, Amendment]:
    contract = steps.lock_contract(amendment.contract_id)
    found = Amendment.objects.get(pk=amendment.pk)
    if found.state != AmendmentState.PROPOSED:
        raise AmendmentAnswered
    return contract, found


def _answer(amendment: Amendment, state: AmendmentState, at: datetime) -> None:
    amendment.state, amendment.answered_at = state, at
    amendment.save(update_fields=["state", "answered_at"])


def _check(contract: Contract, terms: ContractTerms, at: datetime) -> None:
    """Require that the terms are valid, and that nothing changes that was paid, but for its due day."""
    terms_rules.check(terms, opened=at)
    milestones = list(contract.milestones.all())
    if len(terms.milestones) < len(milestones):
        raise AmendmentOutdated
    for milestone, old, new in zip(milestones, contract.terms.milestones, terms.milestones, strict=False):
        if new == old:
            continue
        if milestone.state != State.PLANNED and replace(new, due_on=old.due_on) != old:
            raise AlreadyPaid(title=milestone.title)
        milestone.contract = contract
        steps.require_row(milestone, Actor.BOTH, Act.AMEND, at)


def _apply(contract: Contract, at: datetime) -> None:
    """Write the new terms into the milestones, and add those that are new."""
    milestones = {one.position: one for one in contract.milestones.all()}
    for position, told in enumerate(contract.terms.milestones):
        milestone = milestones.get(position)
        if milestone is None:
            opening.add_milestone(contract, position, at)
        elif not milestone.is_closed:
            _rewrite(contract, milestone, told.due_on != milestone.due_on, at)


def _rewrite(contract: Contract, milestone: Milestone, is_moved: bool, at: datetime) -> None:
    told = contract.terms.milestones[milestone.position]
    milestone.contract = contract
    milestone.title, milestone.description, milestone.due_on = told.title, told.description, told.due_on
    if milestone.state == State.PLANNED:
        milestone.amount_minor, milestone.currency = told.amount.amount_minor, told.amount.currency
    elif is_moved and milestone.funded_at is not None:
        milestone.due_at = terms_rules.due_at(told.due_on, paid=milestone.funded_at, days=contract.days)
    steps.set_clock(milestone, after=at)
    milestone.save()
