"""What the list of shared works says about contracts: for which one somebody works on a text, and until when."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from hiring.contracts.models import DeskAccess
from publishing.collaboration.hooks import SharedNote
from publishing.collaboration.models import Collaborator


def notes_about(user: User, collaborators: Sequence[Collaborator]) -> Mapping[int, Iterable[SharedNote]]:
    """Return notes on the works whose text the person sees by a contract, by the works' keys."""
    rows = DeskAccess.objects.filter(collaborator__in=collaborators, contract__provider=user, ended_at=None)
    notes: dict[int, list[SharedNote]] = defaultdict(list)
    for one in rows.select_related("contract", "collaborator"):
        if one.collaborator is None:
            continue
        text = _("You work here for the contract “%(title)s”. Your access ends with it.")
        href = reverse("contracts:contract", args=[one.contract.public_id])
        notes[one.collaborator.work_id].append(SharedNote(text % {"title": one.contract.title}, href))
    return notes
