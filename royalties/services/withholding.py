"""Tax withheld when a royalty becomes payable, given back with returns, and paid on to the tax office.

The law counts a royalty as paid when its owner could have it; here that is the end of the refund window. The form valid
on that day decides. Tax that was remitted before it had to be given back comes out of what is withheld next.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q, Sum

from accounts import services as account_services
from accounts.models import User
from common.errors import NotAllowed
from common.money import Money, allocate, apply_bps
from royalties import chart, entries, permissions
from royalties.chart import AccountKind, AccountName
from royalties.errors import ApproverIsProposer, RemittanceDecided, RemittanceRefused, WithholdingRuleRefused
from royalties.models import (
    CertificateState,
    ClaimHold,
    Remittance,
    RemittanceState,
    SaleRecord,
    SaleRefund,
    SaleShare,
    TaxCertificate,
    Withholding,
    WithholdingReturn,
    WithholdingRule,
)
from royalties.models.withholding import HIGHEST_RATE_BPS
from royalties.selectors.withholding import COUNTRY, Rates
from royalties.services import ledger
from royalties.services.ledger import Posted

_BATCH = 500
_LATELY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Withheld:
    """What is withheld from one share that becomes payable: the row to write and its entry, empty for nothing."""

    row: Withholding
    draft: entries.Draft
    moved_by: str  # the event that made it payable


@transaction.atomic
def enter_rule(*, rate_bps: int, effective_at: datetime, source: str) -> WithholdingRule:
    """Withhold this rate without a form from a moment on; 0 ends it. The latest row in force counts.

    Raises WithholdingRuleRefused for a rate out of range, no source, or a moment that has a rule.
    """
    is_known = WithholdingRule.objects.filter(country=COUNTRY, effective_at=effective_at).exists()
    if not 0 <= rate_bps <= HIGHEST_RATE_BPS or not source.strip() or is_known:
        raise WithholdingRuleRefused
    rule = WithholdingRule.objects.create(
        country=COUNTRY, effective_at=effective_at, rate_bps=rate_bps, source=source.strip()[:200]
    )
    facts: dict[str, str | int] = {"rate_bps": rate_bps, "from": effective_at.isoformat()}
    account_services.record_audit(actor=None, verb="withholding.ruled", subject=rule, facts=facts)
    return rule


def to_withhold(sales: Sequence[SaleRecord]) -> list[Withheld]:
    """Return what is withheld from sales whose royalties become payable now. Nothing is written.

    The sales come with their shares and users.
    """
    due = [sale for sale in sales if sale.tax_country == COUNTRY]
    rates = Rates(share.user_id for sale in due for share in sale.shares.all()) if due else None
    if rates is None or not rates.rules:
        return []
    return [
        _withheld(sale, share, rates)
        for sale in due
        for share in sale.shares.all()
        if share.kept_minor and rates.without_form_bps(sale.clears_at)
    ]


def store(withheld: Iterable[Withheld], posted: Mapping[str, Posted]) -> None:
    """Write the rows with their entries. `posted` has these, and the clearing of each sale, by their event names."""
    rows = []
    for each in withheld:
        own = posted.get(each.draft.external_id)
        each.row.entry_id = own.entry_id if own else None
        each.row.period = str((own or posted[each.moved_by]).period)
        rows.append(each.row)
    Withholding.objects.bulk_create(rows)


def is_taxed(sale: SaleRecord) -> bool:
    """Return whether tax may be withheld from the sale's royalties."""
    return bool(sale.tax_country == COUNTRY)


def to_withhold_from_winners(holds: Sequence[ClaimHold], at: datetime) -> list[Withheld]:
    """Return what is withheld from winners of claims for what they get of sales, under their own form of today.

    Nothing is written. The rows come with the claim's winner, the share's user and sale.
    """
    due = [each for each in holds if each.claimed.winner is not None and is_taxed(each.share.sale)]
    rates = Rates(each.claimed.winner_id for each in due if each.claimed.winner_id is not None) if due else None
    if rates is None or not rates.without_form_bps(at):
        return []
    return [_from_winner(each, rates, at) for each in due]


