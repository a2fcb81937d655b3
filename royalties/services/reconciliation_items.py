"""What people do about an item on which our books and the provider disagree.

They explain it, ask to set it aside until a day, propose an entry that corrects our books, or say which of our entries
it is. All but the explanation need a second person. Lock order: the reconciliation, then the proposal, then items by
primary key.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from accounts import services as account_services
from accounts.models import User
from common.errors import NotAllowed
from common.money import Money
from royalties import permissions
from royalties.chart import AccountKind
from royalties.errors import (
    ExplanationRefused,
    HandMatchDecided,
    HandMatchRefused,
    ItemAgrees,
    ItemChanged,
    ItemExplainedMeanwhile,
    ItemHasProposal,
    ManualEntryRefused,
    ProposalIsYours,
    SetAsideDecided,
)
from royalties.models import (
    ChainLink,
    HandMatch,
    ItemExplanation,
    JournalEntry,
    ManualEntry,
    ManualKind,
    ManualState,
    Posting,
    ProviderAgainst,
    ReconciliationItem,
    ReconciliationRun,
    SetAside,
)
from royalties.selectors import match_keys
from royalties.services import reconciliation

# Nothing is on its way for longer than this; then somebody should look again.
SET_ASIDE_DAYS = 92


@transaction.atomic
def explain(
    *, actor: User, item: ReconciliationItem, reason: str, seen: int, until: datetime | None, at: datetime
) -> ItemExplanation:
    """Explain why an item does not agree, and with `until` ask that it keep no month open before then.

    A second person agrees to that (`approve_set_aside`). Without `until`, an item that was set aside holds the month
    again. `seen` is the number of explanations that the person has read. Raises NotAllowed, ExplanationRefused,
    ItemAgrees, ItemExplainedMeanwhile, and ItemHasProposal while somebody else's request to set it aside is undecided.
    """
    _may_explain(actor)
    reason = reason.strip()
    if not reason or (until is not None and not at < until <= at + timedelta(days=SET_ASIDE_DAYS)):
        raise ExplanationRefused(days=SET_ASIDE_DAYS)
    item = _locked_open(item)  # races with another person's explanation
    newest = item.explanations.select_related("explained_by").first()
    if newest is not None and newest.number > seen:
        raise ItemExplainedMeanwhile(person=newest.explained_by)
    explanation = ItemExplanation.objects.create(
        item=item,
        number=newest.number + 1 if newest else 1,
        reason=reason[:500],
        difference_minor=item.difference_minor,
        set_aside_until=until,
        explained_by=actor,
        explained_at=at,
    )
    if until is None:
        item.set_asides.in_force(at).update(ended_at=at)
    else:
        _propose_set_aside(explanation, until)
    facts: dict[str, str | int] = {"number": explanation.number}
    if until is not None:
        facts["until"] = until.date().isoformat()
    account_services.record_audit(actor=actor, verb="reconciliation.explained", subject=item, facts=facts)
    return explanation


def _propose_set_aside(explanation: ItemExplanation, until: datetime) -> None:
    """Request that the item be set aside, unless a request is waiting. Call with the item locked."""
    item = explanation.item
    if item.set_asides.filter(state=ManualState.PROPOSED).exists():
        raise ItemHasProposal
    SetAside.objects.create(
        item=item,
        explanation=explanation,
        until=until,
        difference_minor=explanation.difference_minor,
        proposed_by=explanation.explained_by,
        proposed_at=explanation.explained_at,
    )


@transaction.atomic
def approve_set_aside(*, actor: User, set_aside: SetAside, at: datetime) -> SetAside:
    """Let an item that somebody else explained keep no month open until the day they named.

    Raises NotAllowed, ProposalIsYours, SetAsideDecided, ItemAgrees, ItemChanged, and ExplanationRefused if the day is
    over.
    """
    if not permissions.may_decide_items(actor):
        raise NotAllowed
    set_aside = _undecided_set_aside(set_aside)
    item = _locked_open(set_aside.item)  # races with a comparison that changes the difference
    if set_aside.proposed_by_id == actor.pk:
        raise ProposalIsYours
    if item.difference_minor != set_aside.difference_minor:
        raise ItemChanged(item=item.key)
    if set_aside.until <= at:
        raise ExplanationRefused(days=SET_ASIDE_DAYS)
    return _decide_set_aside(actor, set_aside, ManualState.APPROVED, at)


@transaction.atomic
def decline_set_aside(*, actor: User, set_aside: SetAside, at: datetime) -> SetAside:
    """Decline a request to set an item aside; one's own, too. Raises NotAllowed, SetAsideDecided."""
    if not permissions.may_decide_items(actor):
        raise NotAllowed
    return _decide_set_aside(actor, _undecided_set_aside(set_aside), ManualState.DECLINED, at)


