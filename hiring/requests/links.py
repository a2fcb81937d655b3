"""The way to requests from the account page, for whoever asked or was asked."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.account_links import AccountLink
from accounts.models import User
from hiring.requests.models import Invitation, ServiceRequest
from hiring.requests.selectors import requests


def links_of(user: User) -> Iterable[AccountLink]:
    """Return the link to the person's requests; none for those who have none."""
    if waiting := requests.count_waiting(user):
        detail = ngettext("%(count)d waits for your answer", "%(count)d wait for your answer", waiting)
        yield AccountLink(_("Requests and proposals"), detail % {"count": waiting}, reverse("requests:mine"))
    elif ServiceRequest.objects.filter(client=user).exists() or Invitation.objects.of(user).exists():
        yield AccountLink(
            _("Requests and proposals"), _("work you asked for or were asked for"), reverse("requests:mine")
        )
