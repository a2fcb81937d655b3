"""What a conversion is given of a text."""

from __future__ import annotations

from conversion.engine.api import patches
from conversion.options import Corrections, Patch
from publishing.editing.models import Base, Correction, Decision, Fit, WorkText
from publishing.editing.selectors.texts import anchored, with_fits
from publishing.models import Work


def digest_of(work: Work) -> str:
    """Return the digest of the accepted corrections, as the text last knew it."""
    return WorkText.objects.filter(work=work).values_list("digest", flat=True).first() or ""


def corrections_for_files(work: Work) -> Corrections:
    """Return what the work's next files are made with: accepted patches are applied, suggested ones are placed.

    A patch is given as it counts in the text's base, where it fits that; else as it was made.
    """
    text = WorkText.objects.select_related("base").filter(work=work).first()
    if text is None or text.base is None:
        return Corrections()
    wanted = Correction.objects.filter(work=work, decision__in=[Decision.ACCEPTED, Decision.SUGGESTED])
    accepted: list[Patch] = []
    suggested: list[Patch] = []
    for correction, fit in with_fits(wanted, text.base):
        patch = _as_given(correction.patch, text.base, fit)
        (accepted if correction.decision == Decision.ACCEPTED else suggested).append(patch)
    given = (*accepted, *suggested)
    return Corrections(tuple(accepted), tuple(suggested), _files_of_bases(work, given), _files_of_pictures(given))


def picture_file(sha256: str) -> str:
    """Return the name in private storage of a picture that a patch puts in."""
    return f"pictures/{sha256[:2]}/{sha256}"


def is_file_in_use(name: str) -> bool:
    """Whether a base needs the file, though its conversion is gone."""
    return Base.objects.filter(file=name).exists()


def _as_given(patch: Patch, base: Base, fit: Fit | None) -> Patch:
    # A moved chapter names another one by its words in the base where it was moved.
    is_anchored_anew = patch.op != patches.Op.MOVE_CHAPTER
    return (anchored(patch, base, fit) if is_anchored_anew else None) or patch


def _files_of_bases(work: Work, given: tuple[Patch, ...]) -> tuple[str, ...]:
    wanted = {patch.base for patch in given}
    return tuple(Base.objects.filter(work=work, identity__in=wanted).order_by("pk").values_list("file", flat=True))


def _files_of_pictures(given: tuple[Patch, ...]) -> tuple[str, ...]:
    keys = {patch.edit.new for patch in given if isinstance(patch.edit, patches.PictureEdit)}
    return tuple(picture_file(key) for key in sorted(keys))
