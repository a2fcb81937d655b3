"""Services of publishing: the only code that changes works, editions and their details."""

from publishing.services.addresses import set_address
from publishing.services.contributors import (
    add_contributor,
    consent_to_split,
    decline_split,
    propose_split,
    remove_contributor,
    rename_contributor,
)
from publishing.services.credits import accept_credit, decline_credit, leave_credit, show_credit
from publishing.services.drafts import delete_draft
from publishing.services.editions import (
    cancel_conversion,
    prepare_edition,
    publish_edition,
    rebuild_edition,
    set_notes,
    withdraw_edition,
)
from publishing.services.gate import override_finding, take_override_back
from publishing.services.holds import TakenOff, hold, lift, mark_adult, unmark_adult
from publishing.services.mails import mail_credit, mail_deleted, mail_late, mail_proposal
from publishing.services.makeup import accept_fixes, choose_design, request_preview, undo_fix
from publishing.services.pricing import OpenPrice, set_prices
from publishing.services.releases import announce_release, call_off_release
from publishing.services.rights import Statement, accept_terms, state_rights
from publishing.services.series import set_completing
from publishing.services.territories import hold_territories, set_territory
from publishing.services.works import (
    Details,
    adopt_result,
    create_work,
    remove_cover,
    set_cover,
    update_details,
    upload_manuscript,
)

__all__ = [
    "Details",
    "OpenPrice",
    "Statement",
    "TakenOff",
    "accept_credit",
    "accept_fixes",
    "accept_terms",
    "add_contributor",
    "adopt_result",
    "announce_release",
    "call_off_release",
    "cancel_conversion",
    "choose_design",
    "consent_to_split",
    "create_work",
    "decline_credit",
    "decline_split",
    "delete_draft",
    "hold",
    "hold_territories",
    "leave_credit",
    "lift",
    "mail_credit",
    "mail_deleted",
    "mail_late",
    "mail_proposal",
    "mark_adult",
    "override_finding",
    "prepare_edition",
    "propose_split",
    "publish_edition",
    "rebuild_edition",
    "remove_contributor",
    "remove_cover",
    "rename_contributor",
    "request_preview",
    "set_address",
    "set_completing",
    "set_cover",
    "set_notes",
    "set_prices",
    "set_territory",
    "show_credit",
    "state_rights",
    "take_override_back",
    "undo_fix",
    "unmark_adult",
    "update_details",
    "upload_manuscript",
    "withdraw_edition",
]
