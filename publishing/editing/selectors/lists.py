"""Corrections for people: what each changes, before and after, and where."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from conversion.engine.api import patches
from publishing.editing.models import Base, Correction, Decision, Fit, Origin, WorkText
from publishing.editing.selectors.bases import engine_base
from publishing.editing.selectors.fixes import fix_title
from publishing.editing.selectors.texts import current_base

type Read = Callable[[Base], patches.Base]

_AROUND = 6  # words
_MAX_SHOWN = 600  # characters

# Filters of the list, as in its address.
STATES = ("", "suggested", "conflict", "undone")
_GROUPED = frozenset({"", "undone"})  # states in which an automatic fix is one row


@dataclass(frozen=True, slots=True)
class ShownCorrection:
    """A correction for a list. `lead` and `rest` are the words around it; `theirs` what stands there instead now."""

    correction: Correction
    label: str
    chapter: str
    before: str
    after: str
    lead: str = ""
    rest: str = ""
    is_conflict: bool = False
    is_adopted: bool = False
    theirs: str = ""
    has_guess: bool = False
    actions: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class FixGroup:
    """The corrections that one automatic fix made, or those of them that were undone."""

    code: str
    title: str
    count: int


def corrections_of(text: WorkText, state: str, fix: str = "") -> QuerySet[Correction]:
    """Select a text's corrections, newest first: those that are part of it, or one of the other `STATES`.

    Those of automatic fixes are left out where `fix_groups` has them, but for the fix with the code `fix`.
    """
    found = _in_state(text, state)
    if fix:
        return found.filter(origin=Origin.FIX, code=fix)
    return found.exclude(origin=Origin.FIX) if state in _GROUPED else found


def fix_groups(text: WorkText, state: str) -> list[FixGroup]:
    """Return the automatic fixes among the corrections of a state, by title. A fix may make thousands."""
    if state not in _GROUPED:
        return []
    found = _in_state(text, state).filter(origin=Origin.FIX).order_by("code").values_list("code")
    groups = [FixGroup(code, fix_title(code), count) for code, count in found.annotate(Count("pk"))]
    return sorted(groups, key=lambda group: group.title)


def _in_state(text: WorkText, state: str) -> QuerySet[Correction]:
    found = Correction.objects.filter(work=text.work_id).exclude(op=patches.Op.COMMENT)
    found = found.select_related("author", "decided_by", "base").order_by("-pk")
    if state == "suggested":
        return found.suggested()
    if state == "conflict":
        return found.accepted().filter(fits__base=text.base_id, fits__state=patches.FitState.CONFLICT)
    if state == "undone":
        undone = found.filter(decision__in=[Decision.REVERTED, Decision.DECLINED, Decision.WITHDRAWN])
        return undone.exclude(decision=Decision.REVERTED, revised_by__decision=Decision.ACCEPTED)  # restored since
    return found.accepted()


def shown(text: WorkText, corrections: Sequence[Correction]) -> list[ShownCorrection]:
    """Return corrections with their words before and after."""
    fits = {
        fit.correction_id: fit
        for fit in Fit.objects.filter(base=text.base_id, correction__in=[c.pk for c in corrections])
    }
    read = cache(engine_base)  # each base once: most corrections count in the same
    return [_shown(text, correction, fits.get(correction.pk), read) for correction in corrections]


def _shown(text: WorkText, correction: Correction, fit: Fit | None, read: Read) -> ShownCorrection:
    patch = correction.patch
    label, before, after = _change(correction, read)
    lead, rest = _around(text, correction, fit, read)
    is_conflict = fit is not None and fit.state == patches.FitState.CONFLICT
    return ShownCorrection(
        correction=correction,
        label=label,
        chapter=patch.anchor.chapter,
        before=before,
        after=after,
        lead=lead,
        rest=rest,
        is_conflict=is_conflict,
        is_adopted=fit is not None and fit.state == patches.FitState.ADOPTED,
        theirs=plain(fit.fit.theirs) if fit is not None and is_conflict else "",
        has_guess=fit is not None and fit.fit.guess is not None and patch.op == patches.Op.WORDS,
    )


def plain(pieces: Iterable[patches.Piece]) -> str:
    """Return pieces as text, cut where it is long. Notes, formulas and pictures are shown as a sign."""
    text = "".join(piece.text for piece in pieces).replace("\u2028", " ").replace("\ufffc", "▢")
    return text if len(text) <= _MAX_SHOWN else f"{text[:_MAX_SHOWN]}…"


def _change(correction: Correction, read: Read) -> tuple[str, str, str]:  # noqa: PLR0911 (one for each kind)
    """Return what a correction is called, and its words before and after."""
    edit = correction.patch.edit
    if isinstance(edit, patches.WordsEdit):
        return _words_change(edit)
    if isinstance(edit, patches.SetEdit):
        return _attribute_label(edit.name), _value(edit.old), _value(edit.new)
    if isinstance(edit, patches.InsertEdit):
        return _("Inserted"), "", _text_of_blocks(edit.blocks)
    if isinstance(edit, patches.RemoveEdit):
        return _("Removed"), _block_text(correction, read), ""
    if isinstance(edit, patches.KindEdit):
        return _("Kind of paragraph"), edit.old.replace("_", " "), edit.new.replace("_", " ")
    if isinstance(edit, patches.SplitChapterEdit):
        return _("New chapter begins"), "", edit.title
    label = _labels().get(str(correction.op), correction.op)
    return (label, "", "") if _is_of_chapter(correction.patch) else (label, _block_text(correction, read), "")


def _words_change(edit: patches.WordsEdit) -> tuple[str, str, str]:
    """Return the words before and after; where they are the same, how they were and are formatted."""
    before, after = plain(edit.old), plain(edit.new)
    if before != after:
        return _("Words"), before, after
    return _("Formatting"), f"{before.strip()} ({_formats(edit.old)})", f"{after.strip()} ({_formats(edit.new)})"


def _formats(pieces: Iterable[patches.Piece]) -> str:
    """Return in words how a text is formatted."""
    labels = {
        "emphasis": _("italic"),
        "strong": _("bold"),
        "small_caps": _("small capitals"),
        "underline": _("underlined"),
        "strike": _("struck through"),
        "subscript": _("subscript"),
        "superscript": _("superscript"),
        "code": _("code"),
        "link": _("link"),
        "language": _("another language"),
    }
    names = dict.fromkeys(mark[0] for piece in pieces for mark in piece.marks)
    return ", ".join(labels[name] for name in names if name in labels) or _("plain")


def _labels() -> dict[str, str]:
    return {
        "split": _("Paragraph divided"),
        "join": _("Paragraphs joined"),
        "picture": _("Picture replaced"),
        "move_chapter": _("Chapter moved"),
        "merge_chapter": _("Chapter merged into the one before"),
    }


def _attribute_label(name: str) -> str:
    known = {
        "title": _("Title"),
        "left_out": _("Chapter left out"),
        "level": _("Level of the heading"),
        "lang": _("Language"),
        "alt": _("Description of the picture"),
        "decorative": _("Decorative picture"),
        "align": _("Alignment"),
        "sign": _("Sign between the scenes"),
        "header_rows": _("Header rows"),
    }
    return known.get(name, _("Attribute"))


def _value(value: str | int | bool) -> str:
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    return str(value)


def _text_of_blocks(blocks: Iterable[patches.NewBlock]) -> str:
    return " ".join(plain(block.text) or _text_of_blocks(block.children) for block in blocks).strip()


def _is_of_chapter(patch: patches.Patch) -> bool:
    return patch.op in {patches.Op.MOVE_CHAPTER, patches.Op.MERGE_CHAPTER}


def _block_text(correction: Correction, read: Read) -> str:
    patch = correction.patch
    base = read(correction.base)
    if getattr(patch.edit, "target", patches.Target.BLOCK) != patches.Target.BLOCK:
        return ""
    block = base.block_of(patch.anchor)
    return base.blocks[block].text[:_MAX_SHOWN].replace("\ufffc", "▢") if block is not None else ""


def _around(text: WorkText, correction: Correction, fit: Fit | None, read: Read) -> tuple[str, str]:
    """Return the words before and after those of a correction in the text as it is now, if it fits there. A chapter
    as a whole is named instead."""
    patch, current = correction.patch, current_base(text)
    if _is_of_chapter(patch):
        return patch.anchor.chapter, ""
    if patch.op != patches.Op.WORDS:
        return "", ""
    anchor = patch.anchor if correction.base_id == current.pk else fit.fit.anchor if fit is not None else None
    base = read(current)
    block = base.block_of(anchor) if anchor is not None else None
    if anchor is None or block is None:
        return "", ""
    words = base.blocks[block].words
    lead = "".join(_word(word) for word in words[max(0, anchor.start - _AROUND) : anchor.start])
    return lead, "".join(_word(word) for word in words[anchor.end : anchor.end + _AROUND])


def _word(word: patches.Word) -> str:
    return "".join(piece.text for piece in (*word.pieces, *word.gap)).replace("\ufffc", "▢").replace("\u2028", " ")
