"""Errors of publishing. Each message tells the author what to do next."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from common.errors import DomainError
from common.limits import TooManyRequests


class ManuscriptTooLarge(DomainError):
    code = "publishing.manuscript_too_large"
    message = _(
        "This file is larger than the limit of {limit_mb} MB. Large pictures are the usual cause: save them at page "
        "size and try again."
    )


class ManuscriptEmpty(DomainError):
    code = "publishing.manuscript_empty"
    message = _("This file is empty, so we cannot make a book from it. Choose the manuscript again.")


class ManuscriptRefused(DomainError):
    """A file that cannot become a book; the message comes from the engine's admission check."""

    code = "publishing.manuscript_refused"
    message = _("{title} {advice}")


class EmailUnconfirmed(DomainError):
    code = "publishing.address_unconfirmed"
    message = _(
        "Confirm your email address before you upload: in your account, open “Email addresses” and request a code."
    )
    status = 403


class UploadLimitReached(TooManyRequests):
    code = "publishing.uploaded_too_much"
    message = _(
        "You can upload up to {limit_mb} MB within 24 hours, and this file would exceed that. Try again tomorrow. "
        "Your earlier uploads are not affected."
    )

    def __init__(self, *, limit_mb: int) -> None:
        super().__init__(seconds=3600, limit_mb=limit_mb)


class DraftsTooLarge(DomainError):
    code = "publishing.drafts_too_large"
    message = _(
        "Your drafts can take up {limit_mb} MB in total, and this file would exceed that. Publish a draft or delete "
        "one you no longer need, then upload the file again."
    )


class TooManyDrafts(DomainError):
    code = "publishing.too_many_drafts"
    message = _(
        "You have {count} drafts, which is the maximum. Publish a draft or delete one you no longer need, then upload "
        "the file again."
    )


class CoverTooLarge(DomainError):
    code = "publishing.cover_too_large"
    message = _("This picture is larger than {limit_mb} MB. Save it as JPEG, 1600 pixels wide, and try again.")


class CoverNotPicture(DomainError):
    code = "publishing.cover_not_picture"
    message = _("We cannot read this file as a picture. Export it as JPEG, PNG, WebP, AVIF, TIFF or SVG and try again.")


class CoverTooManyPixels(DomainError):
    code = "publishing.cover_too_many_pixels"
    message = _("This picture has more than {limit} megapixels. Save it 1600 pixels wide and try again.")


class CoverAnimated(DomainError):
    code = "publishing.cover_animated"
    message = _("This picture moves, and a cover stands still. Save one of its frames as JPEG or PNG and upload that.")


class CoverCutOff(DomainError):
    code = "publishing.cover_cut_off"
    message = _(
        "The end of this file is missing, as after a download that broke off. Save or export the picture again, then "
        "upload the new file."
    )


class CoverTooNarrow(DomainError):
    code = "publishing.cover_too_narrow"
    message = _(
        "This picture is {width} × {height} pixels, which is too narrow or too wide for a cover. Use the proportions "
        "of a book, such as 1600 × 2560 pixels."
    )


class EditionNotReady(DomainError):
    code = "publishing.edition_not_ready"
    message = _("This edition cannot be published yet: {reasons}")


class SlugTaken(DomainError):
    code = "publishing.address_taken"
    message = _("The address {slug} belongs to another book, or used to and still leads there. Choose a different one.")


class SlugInvalid(DomainError):
    code = "publishing.address_unusable"
    message = _(
        "Use 2 to {most} characters: lowercase letters and digits, with single hyphens between them, such as "
        "the-salt-road."
    )


class TermsOutdated(DomainError):
    code = "publishing.terms_outdated"
    message = _("The author terms changed while this page was open. Read the new version and accept it.")


class NothingToDelete(DomainError):
    code = "publishing.nothing_to_delete"
    message = _(
        "This book has been on sale, so it cannot be deleted: readers still have it, and its sales refer to it. You "
        "can take it off sale instead."
    )