def _undecided_set_aside(set_aside: SetAside) -> SetAside:
    set_aside = SetAside.objects.select_for_update().get(pk=set_aside.pk)
    if set_aside.state != ManualState.PROPOSED:
        raise SetAsideDecided(state=set_aside.get_state_display().lower())
    return set_aside


def _decide_set_aside(actor: User, set_aside: SetAside, state: ManualState, at: datetime) -> SetAside:
    set_aside.state, set_aside.decided_by, set_aside.decided_at = state, actor, at
    set_aside.save(update_fields=["state", "decided_by", "decided_at"])
    facts: dict[str, str | int] = {"until": set_aside.until.date().isoformat()}
    account_services.record_audit(
        actor=actor, verb=f"reconciliation.set_aside_{state.value}", subject=set_aside, facts=facts
    )
    return set_aside


@transaction.atomic
def propose_correction(
    *, actor: User, item: ReconciliationItem, against: ProviderAgainst, reason: str, at: datetime
) -> ManualEntry:
    """Propose an entry over the whole difference; `corrections.approve` books it, and the next run finds it.

    Raises NotAllowed, ManualEntryRefused, ItemAgrees, ItemHasProposal.
    """
    _may_explain(actor)
    if not reason.strip():
        raise ManualEntryRefused
    item = _locked_without_proposal(item)
    correction = ManualEntry.objects.create(
        kind=ManualKind.PROVIDER,
        item=item,
        against=against,
        currency=item.currency,
        amount_minor=item.difference_minor,
        reason=reason.strip()[:300],
        proposed_by=actor,
        proposed_at=at,
    )
    facts: dict[str, str | int] = {"amount": str(Money(correction.amount_minor, item.currency)), "item": item.pk}
    account_services.record_audit(actor=actor, verb="manual.proposed", subject=correction, facts=facts)
    return correction


@transaction.atomic
def propose_match(*, actor: User, item: ReconciliationItem, entry_id: int, reason: str, at: datetime) -> HandMatch:
    """Propose that an entry found under another key is what the provider reports in this item.

    Raises NotAllowed, ItemAgrees, ItemHasProposal, and HandMatchRefused if the entry does not make up the difference
    exactly or already agrees with something else.
    """
    _may_explain(actor)
    if not reason.strip():
        raise HandMatchRefused(entry=entry_id, reason=_("a reason is missing"))
    item = _locked_without_proposal(item)
    holder = _holder_of(item, entry_id)
    try:
        with transaction.atomic():
            match = HandMatch.objects.create(
                item=item,
                entry_id=entry_id,
                currency=item.currency,
                amount_minor=item.difference_minor,
                reason=reason.strip()[:300],
                taken_from=holder,
                proposed_by=actor,
                proposed_at=at,
            )
    except IntegrityError as error:
        raise HandMatchRefused(entry=entry_id, reason=_("it is already matched manually with another item")) from error
    account_services.record_audit(
        actor=actor, verb="reconciliation.match_proposed", subject=match, facts={"item": item.pk, "entry": entry_id}
    )
    return match


@transaction.atomic
def approve_match(*, actor: User, match: HandMatch, at: datetime) -> HandMatch:
    """Move the entry to the item, as somebody else proposed. The proposal is checked again.

    Raises NotAllowed, ProposalIsYours, HandMatchDecided, ItemAgrees, HandMatchRefused.
    """
    reconciliation.lock_reconciliation()  # a run holds its items in memory
    match = _undecided(actor, match)
    if match.proposed_by_id == actor.pk:
        raise ProposalIsYours
    items = {
        item.pk: item
        for item in ReconciliationItem.objects.select_for_update()
        .filter(pk__in=[match.item_id, match.taken_from_id])
        .order_by("pk")
    }
    item, holder = items[match.item_id], items[match.taken_from_id]
    if not item.is_open:
        raise ItemAgrees(item=item.key)
    if _holder_of(item, match.entry_id) != holder:
        raise HandMatchRefused(entry=match.entry_id, reason=_("it now belongs to another item"))
    _move(match, holder, item, at)
    return _decide(actor, match, ManualState.APPROVED, at)