def give_back_claimed(parts: Sequence[tuple[ClaimHold, int]], *, at: datetime) -> bool:
    """Give back to contributors the tax on the part of their shares that the winner of a claim gets.

    What the claim could not hold because it was withheld is held now. Return False, and do nothing, if that has to
    wait because the tax was remitted. Call under the sale's lock, with the accounts locked.
    """
    due = []
    for hold, gross in parts:
        row = Withholding.objects.filter(share=hold.share_id, claim_hold=None, amount_minor__gt=F("returned_minor"))
        for each in row.select_related("share"):
            back = allocate(each.left_minor, [gross, max(_basis_left(each) - gross, 0)])[0]
            if back:
                due.append((each, hold, gross, back))
    if any(hold.beyond_minor for _, hold, _, _ in due):
        account = (chart.withholding(due[0][0].country), due[0][0].currency)
        if ledger.lock_balances([account])[account] < sum(back for *_, back in due):
            return False
    for each, hold, gross, back in due:
        _return(each, back, basis=gross, refund=None, at=at, short=[hold])
    return True


def accounts_of(sale: SaleRecord) -> set[tuple[AccountName, str]]:
    """Return the accounts besides the contributors' that a return of the sale may touch, to be locked with them."""
    if sale.tax_country != COUNTRY or sale.cleared_at is None:
        return set()
    left = Withholding.objects.filter(share__sale=sale, amount_minor__gt=F("returned_minor"))
    return {(chart.withholding(COUNTRY), sale.currency)} if left.exists() else set()


def give_back(shares: Iterable[tuple[SaleShare, int]], *, refund: SaleRefund, at: datetime) -> None:
    """Give back, with each returned part of a royalty, the same part of what is still withheld from it.

    The last return takes all that is left. Call under the sale's lock, before the shares are lowered.
    """
    given = {share.pk: (share, amount) for share, amount in shares if amount}
    for row in Withholding.objects.filter(share__in=given, amount_minor__gt=F("returned_minor")).order_by("pk"):
        share, amount = given[row.share_id]
        back = allocate(row.left_minor, [amount, share.kept_minor - amount])[0]
        if back:
            _return(row, back, basis=amount, refund=refund, at=at)


@transaction.atomic
def settle_late_form(*, certificate: TaxCertificate, at: datetime) -> int:
    """Give back what a late form would have saved in the same calendar year. Return from how many sales.

    Only where no form was valid at all: a later form does not affect the time of an earlier one. Earlier years have
    been reported to the tax office, which gives tax back itself.
    """
    rows = Withholding.objects.filter(
        user=certificate.user_id, certificate=None, withheld_at__year=at.year, amount_minor__gt=F("returned_minor")
    )
    sales = list(rows.values_list("share__sale", flat=True))
    if not sales:
        return 0
    list(SaleRecord.objects.select_for_update().filter(pk__in=sales).order_by("pk"))  # races with a refund of them
    # Lock all accounts at once, in all currencies: returns one by one would lock them in another order.
    currencies = set(rows.values_list("currency", flat=True))
    owner = certificate.user.public_id
    ledger.lock_balances((name, currency) for currency in currencies for name in _accounts(COUNTRY, owner))
    rates = Rates([certificate.user_id])
    settled = 0
    for row in rows.select_related("share", "claim_hold").order_by("pk"):
        right = apply_bps(_basis_left(row), rates.under(certificate, row.withheld_at))
        if row.left_minor > right:
            short = ClaimHold.objects.filter(share=row.share_id, decided_at=None, beyond_minor__gt=0).order_by("pk")
            _return(row, row.left_minor - right, basis=0, refund=None, at=at, short=list(short))
            settled += 1
    return settled


def settle_late_forms(*, at: datetime) -> int:
    """Call `settle_late_form` for forms accepted within the last day, and for people with tax withheld within it.

    A form that was accepted while sales were clearing did not count for them, nor for a sale that cleared long after
    its day because of a dispute. Return from how many sales.
    """
    lately = Withholding.objects.filter(certificate=None, entry__recorded_at__gt=at - _LATELY).order_by()
    accepted = TaxCertificate.objects.filter(state=CertificateState.ACCEPTED).filter(
        Q(decided_at__gt=at - _LATELY) | Q(user__in=lately.values("user"))
    )
    return sum(settle_late_form(certificate=certificate, at=at) for certificate in accepted.order_by("pk"))


