"""What publishing refuses, each with a sentence that says what to do next."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from common.errors import DomainError
from common.limits import TooManyRequests


class ManuscriptTooLarge(DomainError):
    code = "publishing.manuscript_too_large"
    message = _(
        "This file is larger than {limit_mb} MB, which is the most we take. Large pictures are the usual reason: "
        "save them at the size of a page and try again."
    )


class ManuscriptEmpty(DomainError):
    code = "publishing.manuscript_empty"
    message = _("This file is empty, so there is nothing to make a book of. Choose the manuscript again.")


class ManuscriptRefused(DomainError):
    """What the engine's gate says of a file that cannot become a book."""

    code = "publishing.manuscript_refused"
    message = _("{title} {advice}")


class AddressUnconfirmed(DomainError):
    code = "publishing.address_unconfirmed"
    message = _(
        "Confirm your e-mail address before you upload: open your account, then E-mail addresses, and have a code sent."
    )
    status = 403


class UploadedTooMuch(TooManyRequests):
    code = "publishing.uploaded_too_much"
    message = _(
        "You may upload {limit_mb} MB within 24 hours, and this file would be more. Upload it tomorrow. What you "
        "uploaded before is not touched."
    )

    def __init__(self, *, limit_mb: int) -> None:
        super().__init__(seconds=3600, limit_mb=limit_mb)


class DraftsTooLarge(DomainError):
    code = "publishing.drafts_too_large"
    message = _(
        "Your drafts may take {limit_mb} MB together, and with this file they would be larger. Publish a draft, or "
        "delete one that you no longer need, then upload the file again."
    )


class TooManyDrafts(DomainError):
    code = "publishing.too_many_drafts"
    message = _(
        "You have {count} drafts, which is the most. Publish a draft, or delete one that you no longer need, then "
        "upload the file again."
    )


class CoverTooLarge(DomainError):
    code = "publishing.cover_too_large"
    message = _("This picture is larger than {limit_mb} MB. Save it as JPEG, 1600 pixels wide, and try again.")


class CoverNotPicture(DomainError):
    code = "publishing.cover_not_picture"
    message = _(
        "We cannot read this file as a picture. Export the cover as JPEG, PNG, WebP, AVIF, TIFF or SVG and try again."
    )


class CoverTooManyPixels(DomainError):
    code = "publishing.cover_too_many_pixels"
    message = _("This picture has more than {limit} megapixels. Save it 1600 pixels wide and try again.")


class CoverTooNarrow(DomainError):
    code = "publishing.cover_too_narrow"
    message = _(
        "This picture is a strip of {width} × {height} pixels, which cannot be a cover. Use one in the proportions of "
        "a book, such as 1600 × 2560 pixels."
    )


class EditionNotReady(DomainError):
    code = "publishing.edition_not_ready"
    message = _("This edition cannot be published yet: {reasons}")


class AddressTaken(DomainError):
    code = "publishing.address_taken"
    message = _("Another book has the address {slug}, or had it and is still found there. Choose another one.")


class AddressUnusable(DomainError):
    code = "publishing.address_unusable"
    message = _(
        "An address has 2 to {most} small letters, digits and single hyphens between them, such as the-salt-road."
    )


class TermsOutdated(DomainError):
    code = "publishing.terms_outdated"
    message = _("The author terms have changed while this page was open. Read them again, and accept the new ones.")


class NothingToDelete(DomainError):
    code = "publishing.nothing_to_delete"
    message = _(
        "This book has been on sale, so it stays: its readers go on reading it, and its sales refer to it. You can "
        "take it off sale."
    )


class DraftAnnounced(DomainError):
    code = "publishing.draft_announced"
    message = _("This book is announced, so readers may have ordered it. Take the announcement back first.")


class DraftOrdered(DomainError):
    code = "publishing.draft_ordered"
    message = _("Readers have ordered this book or reported it, and their orders or reports refer to it, so it stays.")


class EditionNotOnSale(DomainError):
    code = "publishing.edition_not_on_sale"
    message = _("This edition is not on sale, so there is nothing to take down.")


class EditionAlreadyPublished(DomainError):
    code = "publishing.edition_already_published"
    message = _("This edition is on sale already.")


