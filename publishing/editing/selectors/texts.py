"""The text of a work: the corrections that are part of it now, or were at an earlier revision."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from common.errors import NotFound
from conversion.engine.api import editing, patches
from conversion.options import Patch
from publishing.editing.errors import NoText
from publishing.editing.models import Base, Correction, Fit, WorkText
from publishing.editing.selectors.bases import engine_base
from publishing.models import Work


@dataclass(frozen=True, slots=True)
class Placed:
    """A correction, and its patch as it counts in one base."""

    correction: Correction
    patch: Patch


def text_of(work: Work) -> WorkText | None:
    """Return the work's text; None where none was read yet."""
    text = WorkText.objects.select_related("base", "base_job").filter(work=work).first()
    return text if text is not None and text.base is not None else None


def require_text(work: Work) -> WorkText:
    """Return the work's text. Raises NoText."""
    text = text_of(work)
    if text is None:
        raise NoText
    return text


def current_base(text: WorkText) -> Base:
    """Return the base that the text counts in. Raises NoText."""
    if text.base is None:
        raise NoText
    return text.base


def placed_now(text: WorkText) -> list[Placed]:
    """Return the corrections that are part of the text, as they count in its base."""
    return _placed(Correction.objects.filter(work=text.work_id).accepted(), current_base(text))


def placed_at(text: WorkText, revision: int) -> list[Placed]:
    """Return the corrections that were part of the text at a revision over the same base."""
    return _placed(Correction.objects.filter(work=text.work_id).counted_at(revision), current_base(text))


def patches_of(placed: Iterable[Placed]) -> tuple[Patch, ...]:
    return tuple(one.patch for one in placed)


def places_now(text: WorkText) -> editing.Places:
    """Return the words of the base as the text shows them now."""
    return editing.places_of(engine_base(current_base(text)), patches_of(placed_now(text)))


def patch_in(correction: Correction, base: Base, fit: Fit | None) -> Patch | None:
    """Return the correction's patch as it changes a base; None where it does not fit or is there already."""
    if fit is None:
        return correction.patch if correction.patch.base == base.identity else None
    return anchored(correction.patch, base, fit) if fit.state == patches.FitState.APPLIED else None


def anchored(patch: Patch, base: Base, fit: Fit | None) -> Patch | None:
    """Return a patch as it counts in a base in which it was found; None where it was not."""
    return patches.anchored(patch, base.identity, fit.fit) if fit is not None else None


def correction_by_public_id(work: Work, public_id: str) -> Correction:
    """Return a correction of the work, which a comment is not. Raises NotFound."""
    rows = Correction.objects.filter(work=work, public_id=public_id).exclude(op=patches.Op.COMMENT)
    found = rows.select_related("author", "decided_by").first()
    if found is None:
        raise NotFound
    return found


def with_fits(corrections: QuerySet[Correction], base: Base | None) -> list[tuple[Correction, Fit | None]]:
    """Return corrections, each with its fit in a base; None for one that no conversion over it has placed yet."""
    fits = {fit.correction_id: fit for fit in Fit.objects.filter(base=base, correction__in=corrections)}
    return [(correction, fits.get(correction.pk)) for correction in corrections]


def _placed(corrections: QuerySet[Correction], base: Base) -> list[Placed]:
    found = [(correction, patch_in(correction, base, fit)) for correction, fit in with_fits(corrections, base)]
    return [
        Placed(correction, patch) for correction, patch in found if patch is not None and patch.op != patches.Op.COMMENT
    ]
