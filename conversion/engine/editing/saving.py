"""What became of a chapter's patches when it was saved: those that stay, new ones, and those that are no more."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import replace

from ..patches.attributes import CHAPTER_ATTRIBUTES, Value
from ..patches.base import Base, BaseNote
from ..patches.diff import Revision
from ..patches.model import (
    CommentEdit,
    MergeChapterEdit,
    MoveChapterEdit,
    Op,
    Patch,
    PictureEdit,
    SetEdit,
    SplitChapterEdit,
    Target,
)
from ..patches.pictures import pictures_of
from ..patches.reading import MalformedPatch, patch_from_json, patch_to_json
from .chapters import Reading, Section, attributes_of, section_with
from .compare import Comparison, zero
from .document import Block, ChapterText, Json, NoteText, every
from .errors import MalformedChapter, NotPossible
from .structure import Item

_ELSEWHERE = (PictureEdit, CommentEdit, MergeChapterEdit, MoveChapterEdit, SplitChapterEdit)  # no chapter has them


def chapter_of(reading: Reading, chapter: str) -> ChapterText:
    """Return a chapter as patched. Raises UnknownChapter."""
    section = section_with(reading.sections, chapter)
    view = reading.view
    blocks = view.blocks(section.items(view.structure))
    shown = set(_kept_in(blocks))
    notes: list[NoteText] = []
    for note in _notes_of(reading.base, section):
        if note.key in shown:
            made = view.blocks(_items_of(reading, note))
            notes.append(NoteText(note.key, note.label or str(len(notes) + 1), made))
            shown.update(_kept_in(made))
    objects = _objects(reading, section, notes, shown)
    return ChapterText(reading.base.identity, chapter, attributes_of(section, view), blocks, notes, objects)


def changes(
    reading: Reading, wanted: ChapterText, *, author: str = "", made_at: str = "", pictures: Container[str] = ()
) -> Revision:
    """Return the patches that make the chapter what it is wanted to be. `pictures` are files of the author's that
    new figures may show, by their sha256; those of the book always may. Raises MalformedChapter, NotPossible and
    UnknownChapter."""
    if wanted.base != reading.base.identity:
        raise MalformedChapter("base")
    section = section_with(reading.sections, wanted.chapter)
    _check_objects(reading, section, wanted)
    _check_pictures(reading, wanted, pictures)
    comparison = Comparison(reading.view.structure, author, made_at)
    comparison.blocks(section.items(reading.view.structure), wanted.blocks)
    scope = set(section.leaves())
    for note, given in _pairs_of_notes(reading.base, section, wanted):
        comparison.blocks(_items_of(reading, note), given.blocks)
        scope.update(range(note.first, note.end))
    made = [*comparison.made, *_alternatives(reading, section, wanted, author, made_at)]
    found = _chapter_sets(reading, section, wanted, author, made_at)
    revision = _compared([*_known_in(reading, section, scope)], [*made, *found])
    if section.split is not None:
        _retitle(section, wanted, revision, author, made_at)
    for patch in revision.made:
        _check(patch)
    return revision


# ---------------------------------------------------------------- known patches and new ones


def _known_in(reading: Reading, section: Section, scope: set[int]) -> Iterator[Patch]:
    """Yield the patches that a chapter's document shows."""
    for one in reading.known.all:
        if isinstance(one.patch.edit, _ELSEWHERE):
            continue
        if one.key[0] == "chapter":
            if one.key[1] == section.chapter and section.split is None:
                yield one.patch
        elif reading.known.leaf(one.key) in scope:
            yield one.patch


def _compared(known: Sequence[Patch], made: Sequence[Patch]) -> Revision:
    revision = Revision()
    staying = {_signature(patch): patch for patch in known}
    new: list[Patch] = []
    for patch in made:
        same = staying.pop(_signature(patch), None)
        (new if same is None else revision.kept).append(patch if same is None else same)
    revision.dropped.extend(staying.values())
    for patch in new:
        touched = next((old for old in staying.values() if _touch(old, patch)), None)
        revision.made.append(patch if touched is None else replace(patch, revises=touched.identity))
    return revision


def _signature(patch: Patch) -> str:
    """Return what a patch does and where; not whose it is."""
    value = patch_to_json(patch)
    place = [patch.anchor.block, patch.anchor.start, patch.anchor.end]
    return json.dumps([value["op"], place, value["edit"]], sort_keys=True)


