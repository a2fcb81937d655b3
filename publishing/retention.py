"""Personal data that this app holds, for the retention schedule (accounts/retention_schedule.py)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.retention_schedule import Area, Erasure, Rule, TableRule
from publishing.house_defaults.models import HouseDefaults
from publishing.models import (
    AiUseChange,
    Contributor,
    Edition,
    FindingOverride,
    FormerCover,
    Isbn,
    Manuscript,
    OldAddress,
    PlannedRelease,
    Price,
    Promotion,
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
    "translation_of__public_id",
    "description",
    "subject",
    "more_subjects",
    "keywords",
    "licence",
    "public_domain_source",
    "rights_line",
    "is_mining_reserved",
    "warnings",
    "is_adult",
    "reading_age",
    "series__title",
    "series_number",
    "imprint",
    "sample_bps",
    "cover_name",
    "picture_name",
    "trim",
    "paper",
    "design",
    "release_date",
    "territory_rule",
    "territory_countries",
    "is_watermarked",
    "created_at",
)

RULES = (
    Rule(
        area=Area.PUBLISHING,
        holds=_(
            "Your books: their details, manuscripts, covers, editions, prices and series, and where they are sold."
        ),
        purpose=_("So that your books can be made and sold."),
        kept=_("As long as you have your account."),
        erasure=Erasure.DELETED,
        left=_(
            "Books that have been on sale, so that readers who bought them can go on reading them. They are no longer "
            "sold."
        ),
        file="publishing",
        tables=(
            TableRule(Work, of=("owner",), names=("cover_name", "picture_name"), copied=_WORK),
            TableRule(
                FormerCover,
                of=("work__owner",),
                names=("cover_name", "picture_name"),
                copied=("work__public_id", "cover_name", "picture_name", "replaced_at"),
            ),
            TableRule(
                Isbn, of=("work__owner",), copied=("work__public_id", "format", "number", "is_current", "given_at")
            ),
            TableRule(OldAddress, of=("work__owner",), copied=("work__public_id", "slug", "left_at")),
            TableRule(Series, of=("owner",), copied=("public_id", "title", "slug", "completing_bps")),
            TableRule(
                Manuscript,
                of=("uploaded_by", "work__owner"),
                names=("name",),
                copied=("public_id", "work__public_id", "name", "sha256", "size_bytes", "uploaded_at"),
            ),
            TableRule(
                Edition,
                of=("work__owner",),
                copied=(
                    "public_id",
                    "work__public_id",
                    "number",
                    "revision",
                    "state",
                    "identifier",
                    "notes",
                    "published_at",
                ),
            ),
            TableRule(
                PlannedRelease,
                of=("planned_by", "edition__work__owner"),
                copied=("edition__public_id", "is_revision", "due_at", "planned_at"),
            ),
            TableRule(
                Promotion,
                of=("created_by", "work__owner"),
                copied=("public_id", "work__public_id", "currency", "kind", "price_minor", "begins_at", "ends_at"),
            ),
            TableRule(
                Price,
                of=("work__owner",),
                copied=("work__public_id", "currency", "list_price_minor", "is_open", "changed_at"),
            ),
            TableRule(
                TerritoryChange,
                of=("decided_by",),
                copied=("work__public_id", "rule", "countries", "decided_at"),
            ),
            TableRule(
                FindingOverride,
                of=("decided_by",),
                copied=("edition__public_id", "code", "reason", "decided_at"),
            ),
        ),
    ),
    Rule(
        area=Area.PUBLISHING,
        holds=_(
            "That you accepted the author terms, and what you stated about your rights and about AI in your editions."
        ),
        purpose=_("To show under which terms a book was sold, and that its author may sell it."),
        kept=_(
            "Permanently, because questions about rights come up long after a book was sold. For drafts, as long as "
            "the draft exists."
        ),
        erasure=Erasure.PSEUDONYM,
        left=_("The records refer to the random identifier."),
        file="publishing",
        tables=(
            TableRule(TermsAcceptance, of=("person",), copied=("version", "accepted_at")),
            TableRule(
                RightsStatement,
                of=("stated_by",),
                copied=(
                    "edition__public_id",
                    "basis",
                    "ai_text",
                    "ai_images",
                    "ai_cover",
                    "ai_translation",
                    "stated_at",
                ),
            ),
            TableRule(
                AiUseChange,
                of=("stated_by",),
                copied=("edition__public_id", "ai_text", "ai_images", "ai_cover", "ai_translation", "stated_at"),
            ),
        ),
    ),
    Rule(
        area=Area.PUBLISHING,
        holds=_("What your new books begin with: credited name, biography, imprint, rights, countries and price."),
        purpose=_("So that you do not have to enter it for each book."),
        kept=_("As long as you have your account."),
        erasure=Erasure.DELETED,
        file="publishing",
        tables=(
            TableRule(
                HouseDefaults,
                of=("owner",),
                names=("credited_name", "biography"),
                copied=(
                    "imprint",
                    "language",
                    "sample_bps",
                    "licence",
                    "rights_line",
                    "is_mining_reserved",
                    "territory_rule",
                    "territory_countries",
                    "credited_name",
                    "is_on_page",
                    "biography",
                    "price_currency",
                    "price_minor",
                    "is_price_open",
                    "changed_at",
                ),
            ),
        ),
    ),
    Rule(
        area=Area.PUBLISHING,
        holds=_("The email address of someone without an account who is asked to accept a credit."),
        purpose=_("To ask them."),
        kept=_("Until they answer, but no longer than 60 days."),
        erasure=Erasure.DELETED,
        tables=(TableRule(Contributor, names=("invited_email",)),),
    ),
    Rule(
        area=Area.PUBLISHING,
        holds=_("Books that credit you, and how their royalties are split."),
        purpose=_("So that everyone who made a book is credited and paid."),
        kept=_("As long as the book exists. You can unlink your account from a credit at any time."),
        erasure=Erasure.PSEUDONYM,
        left=_("The name printed in the book, without a link to you. Your share of later sales goes to the owner."),
        file="contributions",
        tables=(
            TableRule(
                Contributor,
                of=("user", "asked", "left", "work__owner"),
                names=("name", "invited_email"),
                copied=(
                    "public_id",
                    "work__public_id",
                    "work__title",
                    "name",
                    "role",
                    "biography",
                    "orcid",
                    "isni",
                    "asked_at",
                    "is_hired",
                ),
            ),
            TableRule(
                SplitAgreement,
                of=("proposed_by", "shares__contributor__user", "shares__contributor__left"),
                copied=("public_id", "work__public_id", "effective_at", "created_at"),
            ),
            TableRule(
                SplitShare,
                of=("contributor__user", "contributor__left"),
                copied=(
                    *("agreement__public_id", "contributor__public_id", "share_bps", "consented_at"),
                    *("ends_at", "ends_at_minor", "ends_currency", "reference"),
                ),
            ),
        ),
    ),
)
