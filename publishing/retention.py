"""What this app holds of people (accounts/schedule.py)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.schedule import Area, Erasure, Held, Rule
from publishing.models import (
    Contributor,
    Edition,
    FindingOverride,
    Manuscript,
    OldAddress,
    Price,
    RightsStatement,
    Series,
    SplitAgreement,
    SplitShare,
    TermsAcceptance,
    TerritoryChange,
    Work,
)

_WORK = (
    "public_id",
    "slug",
    "title",
    "subtitle",
    "language",
    "description",
    "subject",
    "warnings",
    "is_adult",
    "series__title",
    "series_number",
    "imprint",
    "sample_bps",
    "cover_name",
    "design",
    "release_date",
    "territory_rule",
    "territory_countries",
    "created_at",
)

RULES = (
    Rule(
        area=Area.PUBLISHING,
        holds=_(
            "Your works: what you say of them, manuscripts, covers, editions, prices, series, where they are sold."
        ),
        purpose=_("So that your books can be made and sold."),
        kept=_("As long as you have the account."),
        erasure=Erasure.DELETED,
        left=_("Works that were on sale: whoever bought them goes on reading them. They are off sale."),
        file="publishing",
        tables=(
            Held(Work, of=("owner",), names=("cover_name",), copied=_WORK),
            Held(OldAddress, of=("work__owner",), copied=("work__public_id", "slug", "left_at")),
            Held(Series, of=("owner",), copied=("public_id", "title", "slug", "completing_bps")),
            Held(
                Manuscript,
                of=("uploaded_by", "work__owner"),
                names=("name",),
                copied=("public_id", "work__public_id", "name", "sha256", "size_bytes", "uploaded_at"),
            ),
            Held(
                Edition,
                of=("work__owner",),
                copied=("public_id", "work__public_id", "number", "state", "identifier", "notes", "published_at"),
            ),
            Held(
                Price,
                of=("work__owner",),
                copied=("work__public_id", "currency", "list_price_minor", "is_open", "changed_at"),
            ),
            Held(
                TerritoryChange,
                of=("decided_by",),
                copied=("work__public_id", "rule", "countries", "decided_at"),
            ),
            Held(
                FindingOverride,
                of=("decided_by",),
                copied=("edition__public_id", "code", "reason", "decided_at"),
            ),
        ),
    ),
    Rule(
        area=Area.PUBLISHING,
        holds=_("That you accepted the author terms, and what you stated of your rights and of AI in your editions."),
        purpose=_("So that it can be shown under which terms a book was sold, and that its author may sell it."),
        kept=_("For good: rights are asked about long after a book was sold. Of drafts as long as there is the draft."),
        erasure=Erasure.PSEUDONYM,
        left=_("The rows refer to the random identifier."),
        file="publishing",
        tables=(
            Held(TermsAcceptance, of=("person",), copied=("version", "accepted_at")),
            Held(
                RightsStatement,
                of=("stated_by",),
                copied=("edition__public_id", "basis", "ai_text", "ai_images", "ai_translation", "stated_at"),
            ),
        ),
    ),
    Rule(
        area=Area.PUBLISHING,
        holds=_("The e-mail address of somebody without an account who is asked to accept a credit."),
        purpose=_("To ask them."),
        kept=_("Until they answer, 60 days at most."),
        erasure=Erasure.DELETED,
        tables=(Held(Contributor, names=("invited_email",)),),
    ),
    Rule(
        area=Area.PUBLISHING,
        holds=_("Books on which you are credited, and how their royalties divide."),
        purpose=_("So that whoever made a book is named, and paid."),
        kept=_("As long as the book. You can leave a credit at any time."),
        erasure=Erasure.PSEUDONYM,
        left=_("The name that is printed in the book, without a link to you. Your part of later sales is the owner’s."),
        file="contributions",
        tables=(
            Held(
                Contributor,
                of=("user", "asked", "left", "work__owner"),
                names=("name", "invited_email"),
                copied=("public_id", "work__public_id", "work__title", "name", "role", "asked_at"),
            ),
            Held(
                SplitAgreement,
                of=("proposed_by", "shares__contributor__user", "shares__contributor__left"),
                copied=("public_id", "work__public_id", "effective_at", "created_at"),
            ),
            Held(
                SplitShare,
                of=("contributor__user", "contributor__left"),
                copied=("agreement__public_id", "contributor__public_id", "share_bps", "consented_at"),
            ),
        ),
    ),
)
