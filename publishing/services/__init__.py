"""Services of publishing: the only code that changes works, editions and their details."""

from publishing.services.agreed_shares import begin_agreed_share, credit_hired, credit_of_owner
from publishing.services.archives import archive_work, take_from_archive
from publishing.services.comparisons import ask_comparison
from publishing.services.contributors import (
    add_contributor,
    consent_to_split,
    decline_split,
    propose_split,
    remove_contributor,
    rename_contributor,
)
from publishing.services.credits import accept_credit, decline_credit, set_credit_visibility, unlink_credit
from publishing.services.design import choose_design, fix_as_whole, request_preview, undo_fix
from publishing.services.drafts import delete_draft
from publishing.services.editions import (
    announce_files,
    cancel_conversion,
    enqueue_missed_announcements,
    make_missing_files,
    prepare_edition,
    publish_edition,
    rebuild_edition,
    set_notes,
    withdraw_edition,
)
from publishing.services.emails import mail_credit, mail_late, mail_plan, mail_proposal
from publishing.services.matter import set_matter
from publishing.services.overrides import override_finding, withdraw_override
from publishing.services.prices import OpenPrice, set_prices
from publishing.services.promotions import end_promotion, plan_promotion, set_fixed_prices
from publishing.services.publishing_as import Publication, cancel_plan, publish_as
from publishing.services.release_dates import announce_release, cancel_release
from publishing.services.rights import Statement, accept_terms, state_rights
from publishing.services.series import set_completion_discount
from publishing.services.slugs import set_address
from publishing.services.takedowns import (
    SaleState,
    end_stop,
    mark_adult,
    restore,
    stop_sale,
    take_down,
    unmark_adult,
)
from publishing.services.territories import lock_territories, set_territory
from publishing.services.watermarks import set_watermark
from publishing.services.works import (
    Details,
    begin_work,
    create_translation,
    create_work,
    fill_details_from_conversion,
    remove_cover,
    set_cover,
    update_details,
    upload_manuscript,
)

__all__ = [
    "Details",
    "OpenPrice",
    "Publication",
    "SaleState",
    "Statement",
    "accept_credit",
    "accept_terms",
    "add_contributor",
    "announce_files",
    "announce_release",
    "archive_work",
    "ask_comparison",
    "begin_agreed_share",
    "begin_work",
    "cancel_conversion",
    "cancel_plan",
    "cancel_release",
    "choose_design",
    "consent_to_split",
    "create_translation",
    "create_work",
    "credit_hired",
    "credit_of_owner",
    "decline_credit",
    "decline_split",
    "delete_draft",
    "end_promotion",
    "end_stop",
    "enqueue_missed_announcements",
    "fill_details_from_conversion",
    "fix_as_whole",
    "lock_territories",
    "mail_credit",
    "mail_late",
    "mail_plan",
    "mail_proposal",
    "make_missing_files",
    "mark_adult",
    "override_finding",
    "plan_promotion",
    "prepare_edition",
    "propose_split",
    "publish_as",
    "publish_edition",
    "rebuild_edition",
    "remove_contributor",
    "remove_cover",
    "rename_contributor",
    "request_preview",
    "restore",
    "set_address",
    "set_completion_discount",
    "set_cover",
    "set_credit_visibility",
    "set_fixed_prices",
    "set_matter",
    "set_notes",
    "set_prices",
    "set_territory",
    "set_watermark",
    "state_rights",
    "stop_sale",
    "take_down",
    "take_from_archive",
    "undo_fix",
    "unlink_credit",
    "unmark_adult",
    "update_details",
    "upload_manuscript",
    "withdraw_edition",
    "withdraw_override",
]
