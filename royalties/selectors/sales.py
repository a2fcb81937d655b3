"""Where the money of one sale went, and where it is now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import User
from common.money import Money
from common.templatetags.money import day
from royalties.errors import SaleUnknown
from royalties.models import JournalEntry, SaleRecord, SaleState


@dataclass(frozen=True, slots=True)
class ShareOf:
    """One contributor's part of a royalty."""

    user: User
    share_bps: int
    amount: Money


@dataclass(frozen=True, slots=True)
class SaleBreakdown:
    """paid + promotion = tax + processor_fee + platform_fee + royalty, and the shares add up to the royalty.

    `list_price` is what the author asks. `entry_ids` are the journal entries of the sale in order: sale, then clearing
    or refund.
    """

    reference: str
    order_reference: str
    work_id: int
    title: str
    edition_label: str
    list_price: Money
    paid: Money
    promotion: Money
    tax: Money
    tax_country: str
    tax_rate_bps: int
    processor_fee: Money
    platform_fee: Money
    royalty: Money
    terms: str
    shares: tuple[ShareOf, ...]
    state: str
    sold_at: datetime
    clears_at: datetime
    cleared_at: datetime | None
    refunded_at: datetime | None
    entry_ids: tuple[int, ...]

    @property
    def net(self) -> Money:
        """The paid price without tax."""
        return self.paid - self.tax

    @property
    def state_note(self) -> str:
        """Since when or until when the sale is in its state, in a few words."""
        match self.state:
            case SaleState.CLEARING:
                return _("clears %(day)s") % {"day": day(self.clears_at)}
            case SaleState.CLEARED:
                return day(self.cleared_at)
            case SaleState.DISPUTED:
                return _("until the bank decides")
            case _:
                return day(self.refunded_at)

    @property
    def state_told(self) -> str:
        """What the state of the sale means for its contributors, in a sentence."""
        match self.state:
            case SaleState.CLEARING:
                text = _("Becomes payable on %(day)s, unless the reader returns the book before then.")
                return text % {"day": day(self.clears_at)}
            case SaleState.CLEARED:
                return _("Payable since %(day)s.") % {"day": day(self.cleared_at)}
            case SaleState.DISPUTED:
                return _(
                    "The reader’s bank took the payment back. Your share is held until the bank decides. If we win "
                    "the dispute, your share is released again."
                )
            case _:
                text = _("Returned on %(day)s. The platform pays the card fee.")
                return text % {"day": day(self.refunded_at)}


def breakdown_of(reference: str) -> SaleBreakdown:
    """Return the breakdown of the sale. Raises SaleUnknown."""
    rows = SaleRecord.objects.select_related("work", "edition", "terms").prefetch_related("shares__user")
    sale = rows.filter(reference=reference).first()
    if sale is None:
        raise SaleUnknown(reference=reference)
    own = Q(reference=reference) | Q(external_id=f"deferred:{reference}")
    entry_ids = JournalEntry.objects.filter(own).order_by("pk").values_list("pk", flat=True)
    return SaleBreakdown(
        reference=sale.reference,
        order_reference=sale.order_reference,
        work_id=sale.work_id,
        title=str(sale.work),
        edition_label=sale.edition.label,
        list_price=Money(sale.list_price_minor, sale.currency),
        paid=Money(sale.paid_minor, sale.currency),
        promotion=Money(sale.promotion_minor, sale.currency),
        tax=Money(sale.tax_minor, sale.currency),
        tax_country=sale.tax_country,
        tax_rate_bps=sale.tax_rate_bps,
        processor_fee=Money(sale.processor_fee_minor, sale.currency),
        platform_fee=Money(sale.platform_fee_minor, sale.currency),
        royalty=Money(sale.royalty_minor, sale.currency),
        terms=str(sale.terms),
        shares=tuple(
            ShareOf(share.user, share.share_bps, Money(share.amount_minor, sale.currency))
            for share in sale.shares.all()
        ),
        state=sale.state,
        sold_at=sale.sold_at,
        clears_at=sale.clears_at,
        cleared_at=sale.cleared_at,
        refunded_at=sale.refunded_at,
        entry_ids=tuple(entry_ids),
    )
