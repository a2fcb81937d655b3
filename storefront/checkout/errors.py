"""Errors of buying, paying and refunding."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from common.errors import DomainError
from common.limits import TooManyRequests


class NotOnSale(DomainError):
    code = "not_on_sale"
    message = _("“{title}” is no longer on sale. Remove it from your cart to continue. Nothing was charged.")


class NothingOnSale(NotOnSale):
    """The request has no title to name: an old page, or a made-up URL."""

    code = "nothing_on_sale"
    message = _("This is not on sale here, or no longer. Nothing was added to your cart.")


class ReleaseDelayed(NotOnSale):
    code = "not_out_in_time"
    message = _(
        "The release date of “{title}” has passed, but it is not available yet. Remove it from your cart to continue."
    )


class AlreadyOwned(DomainError):
    code = "already_owned"
    message = _("“{title}” is already in your library, so there is nothing to pay. You can read and download it there.")


class AlreadyBought(AlreadyOwned):
    code = "already_bought"
    message = _(
        "You have already bought “{title}” here, so there is nothing to pay. The link in your receipt opens it."
    )


class AlreadyPreordered(DomainError):
    code = "already_preordered"
    message = _("You have already pre-ordered “{title}”. It will be added to your library on the day it comes out.")


class NotPublishedYet(DomainError):
    code = "not_yet_out"
    message = _(
        "“{title}” is not out yet, so you cannot give it as a gift. Pre-order it for yourself, or come back later."
    )


class GiftIsFree(DomainError):
    code = "gift_is_free"
    message = _("“{title}” is free. Send your friend a link to its page instead.")


class GiftMadeFree(GiftIsFree):
    code = "gift_made_free"
    message = _(
        "With the code {coupon}, “{title}” is free, and free books cannot be given as gifts. Remove the code or the "
        "gift from your cart to continue."
    )


class TooManyGifts(DomainError):
    code = "too_many_gifts"
    message = _(
        "You can give up to {most} books in one day, and these would make it {count}. Remove some gifts from your cart "
        "and give them tomorrow. Nothing was charged."
    )


class WrongNumberOfCopies(DomainError):
    code = "wrong_number_of_copies"
    message = _("Choose between 1 and {most} copies. For more, place another order afterwards.")


class GiftDateWrong(DomainError):
    code = "gift_date_wrong"
    message = _("Choose a day between today and a year from now, or leave it empty to send the gift at once.")


class GiftUnavailable(DomainError):
    code = "gift_gone"
    message = _("This gift is no longer available: it has been redeemed, or its price went back to the giver.")


class GiftHeldByBank(DomainError):
    code = "gift_held_by_bank"
    message = _("The giver’s bank is checking the payment. Keep the link: it works again once the bank has agreed.")


class GiftNotSwappable(DomainError):
    code = "gift_not_swappable"
    message = _("You can only exchange this gift for a book of exactly the same price.")


class PriceBelowMinimum(DomainError):
    code = "price_below_least"
    message = _("The minimum price for “{title}” is {least}. Enter that amount or more.")


class CartCurrencyChanged(DomainError):
    code = "cart_currency_changed"
    message = _(
        "Your cart is now in {currency}, but you entered amounts in another currency, so we did not save them. Enter "
        "in {currency} what you want to pay."
    )


class TotalBelowMinimum(DomainError):
    code = "total_too_small"
    message = _(
        "Card payments must be at least {least}, and your total is {total}. Choose a higher price where you can, or "
        "add another book to your cart."
    )


class CouponUnknown(DomainError):
    code = "coupon_unknown"
    message = _("There is no code “{code}”. Check the spelling.")


class CouponNotStarted(DomainError):
    code = "coupon_not_yet"
    message = _("The code {code} is not valid yet. Its first day is {begins_at}.")


class CouponExpired(DomainError):
    code = "coupon_over"
    message = _("The code {code} is no longer valid. Remove it to continue at the usual price.")


class CouponUsedUp(DomainError):
    code = "coupon_used_up"
    message = _("The code {code} has reached its limit. Remove it to continue at the usual price.")


class CouponUsedByYou(DomainError):
    code = "coupon_used_by_you"
    message = _("You have already used the code {code}. Remove it to continue at the usual price.")


class CouponNeedsAccount(DomainError):
    code = "coupon_needs_account"
    message = _(
        "Each person can use the code {code} a limited number of times, so we need to know who you are. Log in to use "
        "it, or remove it to continue without an account."
    )


class CouponNotForThese(DomainError):
    code = "coupon_not_for_these"
    message = _(
        "The code {code} does not apply to anything in your cart. Add a book it applies to, then apply the code."
    )


class CouponNotIn(CouponNotForThese):
    """The coupon applies to something in the cart, but only by fixed amounts in `currencies`."""

    code = "coupon_not_in_currency"
    message = _(
        "The code {code} is valid for prices in {currencies}, but your cart is in {currency}. Change the currency of "
        "your cart, then apply the code."
    )


class CouponNotAtFixedPrices(CouponNotForThese):
    code = "checkout.coupon_not_at_fixed_prices"
    message = _(
        "In {country}, the law fixes the prices of these books, so the code {code} cannot lower them. They cost what "
        "they cost everywhere there."
    )


class CouponNotForTogether(CouponNotForThese):
    code = "coupon_not_for_together"
    message = _(
        "The code {code} is for single books, not for bundles and series, which already cost less. Add the book to "
        "your cart on its own to use the code."
    )


class CouponCodeTaken(DomainError):
    code = "coupon_code_taken"
    message = _("The code {code} is already taken. Choose another one.")


class CouponEmpty(DomainError):
    code = "coupon_empty"
    message = _("Enter a discount: a percentage of the price, or an amount in at least one currency.")


class InBundleAlready(DomainError):
    code = "in_bundle_already"
    message = _("“{title}” is part of “{bundle}” in your cart. You only pay for it once.")


class NotForSaleIn(DomainError):
    code = "no_price_in_currency"
    message = _("“{title}” has no price in {currency}. Choose another currency in your cart, or remove it.")


class PartNotForSaleIn(NotForSaleIn):
    """For a bundle or series; `books` are the titles that prevent the sale."""

    code = "part_without_price"
    message = _(
        "“{title}” is only sold as a whole, and not in {currency}: there is no price for {books}. Choose another "
        "currency in your cart, or buy the other books one by one."
    )


class NotSoldIn(DomainError):
    """`country` is a name, in the reader's language."""

    code = "not_sold_in"
    message = _(
        "“{title}” is not sold in {country}. Remove it from your cart to continue, or choose another country if you "
        "live elsewhere. Nothing was charged."
    )