def give_back_waiting(*, at: datetime) -> int:
    """Give back what waited for newly withheld money, oldest first. Return how many."""
    waiting = WithholdingReturn.objects.filter(entry=None).order_by("pk").values_list("pk", flat=True)
    return sum(_book(pk, at) for pk in list(waiting[:_BATCH]))


@transaction.atomic
def propose_remittance(*, actor: User, amount: Money, note: str, at: datetime) -> Remittance:
    """Propose to pay withheld tax to the tax office. Raises NotAllowed, RemittanceRefused."""
    if not permissions.may_propose_payouts(actor):
        raise NotAllowed
    if amount.amount_minor <= 0 or not note.strip():
        raise RemittanceRefused
    remittance = Remittance.objects.create(
        country=COUNTRY,
        currency=amount.currency,
        amount_minor=amount.amount_minor,
        note=note.strip()[:200],
        proposed_by=actor,
        proposed_at=at,
    )
    facts: dict[str, str | int] = {"amount": str(amount)}
    account_services.record_audit(actor=actor, verb="remittance.proposed", subject=remittance, facts=facts)
    return remittance


@transaction.atomic
def decide_remittance(*, actor: User, remittance: Remittance, is_approved: bool, at: datetime) -> Remittance:
    """Book somebody else's proposal, or decline one; one's own, too.

    Raises NotAllowed, ApproverIsProposer, RemittanceDecided, RemittanceRefused for more than is owed there.
    """
    if not permissions.may_approve_payouts(actor):
        raise NotAllowed
    remittance = Remittance.objects.select_for_update(of=("self",)).get(pk=remittance.pk)
    if remittance.state != RemittanceState.PROPOSED:
        raise RemittanceDecided(state=remittance.get_state_display().lower())
    if is_approved:
        if actor.pk == remittance.proposed_by_id:
            raise ApproverIsProposer
        remittance.entry_id = _remit(remittance, at)
    remittance.state = RemittanceState.APPROVED if is_approved else RemittanceState.DECLINED
    remittance.decided_by, remittance.decided_at = actor, at
    remittance.save(update_fields=["state", "decided_by", "decided_at", "entry"])
    account_services.record_audit(actor=actor, verb=f"remittance.{remittance.state}", subject=remittance)
    return remittance


def _withheld(sale: SaleRecord, share: SaleShare, rates: Rates) -> Withheld:
    form = rates.form_of(share.user_id, sale.clears_at)
    rate_bps = rates.under(form, sale.clears_at)
    row = Withholding(
        share=share,
        user_id=share.user_id,
        certificate=form,
        country=sale.tax_country,
        currency=sale.currency,
        rate_bps=rate_bps,
        basis_minor=share.kept_minor,
        amount_minor=apply_bps(share.kept_minor, rate_bps),
        withheld_at=sale.clears_at,
    )
    draft = entries.withheld(
        reference=sale.reference,
        owner=share.user.public_id,
        country=sale.tax_country,
        currency=sale.currency,
        occurred_at=sale.clears_at,
        amount=row.amount_minor,
    )
    return Withheld(row, draft, moved_by=f"clearing:{sale.reference}")


def _from_winner(hold: ClaimHold, rates: Rates, at: datetime) -> Withheld:
    share, winner = hold.share, hold.claimed.winner
    if winner is None:
        raise ValueError("nobody has won it yet")
    form = rates.form_of(winner.pk, at)
    rate_bps = rates.under(form, at)
    row = Withholding(
        share=share,
        claim_hold=hold,
        user=winner,
        certificate=form,
        country=share.sale.tax_country,
        currency=share.currency,
        rate_bps=rate_bps,
        basis_minor=hold.won_minor,
        amount_minor=apply_bps(hold.won_minor, rate_bps),
        withheld_at=at,
    )
    draft = entries.withheld(
        reference=share.sale.reference,
        owner=winner.public_id,
        country=share.sale.tax_country,
        currency=share.currency,
        occurred_at=at,
        amount=row.amount_minor,
        claim=f"{hold.claimed.claim}:{share.user.public_id}",
    )
    return Withheld(row, draft, moved_by=entries.decision_of(hold.claimed.claim, share.sale.reference))


