"""What the automatic fixes would correct in a text, and what of it is part of the text."""

from __future__ import annotations

from collections import Counter

from django.db.models import Count, Q, QuerySet

from conversion import localized_messages
from conversion.engine.api import fixes
from conversion.options import Patch
from publishing.editing.models import Correction, Decision, Fit, FixProposals, Origin, WorkText
from publishing.editing.selectors.texts import anchored, current_base, text_of
from publishing.hooks import PlaceFixes
from publishing.models import Work

# Where a fix was declined or undone, it is not proposed again, in later manuscripts neither.
REFUSED = Q(origin=Origin.FIX, decision__in=[Decision.DECLINED, Decision.REVERTED])


def place_fixes(work: Work) -> PlaceFixes:
    """Return how many places each fix would correct, and how many it has corrected."""
    text = text_of(work)
    if text is None:
        return PlaceFixes()
    accepted = dict(accepted_fixes(text).values_list("code").annotate(Count("pk")).order_by("code"))
    if not has_proposals(text):
        return PlaceFixes(accepted=accepted)
    proposed = Counter(patch.author for patch in open_proposals(text))
    return PlaceFixes(is_ready=True, proposed=dict(proposed), accepted=accepted)


def has_proposals(text: WorkText) -> bool:
    """Whether it is known what fixes would correct in the text's base."""
    return FixProposals.objects.filter(base=text.base_id).exists()


def open_proposals(text: WorkText) -> list[Patch]:
    """Return what fixes would correct, but for places that people have corrected or decided about."""
    found = FixProposals.objects.filter(base=text.base_id).first()
    if found is None or not found.patches:
        return []
    return list(fixes.untouched(found.patches, _decided_places(text)))


def accepted_fixes(text: WorkText, code: str = "") -> QuerySet[Correction]:
    """Select the corrections that fixes made, or those of one fix."""
    found = Correction.objects.filter(work=text.work_id, origin=Origin.FIX).accepted()
    return found.filter(code=code) if code else found


def fix_title(code: str) -> str:
    """Return what a fix is about, for people."""
    return localized_messages.kind_title(code)


def _decided_places(text: WorkText) -> list[Patch]:
    """Return patches as they count in the text's base: corrections, suggestions, and refused proposals."""
    base = current_base(text)
    is_open = Q(decision__in=[Decision.ACCEPTED, Decision.SUGGESTED])
    corrections = Correction.objects.filter(is_open | REFUSED, work=text.work_id)
    fits = {fit.correction_id: fit for fit in Fit.objects.filter(base=base, correction__in=corrections)}
    found = []
    for correction in corrections:
        is_of_base = correction.patch.base == base.identity
        patch = correction.patch if is_of_base else anchored(correction.patch, base, fits.get(correction.pk))
        if patch is not None:
            found.append(patch)
    return found
