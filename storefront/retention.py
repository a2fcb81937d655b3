"""What this app holds of people (accounts/schedule.py)."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.schedule import LAW_YEARS, Area, Erasure, Held, Rule
from storefront.models import (
    AccessRecord,
    Bundle,
    BundlePrice,
    BundleWork,
    BuyerTrace,
    Cart,
    CartLine,
    CaseOutcome,
    Coupon,
    CouponRedemption,
    Dispute,
    Entitlement,
    EvidencePack,
    Follow,
    FollowNotice,
    FraudWarning,
    Gift,
    HelpfulVote,
    LinkRequest,
    Order,
    OrderLine,
    Payment,
    Preorder,
    ReaderMail,
    ReadingPosition,
    Refund,
    Report,
    Review,
    ReviewCase,
    ReviewFlag,
    ReviewReply,
    ReviewVouch,
    Shelf,
    ShelfBook,
    Standing,
    Wish,
    WishAlert,
    Withdrawal,
    WithdrawnLine,
)

_ORDER = (
    "public_id",
    "state",
    "currency",
    "total_minor",
    "tax_country",
    "tax_evidence",
    "waiver_text_version",
    "waiver_at",
    "created_at",
    "paid_at",
    "refundable_until",
)
_LINE = ("public_id", "order__public_id", "title", "paid_minor", "tax_minor", "tax_rate_bps", "deferral", "supplied_at")
_CASE = (
    "public_id",
    "work__title",
    "state",
    "words",
    "rule",
    "outcome",
    "evidence",
    "reason",
    "decided_at",
    "appeal",
    "appealed_at",
    "appeal_outcome",
    "appeal_reason",
)
_SHELF = ("public_id", "title", "description", "visibility", "slug", "created_at", "changed_at")

RULES = (
    Rule(
        area=Area.BUYING,
        holds=_("Orders with their lines, prices and taxes, payments without any card, and what was given back."),
        purpose=_("To sell you books, for receipts, and because the law wants books with their vouchers."),
        kept=_("As long as the law wants: ten years."),
        erasure=Erasure.LAW,
        years=LAW_YEARS,
        left=_("All of it, without your name, address and words. It refers to the random identifier."),
        file="orders",
        tables=(
            Held(Order, of=("buyer",), copied=_ORDER),
            Held(OrderLine, of=("order__buyer",), copied=_LINE),
            Held(
                Payment,
                of=("order__buyer",),
                copied=("public_id", "order__public_id", "state", "provider_payment_id", "created_at"),
            ),
            Held(
                Refund,
                of=("payment__order__buyer",),
                by=("requested_by", "decided_by"),
                copied=("public_id", "line__public_id", "state", "amount_minor", "currency", "reason", "requested_at"),
            ),
            Held(
                Withdrawal,
                of=("order__buyer",),
                names=("name", "email"),
                copied=("public_id", "order__public_id", "name", "email", "declared_at"),
            ),
            Held(WithdrawnLine, of=("line__order__buyer",), copied=("line__public_id", "outcome")),
            Held(
                CouponRedemption,
                of=("user",),
                copied=("coupon__code", "order__public_id", "state", "claimed_at"),
            ),
            Held(
                Preorder,
                of=("line__order__buyer",),
                copied=("line__public_id", "told_date", "released_at", "canceled_at"),
            ),
        ),
    ),
    Rule(
        area=Area.BUYING,
        holds=_("Gifts: the address they were sent to, your words, and who opened them."),
        purpose=_("To bring them, and to tell you both what becomes of them."),
        kept=_("As long as the order; address and words until you delete the account."),
        erasure=Erasure.DELETED,
        left=_("That it was a gift. Of one that is not open yet the address, until it is."),
        file="orders",
        tables=(
            Held(
                Gift,
                of=("line__order__buyer", "redeemed_by"),
                names=("recipient",),
                copied=("public_id", "line__public_id", "recipient", "message", "deliver_on", "redeemed_at"),
            ),
        ),
    ),
    Rule(
        area=Area.BUYING,
        holds=_("Payments that your bank took back or called suspicious, and what we answered."),
        purpose=_("To show that the book was delivered."),
        kept=_("As long as the order. Our answer until you delete the account."),
        erasure=Erasure.LAW,
        years=LAW_YEARS,
        left=_("That there was a dispute, and how it ended."),
        file="orders",
        tables=(
            Held(
                Dispute,
                of=("payment__order__buyer",),
                copied=("public_id", "status", "reason", "amount_minor", "currency", "opened_at", "decided_at"),
            ),
            Held(
                EvidencePack,
                of=("dispute__payment__order__buyer",),
                by=("created_by",),
                names=("fields", "receipt", "documentation"),
                copied=("dispute__public_id", "number", "state", "fields", "created_at"),
            ),
            Held(
                FraudWarning,
                of=("payment__order__buyer",),
                by=("handled_by",),
                copied=("payment__public_id", "kind", "warned_at", "outcome"),
            ),
        ),
    ),
    Rule(
        area=Area.BUYING,
        holds=_("Your cart."),
        purpose=_("So that it is still there when you come back."),
        kept=_("Until you empty it."),
        erasure=Erasure.DELETED,
        file="lists",
        tables=(
            Held(Cart, of=("user",), copied=("public_id", "currency", "changed_at")),
            Held(
                CartLine,
                of=("cart__user",),
                names=("gift_to",),
                copied=(
                    "edition__work__title",
                    "bundle__title",
                    "series__title",
                    "gift_to",
                    "gift_message",
                    "added_at",
                ),
            ),
        ),
    ),
    Rule(
        area=Area.BUYING,
        holds=_(
            "Keyed hashes of the card, the browser and the network with which you bought a book or gave one back. They "
            "tell whether two are the same, and nothing else."
        ),
        purpose=_(
            "So that goodwill for used books, and codes that are good a limited number of times, are not taken again "
            "and again under new addresses."
        ),
        kept=_("120 days."),
        erasure=Erasure.PSEUDONYM,
        left=_("The hashes, until their 120 days are over."),
        file="orders",
        tables=(
            Held(BuyerTrace, of=("order__buyer",), names=("digest",), copied=("order__public_id", "kind", "seen_at")),
        ),
    ),
    Rule(
        area=Area.BUYING,
        holds=_("The address to which somebody asked to have the links of their orders sent."),
        purpose=_("To send them, and not too often."),
        kept=_("A day."),
        erasure=Erasure.NOT_YOURS,
        tables=(Held(LinkRequest, names=("email",)),),
    ),
    Rule(
        area=Area.READING,
        holds=_("Which books you may read."),
        purpose=_(
            "So that you can read and download what you bought, are shown what fits it, and books bought together "
            "are counted."
        ),
        kept=_("As long as you have the account."),
        erasure=Erasure.PSEUDONYM,
        left=_("Rows of the orders, which nobody can open a book with. Nor do they say how far it was read."),
        file="library",
        tables=(
            Held(
                Entitlement,
                of=("user",),
                copied=("public_id", "work__title", "work__public_id", "granted_at", "ended_at", "furthest_bps"),
            ),
        ),
    ),
    Rule(
        area=Area.READING,
        holds=_("Where you stopped reading. Nobody else sees it, the author neither."),
        purpose=_("So that you go on where you were, on any device."),
        kept=_("As long as you have the account."),
        erasure=Erasure.DELETED,
        file="library",
        tables=(
            Held(
                ReadingPosition,
                of=("user",),
                copied=("work__title", "chapter_id", "fraction_bps", "locator", "changed_at"),
            ),
        ),
    ),
    Rule(
        area=Area.READING,
        holds=_("When a bought book was downloaded or opened, and from which internet address."),
        purpose=_("To show a bank that it was delivered, and whether it was used when it is given back."),
        kept=_("As long as the order; the internet address for 180 days."),
        erasure=Erasure.PSEUDONYM,
        left=_("The day, without the internet address."),
        file="library",
        tables=(
            Held(
                AccessRecord,
                of=("entitlement__user",),
                names=("address",),
                copied=("entitlement__public_id", "kind", "detail", "address", "at"),
            ),
        ),
    ),
    Rule(
        area=Area.COMMUNITY,
        holds=_("Your reviews, and your replies to reviews of your books."),
        purpose=_("So that others can read them."),
        kept=_("Until you withdraw them."),
        erasure=Erasure.DELETED,
        left=_("If you say so, your words without your name."),
        file="reviews",
        tables=(
            Held(
                Review,
                of=("user",),
                copied=("public_id", "work__title", "stars", "title", "body", "fold", "created_at", "changed_at"),
            ),
            Held(
                ReviewReply,
                of=("author",),
                copied=("review__public_id", "body", "created_at", "changed_at"),
            ),
        ),
    ),
    Rule(
        area=Area.COMMUNITY,
        holds=_("Which reviews you found helpful, and the standing that yours have earned you."),
        purpose=_("So that good reviews stand first."),
        kept=_("Until you take a vote back."),
        erasure=Erasure.DELETED,
        file="reviews",
        tables=(
            Held(HelpfulVote, of=("user",), copied=("review__public_id", "created_at")),
            Held(Standing, of=("user",), copied=("points", "is_curator", "changed_at")),
        ),
    ),
    Rule(
        area=Area.COMMUNITY,
        holds=_(
            "What you flagged, vouched for or reported, and what moderators decided about your words, books and "
            "shelves."
        ),
        purpose=_("So that decisions can be explained, appealed against, and not got around."),
        kept=_("As long as the work."),
        erasure=Erasure.PSEUDONYM,
        left=_("That there was a flag, a voucher, a report or a decision, without words of yours."),
        file="reviews",
        tables=(
            Held(
                ReviewFlag,
                of=("user",),
                copied=("review__public_id", "rule", "note", "created_at", "closed_at"),
            ),
            Held(ReviewVouch, of=("user",), copied=("review__public_id", "created_at", "closed_at")),
            Held(
                Report,
                of=("user",),
                names=("right_holder",),
                copied=("case__public_id", "rule", "words", "right_holder", "original", "created_at"),
            ),
            Held(
                ReviewCase,
                of=("writer",),
                by=("decided_by", "appeal_decided_by"),
                copied=_CASE,
                copied_if=Q(decided_at__isnull=False) & ~Q(outcome=CaseOutcome.KEEP),  # as permissions.may_see_case
                not_copied=_(
                    "Flags and reports of your words, books and shelves from which nothing has followed: those who "
                    "tell us something are to be safe."
                ),
            ),
        ),
    ),
    Rule(
        area=Area.COMMUNITY,
        holds=_("Your shelves, your wish list, and the authors you follow."),
        purpose=_("So that you find books again, and hear of cheaper and new ones."),
        kept=_("Until you take them away."),
        erasure=Erasure.DELETED,
        file="lists",
        tables=(
            Held(Shelf, of=("owner",), copied=_SHELF),
            Held(
                ShelfBook,
                of=("shelf__owner",),
                copied=("shelf__public_id", "work__title", "position", "reason", "added_at"),
            ),
            Held(Wish, of=("user",), copied=("work__title", "currency", "wished_minor", "below_minor", "wished_at")),
            Held(Follow, of=("user",), by=("author",), copied=("author__display_name", "followed_at")),
        ),
    ),
    Rule(
        area=Area.COMMUNITY,
        holds=_("Which mails you want, and which books you were told of."),
        purpose=_("So that you get the mails you want, each once."),
        kept=_("As long as you have the account."),
        erasure=Erasure.DELETED,
        file="mails",
        tables=(
            Held(ReaderMail, of=("user",), copied=("price_alerts", "new_books", "weekly_sent_at")),
            Held(WishAlert, of=("wish__user",), copied=("wish__work__title", "kind", "made_at", "mailed_at")),
            Held(FollowNotice, of=("user",), copied=("work__title", "made_at", "mailed_at")),
        ),
    ),
    Rule(
        area=Area.PUBLISHING,
        holds=_("Your coupons and bundles."),
        purpose=_("So that readers can use them."),
        kept=_("As long as the orders in which they were used."),
        erasure=Erasure.PSEUDONYM,
        left=_("What was used in an order. Coupons are stopped, bundles off sale."),
        file="publishing",
        tables=(
            Held(
                Coupon,
                of=("owner", "created_by"),
                names=("pen_name",),
                copied=("public_id", "code", "pen_name", "percent_bps", "amounts", "begins_at", "ends_at", "claimed"),
            ),
            Held(Bundle, of=("owner",), copied=("public_id", "title", "description", "state", "created_at")),
            Held(BundleWork, of=("bundle__owner",), copied=("bundle__public_id", "work__title", "consented_at")),
            Held(BundlePrice, of=("bundle__owner",), copied=("bundle__public_id", "currency", "price_minor")),
        ),
    ),
)
