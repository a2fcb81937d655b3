"""What a conversion is given of a text."""

from __future__ import annotations

from django.db.models import Q

from conversion import rules
from conversion.engine.api import patches
from conversion.options import Corrections, Patch
from publishing.editing.models import Base, Correction, Decision, Fit, Picture, WorkText
from publishing.editing.selectors.descriptions import descriptions_for_files
from publishing.editing.selectors.fixes import REFUSED, has_proposals
from publishing.editing.selectors.texts import anchored, with_fits
from publishing.models import Manuscript, Work


def digest_of(work: Work) -> str:
    """Return the digest of the accepted corrections, as the text last knew it."""
    return WorkText.objects.filter(work=work).values_list("digest", flat=True).first() or ""


def corrections_for_files(manuscript: Manuscript) -> Corrections:
    """Return what the files of a manuscript are made with: accepted patches are applied, suggested ones are placed.

    A patch is given as it counts in the text's base, where it fits that; else as it was made. Proposals of fixes that
    were refused are placed, too, so that they are known in the next base.
    """
    work = manuscript.work
    text = WorkText.objects.select_related("base", "work").filter(work=work).first()
    if text is None:
        return Corrections(proposals=rules.fixable_by_place())
    is_open = Q(decision__in=[Decision.ACCEPTED, Decision.SUGGESTED])
    wanted = Correction.objects.filter(is_open | REFUSED, work=work)
    accepted: list[Patch] = []
    suggested: list[Patch] = []
    for correction, fit in with_fits(wanted, text.base):
        patch = _as_given(correction.patch, text.base, fit)
        (accepted if correction.decision == Decision.ACCEPTED else suggested).append(patch)
    given = (*accepted, *suggested)
    return Corrections(
        tuple(accepted),
        tuple(suggested),
        _files_of_bases(work, given),
        _files_of_pictures(work, given),
        _proposals(text, manuscript),
        descriptions_for_files(work),
    )


def is_file_in_use(name: str) -> bool:
    """Whether a base needs the file, though its conversion is gone, or a picture of a text."""
    return Base.objects.filter(file=name).exists() or Picture.objects.filter(file=name).exists()


def _as_given(patch: Patch, base: Base | None, fit: Fit | None) -> Patch:
    return (anchored(patch, base, fit) if base is not None else None) or patch


def _proposals(text: WorkText, manuscript: Manuscript) -> tuple[str, ...]:
    """Return the codes of fixes whose places are not known yet. Finding them takes seconds for a long novel, so it is
    not done again for each correction."""
    base = text.base
    is_read = base is not None and base.manuscript_id == manuscript.pk and sorted(base.fixes) == sorted(text.work.fixes)
    return () if is_read and has_proposals(text) else rules.fixable_by_place()


def _files_of_bases(work: Work, given: tuple[Patch, ...]) -> tuple[str, ...]:
    wanted = {patch.base for patch in given}
    return tuple(Base.objects.filter(work=work, identity__in=wanted).order_by("pk").values_list("file", flat=True))


def _files_of_pictures(work: Work, given: tuple[Patch, ...]) -> tuple[str, ...]:
    """Return the files of the author's pictures that patches put in; others are the manuscript's."""
    keys = Picture.objects.filter(work=work, sha256__in=set(patches.pictures_of(given)))
    return tuple(keys.order_by("sha256").values_list("file", flat=True))
