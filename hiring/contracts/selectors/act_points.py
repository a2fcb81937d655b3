"""What a step means in full, point by point: what happens to how much money, who must agree, and what of the rest."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.templatetags.money import money
from hiring.contracts.models import Case, Milestone
from hiring.contracts.process import Act, Actor, State


def points_of(act: Act, milestone: Milestone, side: Actor) -> list[str]:
    """Return what the page of a step explains beside its one sentence; none for most steps."""
    case = next((one for one in milestone.cases.all() if one.closed_at is None), None)
    if act == Act.PROPOSE_DIVISION:
        return _division(milestone, side, case)
    if act == Act.WITHDRAW_CASE and case is not None:
        return _withdrawal(milestone, case)
    return []


def _division(milestone: Milestone, side: Actor, case: Case | None) -> list[str]:
    contract = milestone.contract
    facts = {
        "amount": money(case.amount if case is not None else milestone.held),
        "milestone": milestone.title,
        "other": contract.person(Actor.PROVIDER if side == Actor.CLIENT else Actor.CLIENT).display_name,
        "released": money(milestone.released_minor, milestone.currency) if milestone.released_minor else "",
    }
    if case is not None:
        found = [
            _("The case is about %(amount)s. Of that, you say how much the provider gets; the client gets the rest.")
        ]
    else:
        found = [
            _(
                "%(amount)s is held for “%(milestone)s”. Of that, you say how much the provider gets; the client gets "
                "the rest back."
            )
        ]
    found.append(
        _(
            "The money is divided so only if %(other)s accepts. Then it is final: nobody decides about it, and there "
            "is no appeal."
        )
    )
    if case is not None:
        found.append(_("The case is closed with it. Until then the case goes on as it does now."))
    else:
        found.append(_("The milestone ends with it. Until then everything goes on as it does now, its clock too."))
    if milestone.released_minor and (case is None or case.settlement_id is None):
        found.append(_("What was released before (%(released)s) stays with the provider."))
    found.append(_("Our fee is taken from what the provider gets. What the client gets back bears none."))
    others = contract.milestones.open().exclude(pk=milestone.pk).count()
    if others:
        found.append(
            ngettext("One other milestone goes on.", "The %(count)d other milestones go on.", others)
            % {"count": others}
        )
    return [one % facts if "%(" in one else one for one in found]


def _withdrawal(milestone: Milestone, case: Case) -> list[str]:
    if case.settlement_id is not None:
        return [
            _(
                "The %(amount)s that it is about was accepted by silence. It is then the provider’s, and the milestone "
                "ends."
            )
            % {"amount": money(case.amount)},
        ]
    found = [
        _("%(amount)s stays held, and the milestone goes back to “%(state)s”.")
        % {"amount": money(case.amount), "state": State(case.state_before).label},
        _("Its clock goes on with the time that was left when the case was opened."),
    ]
    if case.amount_minor != milestone.amount_minor:
        found.append(_("What was released when the case was opened stays released."))
    found.append(_("This is possible once for each milestone: another case about it is decided."))
    return found
