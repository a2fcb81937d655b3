"""The mail that asks people to agree to their share. The desk shows the same question to whoever gets no mail."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import regions
from common import clock
from common.mails import send
from publishing.models import SplitAgreement, SplitShare


@transaction.atomic
def mail_proposal(*, agreement_id: int) -> int:
    """Ask everybody who has not agreed yet, once per agreement; how many mails were sent now."""
    # The lock keeps two workers from mailing twice; the mark commits only after the mails were taken.
    agreement = (
        SplitAgreement.objects.select_for_update(of=("self",))
        .select_related("work", "proposed_by")
        .filter(pk=agreement_id, mailed_at=None)
        .first()
    )
    if agreement is None:
        return 0
    waiting = agreement.shares.filter(consented_at=None, contributor__user__is_active=True)
    shares = list(waiting.select_related("contributor__user"))
    for share in shares:
        _ask(agreement, share)
    agreement.mailed_at = clock.now()
    agreement.save(update_fields=["mailed_at"])
    return len(shares)


def _ask(agreement: SplitAgreement, share: SplitShare) -> None:
    person = share.contributor.user
    if person is None:
        return
    with regions.active(person.region):
        context = {"agreement": agreement, "share_bps": share.share_bps}
        send("split_proposed", _("A share for you"), person.email, context)
