"""What the list of shared works says about comments: how many threads are open that the person may see."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import ngettext

from accounts.models import User
from publishing.collaboration import permissions
from publishing.collaboration.hooks import SharedNote
from publishing.collaboration.models import Collaborator
from publishing.comments.models import Thread


def notes_about(user: User, collaborators: Sequence[Collaborator]) -> Mapping[int, Iterable[SharedNote]]:
    """Return notes on the works that somebody works on, by the works' keys. Early readers see their own threads."""
    everything = [one.work_id for one in collaborators if permissions.may_suggest_as(one)]
    theirs = Thread.objects.filter(work__in=[one.work_id for one in collaborators]).unresolved()
    theirs = theirs.filter(Q(work__in=everything) | Q(opened_by=user))
    counts = dict(theirs.order_by().values_list("work").annotate(Count("pk")))
    return {one.work_id: [_note(one, counts[one.work_id])] for one in collaborators if one.work_id in counts}


def _note(collaborator: Collaborator, count: int) -> SharedNote:
    text = ngettext("%(count)d open comment", "%(count)d open comments", count) % {"count": count}
    return SharedNote(text, reverse("comments:threads", args=[collaborator.work.public_id]))
