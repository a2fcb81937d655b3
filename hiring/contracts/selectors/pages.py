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
from hiring.contracts.models.contract import ContractQuerySet
from hiring.contracts.process import CASE_STATES, Actor, State
from hiring.contracts.selectors.acts import Action, actions_of
from hiring.contracts.selectors.desk import DeskLink, desk_of
from hiring.contracts.selectors.event_words import EventLine, line_of
from hiring.contracts.selectors.next_steps import NextStep, next_steps
from hiring.contracts.selectors.shares import ShareView, share_of
from hiring.contracts.selectors.usable_files import covers_of, translations_of
from hiring.service_kinds import ServiceKind
from royalties.selectors import milestones as ledger

_TONES = {
    State.FUNDED: "progress",
    State.IN_REVISION: "progress",
    State.DELIVERED: "caution",
    State.PAYING: "progress",
    State.IN_CASE: "danger",
    State.TO_DECIDE: "danger",
    State.DECIDED: "danger",
    State.APPEALED: "danger",
    State.FROZEN: "danger",
    State.TAKEN: "danger",
    State.ACCEPTED: "success",
    State.RELEASED: "success",
    State.SETTLED: "success",
}


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
    own_division: Division | None
    case: Case | None
    rounds_left: int
    canceled_by: User | None  # who ended it, where all of the money went back

    @property
    def label(self) -> str | Promise:
        return State(self.milestone.state).label


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
        waiting = [card for card in self.cards if card.next.waits_for_me]
        open_ones = [card for card in self.cards if not card.milestone.is_closed]
        return next(iter([*waiting, *open_ones]), None)


@dataclass(frozen=True, slots=True)
class ContractRow:
    contract: Contract
    side: Actor
    other: User
    step: NextStep | None
    label: str | Promise
    tone: str
    held: Money | None


def _contracts() -> ContractQuerySet:
    milestones = Milestone.objects.order_by("position").prefetch_related(
        Prefetch("cases", Case.objects.select_related("opened_by"))
    )
    rows = Contract.objects.all().select_related("client", "provider", "work")
    return rows.prefetch_related(Prefetch("milestones", milestones))


def contracts_of(user: User) -> list[ContractRow]:
    """Return the person's contracts: those that wait for them, then open ones, then ended ones, newest first."""
    rows = [_row(contract, user) for contract in _contracts().of(user).order_by("-opened_at", "-pk")]
    return sorted(
        rows, key=lambda row: (row.contract.ended_at is not None, not (row.step is not None and row.step.waits_for_me))
    )


def waiting_for(user: User) -> int:
    """Return how many open contracts wait for the person."""
    rows = (_row(contract, user) for contract in _contracts().of(user).open())
    return sum(row.step is not None and row.step.waits_for_me for row in rows)


def _row(contract: Contract, user: User) -> ContractRow:
    side = contract.side_of(user) or Actor.CLIENT
    milestones = list(contract.milestones.all())
    for one in milestones:
        one.contract = contract
    pairs = zip(milestones, next_steps(milestones, side), strict=True)
    steps = [(one, step) for one, step in pairs if not one.is_closed]
    steps.sort(key=lambda pair: not pair[1].waits_for_me)
    shown, step = steps[0] if steps else (milestones[-1], None)
    held = sum(one.held_minor for one in milestones)
    return ContractRow(
        contract=contract,
        side=side,
        other=contract.provider if side == Actor.CLIENT else contract.client,
        step=step,
        label=State(shown.state).label,
        tone=_TONES.get(State(shown.state), ""),
        held=Money(held, contract.currency) if contract.currency else None,
    )


def contract_for(user: User, contract_id: str) -> Contract:
    """Return a contract that the person may see. Raises NotFound."""
    found = _contracts().filter(public_id=contract_id).first()
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
        Prefetch("divisions", Division.objects.filter(replaced_at=None, accepted_at=None).order_by("-pk")),
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
    divisions = [] if milestone.is_closed else [one for one in milestone.divisions.all() if _fits(one, milestone)]
    for one in divisions:
        one.milestone = milestone
    theirs = [one for one in divisions if milestone.contract.client_id == one.proposed_by_id]
    by_client, by_provider = theirs, [one for one in divisions if one not in theirs]
    own, other = (by_provider, by_client) if side == Actor.PROVIDER else (by_client, by_provider)
    return MilestoneCard(
        milestone=milestone,
        tone=_TONES.get(State(milestone.state), ""),
        money=_money(milestone) if milestone.amount_minor else None,
        next=step,
        actions=actions_of(milestone, side, at) if side is not None else [],
        deliveries=list(milestone.deliveries.all()),
        division=next(iter(other), None),
        own_division=next(iter(own), None),
        case=next(iter(milestone.cases.all()), None),
        rounds_left=milestone.contract.terms.revision_rounds - milestone.rounds_used,
        canceled_by=milestone.contract.person(Actor(milestone.canceled_by)) if milestone.canceled_by else None,
    )


def _fits(division: Division, milestone: Milestone) -> bool:
    """Whether a proposal still divides what there is to divide."""
    case = next((one for one in milestone.cases.all() if one.closed_at is None), None)
    return division.whole_minor == (case.amount_minor if case is not None else milestone.held_minor)


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


def case_for(user: User, case_id: str) -> Case:
    """Return a case that the person may see: its sides, and moderators. Raises NotFound."""
    rows = Case.objects.select_related(
        *("milestone__contract__client", "milestone__contract__provider", "milestone__contract__work"),
        *("opened_by", "decided_by", "appealed_by", "appeal_decided_by", "settlement"),
    )
    found = rows.filter(public_id=case_id).first()
    if found is None or not permissions.may_see(user, found.milestone.contract):
        raise NotFound
    return found


def cases_to_decide() -> Sequence[Case]:
    """Return cases that wait for a person, those that wait longest first."""
    rows = Case.objects.waiting().select_related("milestone__contract__client", "milestone__contract__provider")
    return list(rows.order_by("milestone__since", "pk"))


def count_cases_to_decide() -> int:
    return Case.objects.waiting().count()


def cases_in_progress() -> Sequence[Case]:
    """Return open cases that wait for a side or the clock."""
    rows = Case.objects.open().filter(milestone__state__in=CASE_STATES - {State.TO_DECIDE, State.APPEALED})
    return list(rows.select_related("milestone__contract").order_by("milestone__since", "pk"))