def _basis_left(row: Withholding) -> int:
    """Return what is left of the royalty that it was withheld from: less what the winners of claims have of it."""
    if row.claim_hold is not None:
        return row.claim_hold.won_minor
    won = ClaimHold.objects.filter(share=row.share_id).aggregate(n=Sum(F("paid_minor") - F("taken_minor"), default=0))
    return int(row.share.kept_minor - won["n"])


def _return(
    row: Withholding,
    amount: int,
    *,
    basis: int,
    refund: SaleRefund | None,
    at: datetime,
    short: Sequence[ClaimHold] = (),
) -> None:
    """Give back part of what was withheld; what claims are `short` of because of it comes first."""
    Withholding.objects.filter(pk=row.pk).update(returned_minor=F("returned_minor") + amount)
    back = WithholdingReturn.objects.create(
        withholding=row, refund=refund, basis_minor=basis, amount_minor=amount, decided_at=at
    )
    _book(back.pk, at, short=short)


@transaction.atomic
def _book(return_id: int, at: datetime, *, short: Sequence[ClaimHold] = ()) -> int:
    """Book one return as soon as the account has the money, first against its owner's debt. Return 1 if booked."""
    rows = WithholdingReturn.objects.select_for_update(of=("self",))
    back = rows.select_related("withholding__user", "withholding__share__sale").get(pk=return_id)
    row, owner = back.withholding, back.withholding.user.public_id
    lying, owed, payable = _accounts(row.country, owner)
    balances = ledger.lock_balances((name, row.currency) for name in (lying, owed, payable))
    if back.entry_id is not None or balances[lying, row.currency] < back.amount_minor:
        return 0
    to_claims = _make_up(short, back.amount_minor)
    draft = entries.withholding_returned(
        reference=row.share.sale.reference,
        external_id=str(back.pk),
        owner=owner,
        country=row.country,
        currency=row.currency,
        occurred_at=at,
        amount=back.amount_minor,
        to_debt=min(back.amount_minor - to_claims, balances[owed, row.currency]),
        to_claims=to_claims,
    )
    posted = ledger.post_one(draft)
    back.entry_id, back.period = posted.entry_id, str(posted.period)
    back.save(update_fields=["entry", "period"])
    return 1


def _make_up(short: Iterable[ClaimHold], amount: int) -> int:
    """Hold for claims what they are short of, as far as the amount goes. Return how much of it that took."""
    used = 0
    for hold in short:
        part = min(hold.beyond_minor, amount - used)
        hold.beyond_minor -= part
        hold.kept_minor += part
        hold.left_minor += part
        hold.save(update_fields=["beyond_minor", "kept_minor", "left_minor"])
        used += part
    return used


def _accounts(country: str, owner: str) -> tuple[AccountName, AccountName, AccountName]:
    """Return the accounts a return touches: the tax office's, and what the contributor owes and has payable."""
    kinds = (AccountKind.CONTRIBUTOR_RECEIVABLE, AccountKind.CONTRIBUTOR_PAYABLE)
    owed, payable = (chart.of_contributor(kind, owner) for kind in kinds)
    return chart.withholding(country), owed, payable


def _remit(remittance: Remittance, at: datetime) -> int:
    account = (chart.withholding(remittance.country), remittance.currency)
    lying = ledger.lock_balances([account])[account]
    if lying < remittance.amount_minor:
        raise RemittanceRefused
    draft = entries.withholding_remitted(
        external_id=remittance.public_id,
        country=remittance.country,
        currency=remittance.currency,
        occurred_at=at,
        amount=remittance.amount_minor,
    )
    return ledger.post_one(draft).entry_id