def _touch(old: Patch, new: Patch) -> bool:
    """Return whether a new patch is about what an old one was about."""
    if old.op is not new.op or old.anchor.block != new.anchor.block:
        return False
    if isinstance(old.edit, SetEdit) and isinstance(new.edit, SetEdit):
        return (old.edit.target, old.edit.name) == (new.edit.target, new.edit.name)
    if old.op is Op.WORDS:
        return old.anchor.start <= new.anchor.end and new.anchor.start <= old.anchor.end
    return True


def _check(patch: Patch) -> None:
    """Refuse a patch that could not be read again: it would be too large, or not what it was."""
    try:
        read = patch_from_json(patch_to_json(patch))
    except MalformedPatch as error:
        raise NotPossible("too-much" if error.path in _SIZES else "not-a-patch", f"b{patch.anchor.block}") from None
    if read.identity != patch.identity:
        raise NotPossible("not-a-patch", f"b{patch.anchor.block}")


_SIZES = frozenset({"edit.new", "edit.old", "edit.blocks", "edit.between"})


# ---------------------------------------------------------------- the chapter itself


def _chapter_sets(
    reading: Reading, section: Section, wanted: ChapterText, author: str, made_at: str
) -> Iterator[Patch]:
    """Yield the patches of a chapter's attributes."""
    now = attributes_of(section, reading.view)
    if section.split is not None:
        if {**now, "title": ""} != {**wanted.attributes, "title": ""}:
            raise NotPossible("chapter-attributes")
        return
    base = reading.base
    read, known = base.chapters[section.chapter].attributes, reading.known.sets.get(("chapter", section.chapter), {})
    for attribute in CHAPTER_ATTRIBUTES:
        name = attribute.name
        old, new = _value(read, name), _value(wanted.attributes, name)
        follows = name == "title" and name not in known and new == now["title"]  # the title is that of its heading
        if old != new and not follows:
            if name == "title" and not new:
                raise NotPossible("no-title")
            edit = SetEdit(Target.CHAPTER, name, old, new)
            yield Patch(base.identity, base.chapter_anchor(section.chapter), edit, author, made_at)


def _value(attributes: dict[str, Value], name: str) -> Value:
    return attributes.get(name, zero(name))


def _retitle(section: Section, wanted: ChapterText, revision: Revision, author: str, made_at: str) -> None:
    """Give a chapter that was divided from another its title: that is in the patch that divided it."""
    split = section.split
    assert split is not None and isinstance(split.edit, SplitChapterEdit)  # noqa: S101 (asked before)
    title = str(wanted.attributes["title"])
    if title != split.edit.title:
        edit = SplitChapterEdit(title)
        revision.made.append(Patch(split.base, split.anchor, edit, author, made_at, revises=split.identity))
        revision.dropped.append(split)


# ---------------------------------------------------------------- notes, formulas, pictures


def _notes_of(base: Base, section: Section) -> Iterator[BaseNote]:
    """Yield the notes whose first mark is in a chapter, or in one of its notes."""
    scope = set(section.leaves())
    for note in sorted((note for note in base.notes if note.mark >= 0), key=lambda note: note.mark):
        if note.mark in scope:
            scope.update(range(note.first, note.end))
            yield note


def _items_of(reading: Reading, note: BaseNote) -> list[Item]:
    return reading.view.structure.items(note.first, note.end, ("note", note.first))


def _pairs_of_notes(base: Base, section: Section, wanted: ChapterText) -> Iterator[tuple[BaseNote, NoteText]]:
    """Yield the notes that came back, with those of the base. Notes of the same text are told apart by their order."""
    waiting = list(wanted.notes)
    for note in _notes_of(base, section):
        given = next((one for one in waiting if one.object == note.key), None)
        if given is not None:
            waiting.remove(given)
            yield note, given
    if waiting:
        raise MalformedChapter("unknown-note", waiting[0].object)


def _kept_in(blocks: Iterable[Block]) -> Iterator[str]:
    return (piece.kept for block in every(blocks) for piece in block.text if piece.kept)


