"""What royalties does when the payment provider reports something."""

from __future__ import annotations

from common import clock
from payments import registry
from payments.registry import ProviderNotice
from royalties.services import payout_accounts


@registry.handles("v2.core.account[configuration.recipient].capability_status_updated")
def account_changed(notice: ProviderNotice) -> None:
    """A payee's account became ready, or stopped being so. Raises NotYetKnown for one we have not stored yet."""
    account = payout_accounts.refresh_by_provider_id(provider_account_id=notice.object_id, at=clock.now())
    if account is None:
        raise registry.NotYetKnown(notice.object_id)
