"""The personal data that advance copies hold (see accounts/retention_schedule.py)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.retention_schedule import Area, Erasure, Rule, TableRule
from storefront.advance_copies.models import Copy, Offer, Refusal

RULES = (
    Rule(
        area=Area.READING,
        holds=_("Advance copies that you were invited to, asked for and have had, and what you wrote to ask for one."),
        purpose=_("So that you can read them until their last day, and your review says that the copy was free."),
        kept=_(
            "As long as you have your account; what you wrote and the address you were invited by, until 30 days after "
            "the copy’s end. Authors see whether you accepted and reviewed, never what you read."
        ),
        erasure=Erasure.DELETED,
        file="advance_copies",
        tables=(
            TableRule(
                Copy,
                of=("reader",),
                by=("offer__work__owner",),
                names=("email",),
                copied=(
                    "public_id",
                    "offer__work__title",
                    "state",
                    "words",
                    "parting_words",
                    "wants_reminder",
                    "is_watermarked",
                    "made_at",
                    "opened_at",
                    "accepted_at",
                    "last_day",
                    "decided_at",
                    "reminded_at",
                ),
            ),
        ),
    ),
    Rule(
        area=Area.PUBLISHING,
        holds=_("What you offer readers of your books in advance, with your note to them."),
        purpose=_("So that the readers you choose can read a book before it is on sale."),
        kept=_("Until you delete the book or your account."),
        erasure=Erasure.DELETED,
        file="offered_advance_copies",
        tables=(
            TableRule(
                Offer,
                of=("work__owner",),
                copied=(
                    "work__title",
                    "last_day",
                    "max_copies",
                    "note",
                    "may_download",
                    "wants_reviews",
                    "takes_requests",
                    "is_closed",
                    "made_at",
                ),
            ),
        ),
    ),
    Rule(
        area=Area.READING,
        holds=_("A check number of an address whose owner wants no invitations of an author; not the address itself."),
        purpose=_("So that this author cannot invite the address again."),
        kept=_("Until its owner takes it back, or the author deletes their account."),
        erasure=Erasure.NOT_YOURS,
        tables=(
            TableRule(Refusal, by=("author",), names=("digest",), not_copied=_("It does not say whose address it is.")),
        ),
    ),
)