def _check_objects(reading: Reading, section: Section, wanted: ChapterText) -> None:
    """Refuse a formula, note mark or picture that the chapter does not have, or has not so often."""
    base, scope = reading.base, set(section.leaves())
    for note in _notes_of(base, section):
        scope.update(range(note.first, note.end))
    has = Counter(piece.kept for leaf in scope for piece in base.blocks[leaf].pieces if piece.kept)
    shown = chapter_of(reading, wanted.chapter)
    has |= Counter(_kept_in((*shown.blocks, *(block for note in shown.notes for block in note.blocks))))
    for block in every((*wanted.blocks, *(block for note in wanted.notes for block in note.blocks))):
        for key in _kept_in([Block("", block.kind, text=block.text)]):
            if not has[key]:
                raise NotPossible("unknown-object", block.id)
            has[key] -= 1


def _check_pictures(reading: Reading, wanted: ChapterText, pictures: Container[str]) -> None:
    """Refuse a picture that is neither the book's nor one that may come in."""
    known = {one.asset for one in reading.base.objects.values()} | set(pictures_of(reading.patches))
    for block in every((*wanted.blocks, *(block for note in wanted.notes for block in note.blocks))):
        asset = block.attributes.get("asset")
        if asset is not None and asset not in known and str(asset) not in pictures:
            raise NotPossible("unknown-picture", block.id)


def _objects(reading: Reading, section: Section, notes: Sequence[NoteText], shown: Iterable[str]) -> dict[str, Json]:
    labels = {note.object: note.label for note in reversed(notes)}
    sets, assets = _shown_sets(reading, section), _shown_assets(reading, section)
    found: dict[str, Json] = {}
    for key in sorted(shown):
        one = reading.base.objects.get(key)
        if one is None:
            found[key] = {"kind": "note", "label": labels.get(key, "")}
        elif one.kind == "math":
            found[key] = {"kind": "math", "alt": one.alt, "mathml": one.mathml, "display": one.is_display}
        else:
            alt = sets.get((key, "alt"), one.alt)
            found[key] = {"kind": "picture", "alt": alt, "asset": assets.get(key, one.asset)}
            if sets.get((key, "decorative"), one.is_decorative):
                found[key]["decorative"] = True
    return found


def pictures_in(base: Base, section: Section) -> Iterator[tuple[int, int, str]]:
    """Yield the pictures within a chapter's text and its notes: leaf, word and key."""
    of_notes = (leaf for note in _notes_of(base, section) for leaf in range(note.first, note.end))
    for leaf in (*section.leaves(), *of_notes):
        if base.blocks[leaf].kind == "figure" or not any(piece.kept for piece in base.blocks[leaf].pieces):
            continue
        for at, word in enumerate(base.blocks[leaf].words):
            if word.key in base.objects and base.objects[word.key].kind == "picture":
                yield leaf, at, word.key


def _shown_sets(reading: Reading, section: Section) -> dict[tuple[str, str], Value]:
    """Return what patches set of pictures within text, by their key and the attribute's name."""
    patched = _patched_pictures(reading, section)
    return {(key, patch.edit.name): patch.edit.new for key, patch in patched if isinstance(patch.edit, SetEdit)}


def _shown_assets(reading: Reading, section: Section) -> dict[str, str]:
    patched = _patched_pictures(reading, section)
    return {key: patch.edit.new for key, patch in patched if isinstance(patch.edit, PictureEdit)}


def _patched_pictures(reading: Reading, section: Section) -> Iterator[tuple[str, Patch]]:
    """Yield the patches of pictures within a chapter's text."""
    for leaf, at, key in pictures_in(reading.base, section) if reading.known.pictures else ():
        for patch in reading.known.pictures.get((leaf, at), ()):
            yield key, patch


def _alternatives(
    reading: Reading, section: Section, wanted: ChapterText, author: str, made_at: str
) -> Iterator[Patch]:
    """Yield the patches of the descriptions of pictures within text. One that is there twice is set twice."""
    base = reading.base
    given = {
        (key, name): one.get(name, default)
        for key, one in wanted.objects.items()
        if one.get("kind") == "picture"
        for name, default in (("alt", ""), ("decorative", False))
    }
    now = _shown_sets(reading, section)
    for leaf, at, key in pictures_in(base, section):
        read = base.objects[key]
        for name, old in (("alt", read.alt), ("decorative", read.is_decorative)):
            new = given.get((key, name), now.get((key, name), old))
            if old != new:
                edit = SetEdit(Target.PICTURE, name, old, new)
                yield Patch(base.identity, base.anchor(leaf, at, at + 1), edit, author, made_at)
