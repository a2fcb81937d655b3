"""What can stand in the way of buying, paying and giving back."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from common.errors import DomainError
from common.limits import TooManyRequests


class NotOnSale(DomainError):
    code = "not_on_sale"
    message = _("“{title}” is not on sale any more. Take it out of your cart to go on; nothing was charged.")


class NothingOnSale(NotOnSale):
    """What was asked for has no title to name: an old page, or an address somebody made up."""

    code = "nothing_on_sale"
    message = _("That is not on sale here, or not any more. Nothing was put into your cart.")


class NotOutInTime(NotOnSale):
    code = "not_out_in_time"
    message = _("“{title}” is not out yet, though its day has come. Take it out of your cart to go on.")


class AlreadyOwned(DomainError):
    code = "already_owned"
    message = _("“{title}” is already in your library. You can read and download it there; there is nothing to pay.")


class AlreadyBought(AlreadyOwned):
    code = "already_bought"
    message = _("You have bought “{title}” here already. The link in your receipt opens it; there is nothing to pay.")


class AlreadyPreordered(DomainError):
    code = "already_preordered"
    message = _("You have ordered “{title}” ahead already. It comes into your library on the day it is out.")


class NotYetOut(DomainError):
    code = "not_yet_out"
    message = _("“{title}” is not out yet, so it cannot be given as a gift. Order it ahead for yourself, or come back.")


class GiftIsFree(DomainError):
    code = "gift_is_free"
    message = _("“{title}” costs nothing. Send your friend the address of its page instead.")


class GiftMadeFree(GiftIsFree):
    code = "gift_made_free"
    message = _(
        "With the code {coupon} “{title}” costs nothing, and what costs nothing cannot be given. Take the code or the "
        "gift out of your cart to go on."
    )


class TooManyGifts(DomainError):
    code = "too_many_gifts"
    message = _(
        "You can give {most} books within a day, and with these it would be {count}. Take some gifts out of your cart "
        "and give them tomorrow; nothing was charged."
    )


class GiftDateWrong(DomainError):
    code = "gift_date_wrong"
    message = _("Choose a day between today and a year from now, or none to send the gift at once.")


class GiftGone(DomainError):
    code = "gift_gone"
    message = _("This gift is not open any more: somebody has opened it, or its giver has taken it back.")


class GiftNotSwappable(DomainError):
    code = "gift_not_swappable"
    message = _("This gift can be changed for a book of exactly the same price only.")


class PriceBelowLeast(DomainError):
    code = "price_below_least"
    message = _("The least for “{title}” is {least}. Choose that or more.")


class CartCurrencyChanged(DomainError):
    code = "cart_currency_changed"
    message = _(
        "Your cart is in {currency} now, and you wrote amounts for another currency. They were not taken: say in "
        "{currency} what you want to pay."
    )


class TotalTooSmall(DomainError):
    code = "total_too_small"
    message = _(
        "Cards cannot be charged less than {least}, and this comes to {total}. Choose a higher price where you may, or "
        "put another book into your cart."
    )


class CouponUnknown(DomainError):
    code = "coupon_unknown"
    message = _("There is no code “{code}”. Look at how it is spelt.")


class CouponNotYet(DomainError):
    code = "coupon_not_yet"
    message = _("The code {code} is not good yet; its first day is {begins_at}.")


class CouponOver(DomainError):
    code = "coupon_over"
    message = _("The code {code} is not good any more. Take it out to go on at the usual price.")


class CouponUsedUp(DomainError):
    code = "coupon_used_up"
    message = _("The code {code} has been used as often as it may be. Take it out to go on at the usual price.")


class CouponUsedByYou(DomainError):
    code = "coupon_used_by_you"
    message = _("You have used the code {code} already. Take it out to go on at the usual price.")


class CouponNeedsAccount(DomainError):
    code = "coupon_needs_account"
    message = _(
        "The code {code} is good a certain number of times a person, so we have to know who you are. Log in to use it, "
        "or take it out to go on without an account."
    )


class CouponNotForThese(DomainError):
    code = "coupon_not_for_these"
    message = _("The code {code} is not for anything in your cart. Put in a book it is for, then use it.")


class CouponNotIn(CouponNotForThese):
    """It is for something in the cart, by fixed amounts in `currencies` alone."""

    code = "coupon_not_in_currency"
    message = _(
        "The code {code} takes something off in {currencies}, and your cart is in {currency}. Change the currency of "
        "your cart, then use the code."
    )


class CouponNotForTogether(CouponNotForThese):
    code = "coupon_not_for_together"
    message = _(
        "The code {code} is for single books, not for bundles and series, which cost less already. Put its book into "
        "your cart alone to use it."
    )


class CouponCodeTaken(DomainError):
    code = "coupon_code_taken"
    message = _("The code {code} is taken. Choose another one.")


class CouponEmpty(DomainError):
    code = "coupon_empty"
    message = _("Say what the code takes off: a share of the price, or an amount in one currency at least.")


class InBundleAlready(DomainError):
    code = "in_bundle_already"
    message = _("“{title}” is part of “{bundle}” in your cart. You pay for it once.")


class NotForSaleIn(DomainError):
    code = "no_price_in_currency"
    message = _("“{title}” has no price in {currency}. Choose another currency in your cart, or take it out.")


class PartNotForSaleIn(NotForSaleIn):
    """Of several works that are sold together; `books` are the titles that hold it back."""

    code = "part_without_price"
    message = _(
        "“{title}” is sold as a whole, and not in {currency}: there is no price for {books}. Choose another currency "
        "in your cart, or buy the other books one by one."
    )


class NotSoldIn(DomainError):
    """`country` is a name, in the words of whoever reads it."""

    code = "not_sold_in"
    message = _(
        "“{title}” is not sold in {country}. Take it out of your cart to go on, or choose another country if you live "
        "elsewhere. Nothing was charged."
    )


class GiftNotSoldIn(DomainError):
    code = "gift_not_sold_in"
    message = _(
        "“{title}” is not sold in {country}, so the gift cannot be opened there. Change it for another book of the "
        "same price, or ask its giver to take it back."
    )


class CartEmpty(DomainError):
    code = "cart_empty"
    message = _("Your cart is empty, so there is nothing to pay.")


class QuoteChanged(DomainError):
    code = "quote_changed"
    message = _("A price or your cart changed while this page was open. Nothing was charged; look at the new total.")


class ConsentMissing(DomainError):
    code = "consent_missing"
    message = _("To open the books at once we need your consent to immediate supply.")


class PaymentPageRefused(DomainError):
    code = "payment_page_refused"
    message = _("The payment provider does not take this order: {reason}. Nothing was charged.")


class TooManyUnpaidPages(TooManyRequests):
    code = "too_many_unpaid_pages"
    message = _(
        "You have opened {count} payment pages in a row and finished none, so we wait a while before we open another. "
        "Nothing was charged. Try again tomorrow, or write to us if paying does not work."
    )

    def __init__(self, *, count: int) -> None:
        super().__init__(seconds=3600, count=count)


class ProviderSilent(DomainError):
    code = "provider_silent"
    message = _("The payment provider does not answer. Nothing was charged; please try again in a minute.")
    status = 503


class RefundNotPossible(DomainError):
    code = "refund_not_possible"
    message = _("This book cannot be given back by yourself any more. Write to us if something is wrong with it.")


class QuarantineOver(DomainError):
    code = "quarantine_over"
    message = _("Somebody has decided about this order already.")


class QuarantineChanged(QuarantineOver):
    code = "quarantine_changed"
    message = _("Another payment came, or one went back, in this moment. Look again, then decide.")


class QuarantineDisputed(DomainError):
    code = "quarantine_disputed"
    message = _("The reader's bank holds this money and has not decided yet: there is nothing to decide about now.")


class NotAsQuoted(DomainError):
    code = "not_as_quoted"
    message = _(
        "What was paid is still not what was quoted, or the order cannot be supplied any more. Give all of it back."
    )


class NothingToWithdrawFrom(DomainError):
    code = "nothing_to_withdraw_from"
    message = _("There is nothing left in this order to withdraw from. Its page shows what became of each book.")


class RefundHeld(RefundNotPossible):
    code = "refund_held"
    message = _("Your bank has asked for this money and holds it until it has decided. Nothing can be sent meanwhile.")


class RefundDisputed(RefundNotPossible):
    """Told to finance; its reader hears `RefundHeld`."""

    code = "refund_disputed"
    message = _(
        "The reader's bank holds this money until a dispute is decided, so the payment provider would not send it. If "
        "the reader is right, give the case up on the dispute's page; else give back once the bank has decided for us."
    )


class RefundTooLarge(DomainError):
    code = "refund_too_large"
    message = _("Only {left} of this line is left to give back. Nothing was sent.")


class RefundDecided(DomainError):
    code = "refund_decided"
    message = _("This refund has been decided already. Reload the page to see how it stands.")


class DisputeClosed(DomainError):
    code = "dispute_closed"
    message = _("The bank takes no answer to this dispute any more.")


class GuestLinkOver(DomainError):
    code = "guest_link_over"
    message = _(
        "This link has ended. Have a new one sent to you from “Find your orders”, or log in if you put the books into "
        "an account."
    )
    status = 410
