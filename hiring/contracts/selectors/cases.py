"""Cases: who may see them, what became of each, and the moderators' queue."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise

from accounts.models import User
from common.errors import NotFound
from common.money import Money
from hiring.contracts import permissions, process
from hiring.contracts.models import Case, CaseFile, CaseStatement, Division, Milestone
from hiring.contracts.process import CASE_STATES, Act, Actor, Guard, ShareRuling, State
from royalties.selectors import milestones as ledger


@dataclass(frozen=True, slots=True)
class Ruling:
    """What a person decided. `net` is what is left of the provider's part after our fee; `share` is the ruling about a
    milestone that a royalty share alone pays for, "" where money is divided.
    """

    provider: Money
    client: Money
    net: Money
    reason: str
    decided_at: datetime
    is_appeal: bool
    share: str | Promise = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a case so far: at most two rulings, or what both agreed, or its withdrawal.

    Both sides may appeal until `appeal_until`. `is_final`: the newest ruling was carried out.
    """

    case: Case
    rulings: list[Ruling]
    appeal_until: datetime | None
    is_final: bool
    agreed: Division | None

    @property
    def is_open(self) -> bool:
        return not self.rulings and self.case.closed_at is None


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


def file_for(user: User, file_id: str) -> CaseFile:
    """Return a file that was shown in a case that the person may see. Raises NotFound."""
    rows = CaseFile.objects.select_related("statement__case__milestone__contract__work")
    found = rows.filter(public_id=file_id).first()
    if found is None or not permissions.may_see(user, found.statement.case.milestone.contract):
        raise NotFound
    return found


def statements_of(case: Case) -> list[CaseStatement]:
    """Return what both sides have said since the case was opened, in order, with their files."""
    return list(case.statements.select_related("author").prefetch_related("files"))


def writing_act(case: Case, side: Actor | None, at: datetime) -> Act | None:
    """Return what a side does by writing in the case now: it answers, or adds to what was said; None if it may not."""
    milestone = case.milestone
    if side is None or case.closed_at is not None:
        return None
    is_opener = milestone.contract.side_of(case.opened_by) == side
    rows = process.acts_of(State(milestone.state), side, milestone.moments, at)
    for row in rows:
        is_barred = (row.guard == Guard.NOT_THE_OPENER and is_opener) or (
            row.guard == Guard.THE_OPENER and not is_opener
        )
        if row.act in {Act.ANSWER, Act.WRITE_IN_CASE} and not is_barred:
            return row.act
    return None


def outcome_of(case: Case, milestone: Milestone, divisions: Sequence[Division]) -> Outcome:
    """Return what became of a case; `divisions` are those of its milestone that were accepted."""
    agreed = next((one for one in divisions if one.accepted_at and one.accepted_at == case.closed_at), None)
    is_decided = milestone.state == State.DECIDED and case.closed_at is None
    rulings = _rulings(case, milestone, agreed)
    return Outcome(
        case=case,
        rulings=rulings,
        appeal_until=milestone.moments.of(process.APPEAL_ENDS) if is_decided else None,
        is_final=bool(rulings) and case.closed_at is not None and agreed is None and _is_carried_out(case, milestone),
        agreed=agreed,
    )


def _is_carried_out(case: Case, milestone: Milestone) -> bool:
    """Return whether the decision of a closed case was booked: a bank may have taken the money before."""
    return case.is_about_share or milestone.state == State.SETTLED


def _rulings(case: Case, milestone: Milestone, agreed: Division | None) -> list[Ruling]:
    told = [(case.provider_minor, case.decision, case.decided_at, case.share_ruling, False)]
    told.append(
        (case.appeal_provider_minor, case.appeal_decision, case.appeal_decided_at, case.appeal_share_ruling, True)
    )
    besides = _released_besides(case, milestone, agreed)
    return [
        Ruling(
            provider=Money(minor, milestone.currency),
            client=Money(case.amount_minor - minor, milestone.currency),
            net=net_of(minor, milestone, released_minor=besides),
            reason=reason,
            decided_at=decided_at,
            is_appeal=is_appeal,
            share=ShareRuling(ruling).label if ruling else "",
        )
        for minor, reason, decided_at, ruling, is_appeal in told
        if minor is not None and decided_at is not None
    ]


def net_of(minor: int, milestone: Milestone, *, released_minor: int | None = None) -> Money:
    """Return what is left to the provider after our fee, if that much is released besides what was released."""
    currency = milestone.currency
    part, released = Money(minor, currency), Money(released_minor or 0, currency)
    if released_minor is None:
        open_case = next((one for one in milestone.cases.all() if one.closed_at is None), None)
        released = Money(milestone.released_minor, currency)
        if open_case is not None:
            released = Money(_released_besides(open_case, milestone, None), currency)
    if milestone.rates is None:
        return part
    before = ledger.fee_of(released=released, rates=milestone.rates)
    return part - (ledger.fee_of(released=released + part, rates=milestone.rates) - before)


def _released_besides(case: Case, milestone: Milestone, agreed: Division | None) -> int:
    """Return what was released of the milestone without what the case is about: our fee is that of all together."""
    released = milestone.released_minor
    if case.closed_at is None:
        return released - (case.amount_minor if case.settlement_id is not None else 0)
    final = case.decided_for_provider
    booked = agreed.provider_minor if agreed is not None else final.amount_minor if final is not None else 0
    return max(released - booked, 0)


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