@transaction.atomic
def decline_match(*, actor: User, match: HandMatch, at: datetime) -> HandMatch:
    """Decline a proposed match; one's own, too. Raises NotAllowed, HandMatchDecided."""
    return _decide(actor, _undecided(actor, match), ManualState.DECLINED, at)


def _may_explain(actor: User) -> None:
    if not permissions.may_explain_items(actor):
        raise NotAllowed


def _locked_open(item: ReconciliationItem) -> ReconciliationItem:
    item = ReconciliationItem.objects.select_for_update().get(pk=item.pk)
    if not item.is_open:
        raise ItemAgrees(item=item.key)
    return item


def _locked_without_proposal(item: ReconciliationItem) -> ReconciliationItem:
    """Return the locked item. Only one proposal at a time: two that each make up the difference would do it twice."""
    item = _locked_open(item)
    proposed = {"item": item, "state": ManualState.PROPOSED}
    if HandMatch.objects.filter(**proposed).exists() or ManualEntry.objects.filter(**proposed).exists():
        raise ItemHasProposal
    # Booked, but not yet read by a run: until then the item still shows the difference.
    read = ChainLink.objects.filter(position__lte=_last_position()).values("entry")
    if ManualEntry.objects.filter(item=item, state=ManualState.APPROVED).exclude(entry__in=read).exists():
        raise ItemHasProposal
    return item


def _last_position() -> int:
    last = ReconciliationRun.objects.first()
    return last.chain_position if last else 0


def _holder_of(item: ReconciliationItem, entry_id: int) -> ReconciliationItem:
    """Return the item under whose key the entry is. Raises HandMatchRefused if it cannot be moved from there."""
    entry = JournalEntry.objects.select_related("link").filter(pk=entry_id).first()
    if entry is None:
        raise HandMatchRefused(entry=entry_id, reason=_("there is no such entry"))
    link = getattr(entry, "link", None)
    if link is None or link.position > _last_position():
        raise HandMatchRefused(entry=entry_id, reason=_("the reconciliation has not processed it yet"))
    moved = Posting.objects.filter(
        entry=entry, currency=item.currency, account__kind=AccountKind.STRIPE_BALANCE.value
    ).aggregate(total=Sum("amount_minor"))["total"]
    if moved is None:
        why = _("it moves no %(currency)s at the provider") % {"currency": item.currency}
        raise HandMatchRefused(entry=entry_id, reason=why)
    if moved != item.difference_minor:
        amounts = {"moved": Money(moved, item.currency), "missing": Money(item.difference_minor, item.currency)}
        raise HandMatchRefused(
            entry=entry_id, reason=_("it moves %(moved)s, but the difference is %(missing)s") % amounts
        )
    if HandMatch.objects.filter(entry=entry, currency=item.currency, state=ManualState.APPROVED).exists():
        raise HandMatchRefused(entry=entry_id, reason=_("it was already matched manually"))
    key = match_keys.keys_of([entry])[entry.pk]
    holder = ReconciliationItem.objects.open().filter(key=key, currency=item.currency).first()
    if holder is None or holder.pk == item.pk:
        raise HandMatchRefused(entry=entry_id, reason=_("it already agrees with the provider’s record"))
    return holder


def _move(match: HandMatch, holder: ReconciliationItem, item: ReconciliationItem, at: datetime) -> None:
    item.ledger_minor += match.amount_minor
    item.ledger_at = max(item.ledger_at or match.entry.occurred_at, match.entry.occurred_at)
    holder.ledger_minor -= match.amount_minor
    if not holder.ledger_minor:
        holder.ledger_at = None
    for each in (item, holder):
        reconciliation.judge(each, at)
        each.save(update_fields=["ledger_minor", "ledger_at", "state", "opened_at", "settled_at"])


def _undecided(actor: User, match: HandMatch) -> HandMatch:
    if not permissions.may_decide_items(actor):
        raise NotAllowed
    match = HandMatch.objects.select_for_update(of=("self",)).select_related("entry").get(pk=match.pk)
    if match.state != ManualState.PROPOSED:
        raise HandMatchDecided(state=match.get_state_display().lower())
    return match


def _decide(actor: User, match: HandMatch, state: ManualState, at: datetime) -> HandMatch:
    match.state, match.decided_by, match.decided_at = state, actor, at
    match.save(update_fields=["state", "decided_by", "decided_at"])
    account_services.record_audit(actor=actor, verb=f"reconciliation.match_{state.value}", subject=match)
    return match
