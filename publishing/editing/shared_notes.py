"""What the list of shared works says about suggestions: those that wait, and what became of one's own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import ngettext

from accounts.models import User
from conversion.engine.api import patches
from publishing.collaboration import permissions
from publishing.collaboration.hooks import SharedNote
from publishing.collaboration.models import Collaborator
from publishing.editing.models import Correction, Decision, Origin


def notes_about(user: User, collaborators: Sequence[Collaborator]) -> Mapping[int, Iterable[SharedNote]]:
    """Return notes on the works that somebody works on, by the works' keys."""
    works = [one.work_id for one in collaborators]
    rows = Correction.objects.filter(work__in=works).exclude(op=patches.Op.COMMENT).order_by().values("work")
    own = Q(author=user, origin=Origin.SUGGESTION)
    counts: dict[int, Mapping[str, int]] = {
        row["work"]: {name: row[name] for name in ("own", "accepted", "declined", "waiting")}
        for row in rows.annotate(
            own=Count("pk", filter=own & Q(decision=Decision.SUGGESTED)),
            accepted=Count("pk", filter=own & Q(decision__in=[Decision.ACCEPTED, Decision.MERGED])),
            declined=Count("pk", filter=own & Q(decision=Decision.DECLINED)),
            waiting=Count("pk", filter=~own & Q(decision=Decision.SUGGESTED)),
        )
    }
    notes: dict[int, list[SharedNote]] = defaultdict(list)
    for one in collaborators:
        found = counts.get(one.work_id)
        if found is not None and permissions.may_suggest_as(one):
            notes[one.work_id] += _notes(one, found)
    return notes


def _notes(collaborator: Collaborator, counts: Mapping[str, int]) -> Iterable[SharedNote]:
    page = reverse("work-corrections", args=[collaborator.work.public_id])
    own, accepted, declined = counts["own"], counts["accepted"], counts["declined"]
    if permissions.may_edit_as(collaborator) and (waiting := counts["waiting"] + own):
        text = ngettext("%(count)d suggestion to decide on", "%(count)d suggestions to decide on", waiting)
        yield SharedNote(text % {"count": waiting}, f"{page}?state=suggested")
    elif own:
        text = ngettext(
            "%(count)d of your suggestions waits for the author",
            "%(count)d of your suggestions wait for the author",
            own,
        )
        yield SharedNote(text % {"count": own}, f"{page}?state=suggested")
    if accepted:
        text = ngettext("%(count)d suggestion accepted", "%(count)d suggestions accepted", accepted)
        yield SharedNote(text % {"count": accepted}, page)
    if declined:
        text = ngettext("%(count)d suggestion declined", "%(count)d suggestions declined", declined)
        yield SharedNote(text % {"count": declined}, f"{page}?state=undone")
