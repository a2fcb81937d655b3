"""The only writers of what authors make."""

from publishing.services.contributors import (
    add_contributor,
    consent_to_split,
    decline_split,
    propose_split,
    remove_contributor,
    rename_contributor,
)
from publishing.services.editions import (
    cancel_conversion,
    prepare_edition,
    publish_edition,
    rebuild_edition,
    withdraw_edition,
)
from publishing.services.mails import mail_proposal
from publishing.services.pricing import set_prices
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
    "add_contributor",
    "adopt_result",
    "cancel_conversion",
    "consent_to_split",
    "create_work",
    "decline_split",
    "mail_proposal",
    "prepare_edition",
    "propose_split",
    "publish_edition",
    "rebuild_edition",
    "remove_contributor",
    "remove_cover",
    "rename_contributor",
    "set_cover",
    "set_prices",
    "update_details",
    "upload_manuscript",
    "withdraw_edition",
]
