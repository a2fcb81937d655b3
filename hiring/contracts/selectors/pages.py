"""What the pages of contracts show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch
from django.utils.functional import Promise

from accounts.models import User
from common.errors import NotFound
from common.money import Money
from hiring.contract_terms import AiUse, RightsExtent
from hiring.contracts import permissions
from hiring.contracts.models import (
    Amendment,
    AmendmentState,
    Case,
    Contract,
    Delivery,
    DeliveryFile,
    Division,
    Milestone,
)
from hiring.contracts.process import Actor, State
from hiring.contracts.selectors.acts import Action, actions_of, has_bank_to_decide
from hiring.contracts.selectors.cases import Outcome, net_of, outcome_of
from hiring.contracts.selectors.desk import DeskLink, desk_of
from hiring.contracts.selectors.event_words import EventLine, line_of
from hiring.contracts.selectors.next_steps import NextStep, next_steps
from hiring.contracts.selectors.rows import TONES, contracts, label_of, open_divisions
from hiring.contracts.selectors.shares import ShareView, share_of
from hiring.contracts.selectors.usable_files import covers_of, translations_of
from hiring.service_kinds import ServiceKind
from royalties.selectors import milestones as ledger


@dataclass(frozen=True, slots=True)
class MoneyLine:
    """Where the money of a milestone is. `fee` is ours of what is released, `net` the provider's; both of the whole
    amount before anything is released."""

    held: Money
    released: Money
    returned: Money
    fee: Money
    net: Money
    is_expected: bool


@dataclass(frozen=True, slots=True)
class MilestoneCard:
    milestone: Milestone
    tone: str
    money: MoneyLine | None  # None where a royalty share pays
    next: NextStep
    actions: list[Action]
    deliveries: list[Delivery]
    division: Division | None  # proposed by the other side and still open
    division_net: Money | None  # what is left of it to the provider after our fee
    own_division: Division | None
    outcomes: list[Outcome]  # of its cases, the newest first
    rounds_left: int
    canceled_by: User | None  # who ended it, where all of the money went back
    bank_decides: bool  # about what was released, so that no case can be opened

    @property
    def label(self) -> str | Promise:
        return label_of([self.milestone])

    @property
    def waits_for_me(self) -> bool:
        """Whether the viewer is the one to act, or to answer what the other side proposes."""
        return self.next.waits_for_me or (self.division is not None and bool(self.actions))


@dataclass(frozen=True, slots=True)
class ContractMoney:
    """Where the money of the whole contract is. `unpaid` is what milestones that are not called off still cost."""

    held: Money
    released: Money
    returned: Money
    unpaid: Money

    @property
    def whole(self) -> Money:
        return self.held + self.released + self.returned + self.unpaid

    @property
    def bar(self) -> list[tuple[str, int, int]]:
        """Return the parts of a bar of a thousand units: name, start and length."""
        parts = {"released": self.released, "held": self.held, "returned": self.returned, "unpaid": self.unpaid}
        whole, drawn, begun = self.whole.amount_minor or 1, [], 0
        for name, part in parts.items():
            ends = begun + part.amount_minor
            drawn.append((name, 1000 * begun // whole, 1000 * ends // whole - 1000 * begun // whole))
            begun = ends
        return [one for one in drawn if one[2]]


@dataclass(frozen=True, slots=True)
class ContractPage:
    contract: Contract
    side: Actor | None  # None for moderators
    other: User
    kind: str | Promise
    rights: str | Promise
    ai_use: str | Promise
    cards: list[MilestoneCard]
    events: list[EventLine]
    amendment: Amendment | None
    money: ContractMoney | None  # None where only a royalty share pays
    share: ShareView | None
    desk: DeskLink | None
    covers: frozenset[str]  # public ids of delivered pictures that the viewer may use as the work's cover
    translations: frozenset[str]  # and of texts of which they may make the translated book

    @property
    def urgent(self) -> MilestoneCard | None:
        """Return the first milestone that waits for the viewer, else the first that is open; None once all ended."""
        if self.contract.ended_at is not None:
            return None
        waiting = [card for card in self.cards if card.waits_for_me]
        open_ones = [card for card in self.cards if not card.milestone.is_closed]
        return next(iter([*waiting, *open_ones]), None)


def contract_for(user: User, contract_id: str) -> Contract:
    """Return a contract that the person may see. Raises NotFound."""
    found = contracts().filter(public_id=contract_id).first()
    if found is None or not permissions.may_see(user, found):
        raise NotFound
    return found


def milestone_for(user: User, contract_id: str, milestone_id: str) -> Milestone:
    """Return a milestone of a contract that the person may see. Raises NotFound."""
    contract = contract_for(user, contract_id)
    found = next((one for one in contract.milestones.all() if one.public_id == milestone_id), None)
    if found is None:
        raise NotFound
    found.contract = contract
    return found


def contract_page(user: User, contract: Contract, at: datetime) -> ContractPage:
    """Return everything on the page of one contract."""
    side = permissions.side_of(user, contract)
    deliveries = Delivery.objects.select_related("revision_request").prefetch_related("files")
    found = Milestone.objects.filter(contract=contract).prefetch_related(
        Prefetch("deliveries", deliveries.order_by("-number")),
        Prefetch("divisions", Division.objects.filter(replaced_at=None).order_by("-pk")),
        Prefetch("cases", Case.objects.select_related("opened_by").order_by("-pk")),
        "settlements",
    )
    milestones = list(found.order_by("position"))
    for one in milestones:
        one.contract = contract
    return ContractPage(
        contract=contract,
        side=side,
        other=contract.client if side == Actor.PROVIDER else contract.provider,
        kind=ServiceKind(contract.kind).label,
        rights=RightsExtent(contract.terms.rights).label,
        ai_use=AiUse(contract.terms.ai_use).label,
        cards=[_card(one, step, side, at) for one, step in zip(milestones, next_steps(milestones, side), strict=True)],
        events=[
            line_of(one, currency=contract.currency, names_milestone=len(milestones) > 1)
            for one in contract.events.select_related("actor", "milestone").order_by("-pk")
        ],
        amendment=contract.amendments.filter(state=AmendmentState.PROPOSED).select_related("proposed_by").first(),
        money=_contract_money(milestones, contract.currency) if contract.currency else None,
        share=share_of(contract, at),
        desk=desk_of(contract, side),
        covers=covers_of(contract, side),
        translations=translations_of(contract, side),
    )


def _contract_money(milestones: Sequence[Milestone], currency: str) -> ContractMoney:
    unpaid = [one for one in milestones if one.funded_at is None and not one.is_closed]
    return ContractMoney(
        held=Money(sum(one.held_minor for one in milestones), currency),
        released=Money(sum(one.released_minor for one in milestones), currency),
        returned=Money(sum(one.returned_minor + one.taken_minor for one in milestones), currency),
        unpaid=Money(sum(one.amount_minor for one in unpaid), currency),
    )


def _card(milestone: Milestone, step: NextStep, side: Actor | None, at: datetime) -> MilestoneCard:
    divisions = open_divisions(milestone)
    theirs = [one for one in divisions if milestone.contract.client_id == one.proposed_by_id]
    by_client, by_provider = theirs, [one for one in divisions if one not in theirs]
    own, other = (by_provider, by_client) if side == Actor.PROVIDER else (by_client, by_provider)
    shown = next(iter(other), None)
    bank_decides = has_bank_to_decide(milestone)
    return MilestoneCard(
        milestone=milestone,
        tone=TONES.get(State(milestone.state), ""),
        money=_money(milestone) if milestone.amount_minor else None,
        next=step,
        actions=actions_of(milestone, side, at, bank_decides=bank_decides) if side is not None else [],
        deliveries=list(milestone.deliveries.all()),
        division=shown,
        division_net=net_of(shown.provider_minor, milestone) if shown is not None else None,
        own_division=next(iter(own), None),
        outcomes=[outcome_of(one, milestone, list(milestone.divisions.all())) for one in milestone.cases.all()],
        rounds_left=milestone.contract.terms.revision_rounds - milestone.rounds_used,
        canceled_by=milestone.contract.person(Actor(milestone.canceled_by)) if milestone.canceled_by else None,
        bank_decides=bank_decides,
    )


def _money(milestone: Milestone) -> MoneyLine:
    """Return the amounts as the ledger has booked them; before the first release, as it will."""
    currency, settlements = milestone.currency, list(milestone.settlements.all())
    released = milestone.released_minor
    is_expected = not released
    if not is_expected:
        fee = Money(sum(one.fee_minor for one in settlements), currency)
    elif milestone.rates is not None and not milestone.is_closed:
        fee = ledger.fee_of(released=milestone.amount, rates=milestone.rates)
    else:
        fee = Money(0, currency)
    whole = milestone.amount if is_expected and not milestone.is_closed else Money(released, currency)
    return MoneyLine(
        held=milestone.held,
        released=Money(released, currency),
        returned=Money(milestone.returned_minor + milestone.taken_minor, currency),
        fee=fee,
        net=whole - fee,
        is_expected=is_expected,
    )


def file_for(user: User, file_id: str) -> DeliveryFile:
    """Return a delivered file that the person may download. Raises NotFound."""
    rows = DeliveryFile.objects.select_related("delivery__milestone__contract__work")
    found = rows.filter(public_id=file_id).first()
    if found is None or not permissions.may_see(user, found.delivery.milestone.contract):
        raise NotFound
    return found
