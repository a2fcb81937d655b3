"""Typos that readers report, as suggestions at their place in the text.

A reader's words are placed by the words around them, exactly and in one place, or not at all. The suggestion names no
reader: the author decides about words.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from conversion.engine.api import patches
from publishing.editing.errors import NoText
from publishing.editing.models import Correction, Decision, Origin, WorkText
from publishing.editing.selectors import passages
from publishing.editing.selectors.passages import Passage
from publishing.editing.selectors.texts import current_base, placed_now
from publishing.editing.services.texts import lock_text
from publishing.models import Work

# Equal proposals share a suggestion in one of these states. One that was undone, or withdrawn, may be proposed again;
# one that was declined only when the author wants to decide anew.
_OPEN = (Decision.SUGGESTED, Decision.ACCEPTED)


@transaction.atomic
def propose_words(*, work: Work, passage: Passage, at: datetime, anew: bool = False) -> list[Correction]:
    """Suggest what a reader proposes for words of an edition. The caller has checked that the reader may read it.

    Return the suggestions, which may be those of an equal proposal that was decided already; with `anew`, not those
    that were declined. Return none where the words are not found in one place of the text, stand there as proposed, or
    where the work has no text yet.
    """
    try:
        text = lock_text(work)  # two readers may propose the same at once
        found = passages.changes_of(text, passage)
    except NoText:
        return []
    return [_suggestion(text, patch, at, anew=anew) for patch in found or ()]


def delete_proposals(corrections: Iterable[Correction]) -> None:
    """Delete readers' proposals that never became part of a text. Called when nobody stands behind them any more."""
    keys = [one.pk for one in corrections]
    Correction.objects.filter(
        pk__in=keys, origin=Origin.READER, decision__in=[Decision.SUGGESTED, Decision.DECLINED], counts_from=None
    ).delete()


def _suggestion(text: WorkText, patch: patches.Patch, at: datetime, *, anew: bool) -> Correction:
    equal = Correction.objects.filter(work=text.work, identity=patch.identity, origin=Origin.READER)
    standing = _OPEN if anew else (*_OPEN, Decision.DECLINED)
    known = equal.filter(decision__in=standing).order_by("-pk").first()
    if known is not None:
        return known
    return Correction.objects.create(
        work=text.work,
        base=current_base(text),
        patch=patch,
        identity=patch.identity,
        op=str(patch.op),
        decision=Decision.SUGGESTED,
        origin=Origin.READER,
        revises=_named(text, patch.revises),
        made_at=at,
    )


def _named(text: WorkText, identity: str) -> Correction | None:
    """Return the correction in the text that the patch revises."""
    return next((one.correction for one in placed_now(text) if one.patch.identity == identity), None)