class WorkHeld(DomainError):
    code = "publishing.work_held"
    message = _(
        "A moderator has taken this book off sale by a rule, so no edition of it can go on sale. Its page on your desk "
        "leads to the decision and its reasons; if you think that it was wrong, appeal, and a second person looks."
    )


class EditionSuperseded(DomainError):
    code = "publishing.edition_superseded"
    message = _("A newer edition took this one's place. Upload the older manuscript again to go back to it.")


class NothingToRebuild(DomainError):
    code = "publishing.nothing_to_rebuild"
    message = _("The files already carry the details as they are, so there is nothing to make again.")


class CurrencyUnknown(DomainError):
    code = "publishing.currency_unknown"
    message = _("Books are not sold in {currency} here.")


class PriceOutOfRange(DomainError):
    code = "publishing.price_out_of_range"
    message = _("A price lies between 0 and {most}.")


class SuggestionTooLow(DomainError):
    code = "publishing.suggestion_too_low"
    message = _("A suggestion is the least that readers may pay, {least}, or more.")


class ReleaseTooEarly(DomainError):
    code = "publishing.release_too_early"
    message = _("Choose a day after today. To bring the book out now, publish it.")


class ReleaseNotPossible(DomainError):
    code = "publishing.release_not_possible"
    message = _("Readers cannot order this book ahead yet: {reasons}")


class ShareTotalWrong(DomainError):
    code = "publishing.share_total_wrong"
    message = _("The shares add up to {total}. Change them until they make 100 %.")


class ShareWithoutAccount(DomainError):
    code = "publishing.share_without_account"
    message = _(
        "{name} has no account here, so no share can be paid to them. Add their e-mail address, or give their share "
        "to somebody else."
    )


class NothingToConsentTo(DomainError):
    code = "publishing.nothing_to_consent_to"
    message = _("There is no open proposal that waits for your answer. It may have been replaced by a newer one.")


class NobodyToInvite(DomainError):
    code = "publishing.nobody_to_invite"
    message = _("We have no e-mail address for {name}. Enter one, and we write to it.")


class InvitedLately(DomainError):
    code = "publishing.invited_lately"
    message = _("We wrote to them less than a day ago. Give them a little time, then send it again.")
    status = 429


class NothingToAccept(DomainError):
    code = "publishing.nothing_to_accept"
    message = _("There is no credit of yours here, and none that waits for your answer. It may have been taken back.")


class AlreadyContributor(DomainError):
    code = "publishing.already_contributor"
    message = _("{name} has this role on the work already.")


class ContributorHasShares(DomainError):
    code = "publishing.contributor_has_shares"
    message = _("{name} is part of a split that statements refer to, so the credit stays.")


class OwnerStays(DomainError):
    code = "publishing.owner_stays"
    message = _("The owner of a work stays among its contributors. Change the name instead.")


class NothingToOverride(DomainError):
    code = "publishing.nothing_to_override"
    message = _("There is no such remark on this edition that keeps it from the shop.")


class OverrideRefused(DomainError):
    code = "publishing.override_refused"
    message = _("This cannot be decided away, because readers would get a broken book: {title}")


class ReasonTooShort(DomainError):
    code = "publishing.reason_too_short"
    message = _("Say in a few words why it is right as it is: {least} characters at least.")


class FixUnknown(DomainError):
    code = "publishing.fix_unknown"
    message = _("This is nothing that can be mended by itself, or it was undone already.")


class DesignUnknown(DomainError):
    code = "publishing.design_unknown"
    message = _("There is no such design. Choose one of those shown.")


class PreviewTooSoon(DomainError):
    code = "publishing.preview_too_soon"
    message = _("The manuscript has not been read yet, so there is no page to show. Look again in a moment.")


class TerritoryEmpty(DomainError):
    code = "publishing.territory_empty"
    message = _("Then the book would be sold nowhere. Name the countries, or take it off sale instead.")


class CountryUnknown(DomainError):
    code = "publishing.country_unknown"
    message = _("We know no country “{country}”. Write its name or its code of two letters.")


class DiscountOutOfRange(DomainError):
    code = "publishing.discount_out_of_range"
    message = _("Choose between 0 and {most} percent. 0 takes the offer back.")


class DiscountTooDeep(DomainError):
    code = "publishing.discount_too_deep"
    message = _("“{title}” would cost {price} then. {reason}")
