"""The state of an edition as a chip."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext_lazy as _

from conversion.models import JobState
from publishing.models import Edition, EditionState

register = template.Library()

_STATES = {
    EditionState.PUBLISHED: (_("On sale"), "success"),
    EditionState.WITHDRAWN: (_("Off sale"), ""),
    EditionState.SUPERSEDED: (_("Replaced"), ""),
}
# A draft shows how far its files are.
_DRAFTS = {
    JobState.QUEUED: (_("In progress"), "progress"),
    JobState.RUNNING: (_("In progress"), "progress"),
    JobState.DONE: (_("Draft"), ""),
    JobState.FAILED: (_("Conversion failed"), "danger"),
    JobState.CANCELED: (_("Stopped"), "caution"),
}


@register.inclusion_tag("components/chip.html")
def edition_chip(edition: Edition) -> dict[str, str]:
    """{% edition_chip edition %}"""
    state = EditionState(edition.state)
    if state != EditionState.DRAFT:
        word, kind = _STATES[state]
    elif edition.is_first_draft or edition.job.state != JobState.DONE:
        word, kind = _DRAFTS[JobState(edition.job.state)]
    else:
        word, kind = _("Changes not published"), "caution"
    return {"word": str(word), "kind": kind}