class DraftAnnounced(DomainError):
    code = "publishing.draft_announced"
    message = _("This book is announced, so readers may have pre-ordered it. Cancel the release first.")


class DraftOrdered(DomainError):
    code = "publishing.draft_ordered"
    message = _(
        "Readers have ordered or reported this book, so it cannot be deleted: their orders or reports refer to it."
    )


class EditionNotOnSale(DomainError):
    code = "publishing.edition_not_on_sale"
    message = _("This edition is not on sale, so it cannot be taken off sale.")


class EditionAlreadyPublished(DomainError):
    code = "publishing.edition_already_published"
    message = _("This edition is already on sale.")


class WorkTakenDown(DomainError):
    code = "publishing.work_held"
    message = _(
        "A moderator has taken this book off sale under our rules, so no edition of it can go on sale. The book’s "
        "page links to the decision and the reasons for it. If you think the decision is wrong, appeal, and a second "
        "person will review it."
    )


class EditionSuperseded(DomainError):
    code = "publishing.edition_superseded"
    message = _("A newer edition has replaced this one. To go back to it, upload its manuscript again.")


class NothingToRebuild(DomainError):
    code = "publishing.nothing_to_rebuild"
    message = _("The files already contain the current details, so there is nothing to make again.")


class CurrencyUnknown(DomainError):
    code = "publishing.currency_unknown"
    message = _("We do not sell books in {currency}.")


class PriceOutOfRange(DomainError):
    code = "publishing.price_out_of_range"
    message = _("Enter a price between 0 and {most}.")


class SuggestionTooLow(DomainError):
    code = "publishing.suggestion_too_low"
    message = _("The suggested price must be at least the minimum price of {least}.")


class PromotionWithoutPrice(DomainError):
    code = "publishing.promotion_without_price"
    message = _("The book has no price in {currency} yet. Set its price first, then plan the promotion.")


class PromotionOfOpenPrice(DomainError):
    code = "publishing.promotion_of_open_price"
    message = _(
        "In {currency}, readers already choose what they pay. A promotion needs a price that you set: change that "
        "first, or leave {currency} empty."
    )


class PromotionNotLower(DomainError):
    code = "publishing.promotion_not_lower"
    message = _("A promotion must cost less than the price of {listed}.")


class PromotionInThePast(DomainError):
    code = "publishing.promotion_in_the_past"
    message = _("This time has passed. Choose a beginning from now on.")


class PromotionEndsEarly(DomainError):
    code = "publishing.promotion_ends_early"
    message = _("The promotion would end before it begins. Choose a later end.")


class PromotionTooFar(DomainError):
    code = "publishing.promotion_too_far"
    message = _("Plan promotions that end within {days} days from today.")


class PromotionOverlaps(DomainError):
    code = "publishing.promotion_overlaps"
    message = _(
        "There is already a promotion in {currency} from {begins_at} to {ends_at}. Choose another time, or end that "
        "one first."
    )


class PromotionOver(DomainError):
    code = "publishing.promotion_over"
    message = _("This promotion has already ended.")


class PromotionEmpty(DomainError):
    code = "publishing.promotion_empty"
    message = _("Enter a promotion price in at least one currency, or choose that the book is free.")


class TooManyPromotions(DomainError):
    code = "publishing.too_many_promotions"
    message = _("You can plan up to {most} promotions of a book at a time. End one first.")


class ReleaseTooEarly(DomainError):
    code = "publishing.release_too_early"
    message = _("Choose a date after today. To release the book now, publish it.")


class NothingToPublish(DomainError):
    code = "publishing.nothing_to_publish"
    message = _("There is no edition in preparation. Correct the text or upload a manuscript first.")


class NothingPlanned(DomainError):
    code = "publishing.nothing_planned"
    message = _("No edition is planned. It may already be on sale.")


class FirstEditionNotPlanned(DomainError):
    code = "publishing.first_edition_not_planned"
    message = _("This is the first edition. Announce its release date instead, so that readers can pre-order it.")