class GiftNotSoldIn(DomainError):
    code = "gift_not_sold_in"
    message = _(
        "“{title}” is not sold in {country}, so you cannot open the gift there. Exchange it for another book of the "
        "same price, or ask the giver to take it back."
    )


class CartEmpty(DomainError):
    code = "cart_empty"
    message = _("Your cart is empty, so there is nothing to pay.")


class QuoteChanged(DomainError):
    code = "quote_changed"
    message = _("A price or your cart changed while this page was open. Nothing was charged. Check the new total.")


class ConsentMissing(DomainError):
    code = "consent_missing"
    message = _("To open the books at once, we need your consent to immediate supply.")


class PaymentPageRefused(DomainError):
    code = "payment_page_refused"
    message = _("The payment provider did not accept this order: {reason}. Nothing was charged.")


class TooManyUnpaidPages(TooManyRequests):
    code = "too_many_unpaid_pages"
    message = _(
        "You have opened {count} payment pages in a row without paying, so you need to wait before opening another. "
        "Nothing was charged. Try again tomorrow, or contact us if paying does not work."
    )

    def __init__(self, *, count: int) -> None:
        super().__init__(seconds=3600, count=count)


class ProviderUnavailable(DomainError):
    code = "provider_silent"
    message = _("The payment provider is not responding. Nothing was charged. Try again in a minute.")
    status = 503


class RefundNotPossible(DomainError):
    code = "refund_not_possible"
    message = _("You can no longer return this book yourself. Contact us if something is wrong with it.")


class MismatchDecided(DomainError):
    code = "quarantine_over"
    message = _("Someone has already decided on this order.")


class MismatchChanged(MismatchDecided):
    code = "quarantine_changed"
    message = _("A payment has just arrived or been refunded. Check again, then decide.")


class MismatchDisputed(DomainError):
    code = "quarantine_disputed"
    message = _(
        "The reader’s bank is holding this money and has not decided yet, so there is nothing for you to decide now."
    )


class NotAsQuoted(DomainError):
    code = "not_as_quoted"
    message = _(
        "What was paid still differs from what was quoted, or the order can no longer be supplied. Refund it in full."
    )


class NothingToWithdrawFrom(DomainError):
    code = "nothing_to_withdraw_from"
    message = _("There is nothing left in this order to withdraw from. The order page shows the state of each book.")


class RefundHeld(RefundNotPossible):
    code = "refund_held"
    message = _(
        "Your bank has asked for this money and is holding it until it decides. We cannot send a refund until then."
    )


class RefundDisputed(RefundNotPossible):
    """Shown to finance; the reader sees `RefundHeld`."""

    code = "refund_disputed"
    message = _(
        "The reader’s bank is holding this money until a dispute is decided, so the payment provider would not send "
        "it. If the reader is right, accept the dispute on its page. Otherwise, refund the money once the bank has "
        "decided in our favour."
    )


class RefundTooLarge(DomainError):
    code = "refund_too_large"
    message = _("Only {left} of this line can still be refunded. Nothing was sent.")


class RefundDecided(DomainError):
    code = "refund_decided"
    message = _("Someone has already decided on this refund. Reload the page to see the result.")


class DisputeClosed(DomainError):
    code = "dispute_closed"
    message = _("The bank no longer accepts a response to this dispute.")


class GuestLinkExpired(DomainError):
    code = "guest_link_over"
    message = _(
        "This link has expired. Get a new one from “Find your orders”, or log in if you added the books to an account."
    )
    status = 410
