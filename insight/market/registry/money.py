"""What goes back, who earns, what we take and what it costs."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from insight.market.alarms import Limit, NoAlarm, OwnSeries, Rise, Side
from insight.market.figure import AS_BEFORE, NOT_MORE, QUARTER, Figure, Group, Owner
from insight.market.periods import Cadence
from insight.market.selectors import concentration, costs, money_back
from insight.market.values import Unit

_BY_SALE = _("the month of the sale, whenever the money went back")
_RETURNS_CHANGE = 12  # months: a bank may dispute a payment for so long

MONEY_BACK = (
    Figure(
        code="refunds_by_count",
        group=Group.MONEY_BACK,
        name=_("Refunds, by count"),
        definition=_("The share of sold copies that were refunded in full or in part."),
        source="SaleRecord, SaleRefund",
        count=money_back.refunds_by_count,
        unit=Unit.SHARE,
        window=_BY_SALE,
        target=NOT_MORE,
        alarm=OwnSeries(Side.ABOVE),
        owner=Owner.FINANCE,
        cadence=Cadence.MONTH,
        again=_RETURNS_CHANGE,
    ),
    Figure(
        code="refunds_by_sum",
        group=Group.MONEY_BACK,
        name=_("Refunds, by sum"),
        definition=_("The share of what was paid for copies that was refunded, by currency."),
        source="SaleRecord, SaleRefund",
        count=money_back.refunds_by_sum,
        unit=Unit.SHARE,
        window=_BY_SALE,
        target=NOT_MORE,
        alarm=NoAlarm(),
        owner=Owner.FINANCE,
        cadence=Cadence.MONTH,
        again=_RETURNS_CHANGE,
    ),
    Figure(
        code="disputes_by_count",
        group=Group.MONEY_BACK,
        name=_("Bank disputes, by count"),
        definition=_(
            "The share of payments, for orders and milestones, that a bank disputed, however it ended. Card "
            "schemes act near 1%."
        ),
        source="SaleRecord, DisputedSale, MilestoneRecord, MilestoneDispute",
        count=money_back.disputes_by_count,
        unit=Unit.SHARE,
        window=_BY_SALE,
        target=_("under 0.75%"),
        alarm=Limit(high=75),
        owner=Owner.FINANCE,
        cadence=Cadence.MONTH,
        again=_RETURNS_CHANGE,
    ),
    Figure(
        code="disputes_by_sum",
        group=Group.MONEY_BACK,
        name=_("Bank disputes, by sum"),
        definition=_("The share of what was paid, for books and milestones, that a bank disputed, by currency."),
        source="SaleRecord, DisputedSale, MilestoneRecord, MilestoneDispute",
        count=money_back.disputes_by_sum,
        unit=Unit.SHARE,
        window=_BY_SALE,
        target=_("under 0.75%"),
        alarm=NoAlarm(),
        owner=Owner.FINANCE,
        cadence=Cadence.MONTH,
        again=_RETURNS_CHANGE,
    ),
    Figure(
        code="cases_by_count",
        group=Group.MONEY_BACK,
        name=_("Cases, by count"),
        definition=_("The share of paid milestones about which a client or a provider opened a case."),
        source="MilestoneRecord, Case",
        count=money_back.cases_by_count,
        unit=Unit.SHARE,
        window=_BY_SALE,
        target=NOT_MORE,
        alarm=OwnSeries(Side.ABOVE),
        owner=Owner.MODERATORS,
        cadence=Cadence.MONTH,
        again=_RETURNS_CHANGE,
    ),
    Figure(
        code="cases_by_sum",
        group=Group.MONEY_BACK,
        name=_("Cases, by sum"),
        definition=_("The share of what was paid for milestones that cases were about, by currency."),
        source="MilestoneRecord, Case",
        count=money_back.cases_by_sum,
        unit=Unit.SHARE,
        window=_BY_SALE,
        target=NOT_MORE,
        alarm=NoAlarm(),
        owner=Owner.MODERATORS,
        cadence=Cadence.MONTH,
        again=_RETURNS_CHANGE,
    ),
)

SPREAD = (
    Figure(
        code="top_tenth",
        group=Group.SPREAD,
        name=_("Royalties of the top tenth"),
        definition=_(
            "The share of all royalties that the tenth of the works on sale with the highest has, by currency. "
            "Works that earned nothing are in it."
        ),
        source="Listing, SaleRecord, SaleRefund",
        count=concentration.share_of_top_tenth,
        unit=Unit.SHARE,
        window=QUARTER,
        target=_("does not rise"),
        alarm=Rise(by=500, periods=13),
        owner=Owner.OPERATORS,
        again=0,
    ),
    Figure(
        code="gini",
        group=Group.SPREAD,
        name=_("Gini coefficient of royalties"),
        definition=_(
            "How unequal the royalties of all works on sale are, by currency: between all earning the same (0%) and "
            "one earning all (100%). Works that earned nothing are in it."
        ),
        source="Listing, SaleRecord, SaleRefund",
        count=concentration.inequality,
        unit=Unit.SHARE,
        window=QUARTER,
        target=_("does not rise"),
        alarm=Rise(by=500, periods=13),
        owner=Owner.OPERATORS,
        again=0,
    ),
)

COSTS = (
    Figure(
        code="take_rate",
        group=Group.COSTS,
        name=_("Take rate"),
        definition=_(
            "Platform and plan fees, divided by what was sold: books without tax and refunds, and work paid out to "
            "providers, by currency. Events are sales of books."
        ),
        source="JournalEntry, Posting, LedgerAccount, MilestoneSettlement",
        count=costs.take_rate,
        unit=Unit.SHARE,
        window=_("a month of the ledger"),
        target=AS_BEFORE,
        alarm=OwnSeries(Side.BOTH),
        owner=Owner.FINANCE,
        cadence=Cadence.MONTH,
    ),
    Figure(
        code="cost_per_sale",
        group=Group.COSTS,
        name=_("Cost to serve a sale"),
        definition=_(
            "Card, dispute and payout fees that we bear, promotions and bad debts, divided by the sales of books, "
            "by currency: all result accounts but our fees."
        ),
        source="JournalEntry, Posting, LedgerAccount",
        count=costs.cost_per_sale,
        unit=Unit.MONEY,
        window=_("a month of the ledger"),
        target=NOT_MORE,
        alarm=OwnSeries(Side.ABOVE),
        owner=Owner.FINANCE,
        cadence=Cadence.MONTH,
    ),
    Figure(
        code="left_per_sale",
        group=Group.COSTS,
        name=_("What a sale leaves us"),
        definition=_("All result accounts of the ledger together, divided by the sales of books, by currency."),
        source="JournalEntry, Posting, LedgerAccount",
        count=costs.left_per_sale,
        unit=Unit.MONEY,
        window=_("a month of the ledger"),
        target=_("above 0"),
        alarm=Limit(low=0, min_events=1, unit=Unit.COUNT),
        owner=Owner.FINANCE,
        cadence=Cadence.MONTH,
    ),
    Figure(
        code="worker_seconds",
        group=Group.COSTS,
        name=_("Conversion time by sale"),
        definition=_("Seconds that the month’s conversions took, divided by its sales of books."),
        source="ConversionJob, SaleRecord",
        count=costs.worker_seconds,
        unit=Unit.SECONDS,
        window=_("a month"),
        target=NOT_MORE,
        alarm=OwnSeries(Side.ABOVE),
        owner=Owner.OPERATORS,
        cadence=Cadence.MONTH,
    ),
)