class ReleaseNotPossible(DomainError):
    code = "publishing.release_not_possible"
    message = _("Readers cannot pre-order this book yet: {reasons}")


class ShareTotalWrong(DomainError):
    code = "publishing.share_total_wrong"
    message = _(
        "With shares that end by themselves, the shares add up to {total}. Change them so that they add up to 100%."
    )


class SharePromised(DomainError):
    code = "publishing.share_promised"
    message = _(
        "By contract you have promised {promised} of the royalty to people who work for you. Keep at least that."
    )


class OwnShareTooSmall(DomainError):
    code = "publishing.own_share_too_small"
    message = _("{wanted} cannot be given: the owner’s own share of the royalty is {own}.")


class ShareWithoutAccount(DomainError):
    code = "publishing.share_without_account"
    message = _(
        "{name} has no account here, so we cannot pay them a share. Add their email address, or give their share to "
        "someone else."
    )


class NothingToConsentTo(DomainError):
    code = "publishing.nothing_to_consent_to"
    message = _("No proposal is waiting for your answer. A newer one may have replaced it.")


class NobodyToInvite(DomainError):
    code = "publishing.nobody_to_invite"
    message = _("We have no email address for {name}. Enter one so that we can send the invitation.")


class InvitedTooRecently(DomainError):
    code = "publishing.invited_lately"
    message = _("We sent this invitation less than a day ago. Wait a day, then send it again.")
    status = 429


class NothingToAccept(DomainError):
    code = "publishing.nothing_to_accept"
    message = _("You have no credit here, and none is waiting for your answer. It may have been withdrawn.")


class AlreadyContributor(DomainError):
    code = "publishing.already_contributor"
    message = _("{name} already has this role on the book.")


class ContributorHasShares(DomainError):
    code = "publishing.contributor_has_shares"
    message = _("You cannot remove the credit of {name}: it is part of a royalty split that statements refer to.")


class OwnerPublishesFirst(DomainError):
    code = "publishing.owner_publishes_first"
    message = _(
        "Only the owner can put a book on sale for the first time, or again after it was off sale. Ask them to publish "
        "it."
    )
    status = 403


class OwnerStays(DomainError):
    code = "publishing.owner_stays"
    message = _("The owner of a book always stays a contributor. Change the name instead.")


class NothingToOverride(DomainError):
    code = "publishing.nothing_to_override"
    message = _("This edition has no remark of this kind that keeps it from being published.")


class OverrideRefused(DomainError):
    code = "publishing.override_refused"
    message = _("This must be fixed before you publish, because readers would get a broken book: {title}")


class ReasonTooShort(DomainError):
    code = "publishing.reason_too_short"
    message = _("Explain briefly why this is correct as it is: at least {least} characters.")


class FixUnknown(DomainError):
    code = "publishing.fix_unknown"
    message = _("This cannot be fixed automatically, or the fix has already been undone.")


class DesignUnknown(DomainError):
    code = "publishing.design_unknown"
    message = _("There is no such design. Choose one of those shown.")


class PreviewTooSoon(DomainError):
    code = "publishing.preview_too_soon"
    message = _("We have not read the manuscript yet, so there are no pages to show. Try again in a moment.")


class WorkForSale(DomainError):
    code = "publishing.work_for_sale"
    message = _("Readers can order this book. Take it off sale, or cancel its release, before you archive it.")


class TerritoryEmpty(DomainError):
    code = "publishing.territory_empty"
    message = _("The book would not be sold anywhere. Choose the countries, or take the book off sale instead.")


class CountryUnknown(DomainError):
    code = "publishing.country_unknown"
    message = _("We do not know the country “{country}”. Enter its name or two-letter code.")


class DiscountOutOfRange(DomainError):
    code = "publishing.discount_out_of_range"
    message = _("Enter a number between 0 and {most}. 0 removes the discount.")


class DiscountTooDeep(DomainError):
    code = "publishing.discount_too_deep"
    message = _("With this discount, “{title}” would cost {price}. {reason}")
