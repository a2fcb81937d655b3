"""The lasting way back to shared texts: a link on the account page of whoever works on one, or is invited to."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.account_links import AccountLink
from accounts.models import User
from publishing.collaboration.models import Collaborator
from publishing.collaboration.services import invitations


def links_of(user: User) -> Iterable[AccountLink]:
    """Return the link to what others share with the person; none where nobody shares anything."""
    count = Collaborator.objects.active().filter(user=user).count()
    if waiting := len(invitations.waiting_for(user)):
        detail = ngettext("%(count)d invitation to answer", "%(count)d invitations to answer", waiting)
        yield AccountLink(_("Shared with me"), detail % {"count": waiting}, reverse("collaboration:shared"))
    elif count:
        detail = ngettext("%(count)d book you work on", "%(count)d books you work on", count)
        yield AccountLink(_("Shared with me"), detail % {"count": count}, reverse("collaboration:shared"))
