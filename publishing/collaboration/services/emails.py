"""Mails of collaboration, each sent once."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import regions
from accounts.models import User
from accounts.regions import Region
from common import clock
from common.emails import send
from publishing.collaboration.models import Collaborator
from publishing.collaboration.services import invitations


@transaction.atomic
def mail_invitation(*, collaborator_id: int) -> bool:
    """Ask the invited person whether they accept; return whether the mail was sent now."""
    # The lock keeps two workers from mailing twice; the mark is committed only after the mail was handed over.
    rows = Collaborator.objects.select_for_update(of=("self",)).select_related("work__owner")
    waiting = rows.waiting().exclude(invited_email="")
    found = waiting.filter(pk=collaborator_id, mailed_at=None, work__owner__is_active=True).first()
    if found is None:
        return False
    with regions.active(_region_of(found)):
        subject = _("%(name)s invites you to work on “%(work)s”") % {
            "name": found.work.owner.display_name,
            "work": found.work,
        }
        facts = {
            "collaborator": found,
            "work": found.work,
            "link": invitations.link_to(found),
            "until": found.invited_at + invitations.LIFETIME,
        }
        send("collaboration_invited", subject, found.invited_email, facts)
    found.mailed_at = clock.now()
    found.save(update_fields=["mailed_at"])
    return True


def _region_of(found: Collaborator) -> Region:
    """Return the region of the account with the address, or else one that speaks the language the owner chose."""
    person = User.objects.filter(email__iexact=found.invited_email, is_active=True).first()
    return person.region if person is not None else regions.of_person(language=found.language, country="")
