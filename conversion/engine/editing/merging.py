"""Two people changed a chapter: what both did, where they did not touch the same words.

Blocks are known by their ids. One that a patch put in has another id when it was changed since, so it is also known by
its place. Where both changed the same, nothing is decided: a conflict has the words of all three.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from ..patches.attributes import Value
from ..patches.diff import Replaced, differences
from ..patches.pieces import Piece
from ..patches.words import Word, pieces_of_words, words_of
from .document import Block, ChapterText, NoteText, every


@dataclass(frozen=True, slots=True)
class EditConflict:
    """Both changed the same. `code` says what: words, attributes, order, or a block that one of them removed."""

    block: str
    code: str
    base: tuple[Piece, ...] = ()
    mine: tuple[Piece, ...] = ()
    theirs: tuple[Piece, ...] = ()


@dataclass(slots=True)
class Merged:
    """The chapter with both changes, and where they do not go together: there it has mine."""

    chapter: ChapterText
    conflicts: list[EditConflict] = field(default_factory=list)


def merged(ancestor: ChapterText, mine: ChapterText, theirs: ChapterText) -> Merged:
    """Return the chapter as it is wanted by both. `mine` was made from the ancestor, `theirs` is the text now."""
    merging = _Merging()
    attributes = merging.attributes("", ancestor.attributes, mine.attributes, theirs.attributes)
    blocks = merging.lists(ancestor.blocks, mine.blocks, theirs.blocks)
    notes = list(merging.notes(ancestor.notes, mine.notes, theirs.notes))
    objects = copy.deepcopy(theirs.objects)
    for key, one in mine.objects.items():
        for name, default in (("alt", ""), ("decorative", False)):
            value = one.get(name, default)
            if key in objects and value != ancestor.objects.get(key, {}).get(name, default):
                objects[key][name] = value
    chapter = ChapterText(theirs.base, theirs.chapter, attributes, blocks, notes, objects)
    return Merged(chapter, merging.conflicts)


class _Merging:
    def __init__(self) -> None:
        self.conflicts: list[EditConflict] = []

    def lists(self, old: Sequence[Block], mine: Sequence[Block], theirs: Sequence[Block]) -> list[Block]:
        """Merge lists of blocks: the order of who moved blocks, with what the other put in and took out."""
        theirs = _renamed(old, theirs)
        was, now, other = _by_id(old), _by_id(mine), _by_id(theirs)
        common = [block.id for block in old if block.id in now and block.id in other]
        kept = set(common)
        in_mine = [block.id for block in mine if block.id in kept]
        in_theirs = [block.id for block in theirs if block.id in kept]
        if common not in (in_mine, in_theirs) and in_mine != in_theirs:
            self.conflicts.append(EditConflict(in_mine[0], "order"))
        lead, follow = (mine, theirs) if in_mine != common else (theirs, mine)
        order = _with_new(lead, follow, was)
        return [
            merged
            for name, given in order
            if (merged := self._one(was.get(name), now.get(name), other.get(name), given)) is not None
        ]

    def _one(self, old: Block | None, mine: Block | None, theirs: Block | None, given: Block) -> Block | None:
        """Return one block, None where it was removed and nobody minds."""
        if old is None:
            return copy.deepcopy(given)
        if mine is not None and theirs is not None:
            return self._block(old, mine, theirs)
        left = mine or theirs
        if left is None:
            return None
        if _same(left, old):
            return None
        texts = [words_in(one) if one is not None else () for one in (old, mine, theirs)]
        self.conflicts.append(EditConflict(given.id, "removed", *texts))
        return copy.deepcopy(left)

    def _block(self, old: Block, mine: Block, theirs: Block) -> Block:
        if _same(mine, old):
            return replace(copy.deepcopy(theirs))
        if _same(theirs, old):
            return replace(copy.deepcopy(mine), id=theirs.id)
        kind = mine.kind if mine.kind != old.kind else theirs.kind
        if old.kind not in (mine.kind, theirs.kind) and mine.kind != theirs.kind:
            self.conflicts.append(EditConflict(theirs.id, "attributes", old.text, mine.text, theirs.text))
        if mine.kind != theirs.kind:  # the attributes are those of another kind
            attributes = dict(mine.attributes if mine.kind == kind else theirs.attributes)
        else:
            attributes = self.attributes(theirs.id, old.attributes, mine.attributes, theirs.attributes)
        text = self._text(old, mine, theirs)
        blocks = self.lists(old.blocks, mine.blocks, theirs.blocks)
        return Block(theirs.id, kind, attributes, text, blocks, mine.origin)

    def attributes(
        self, block: str, old: dict[str, Value], mine: dict[str, Value], theirs: dict[str, Value]
    ) -> dict[str, Value]:
        found: dict[str, Value] = {}
        for name in sorted({*old, *mine, *theirs}):
            was, now, other = old.get(name), mine.get(name), theirs.get(name)
            if was not in (now, other) and now != other:
                texts = [(Piece(str(value)),) if value is not None else () for value in (was, now, other)]
                self.conflicts.append(EditConflict(block, "attributes", *texts))
            value = now if now != was else other
            if value is not None:
                found[name] = value
        return found

    def _text(self, old: Block, mine: Block, theirs: Block) -> tuple[Piece, ...]:
        if mine.text in (old.text, theirs.text):
            return theirs.text
        if theirs.text == old.text:
            return mine.text
        words = words_of(old.text)
        now, other = words_of(mine.text), words_of(theirs.text)
        together = _together(words, now, other)
        if together is None:
            self.conflicts.append(EditConflict(theirs.id, "words", old.text, mine.text, theirs.text))
            return mine.text
        return tuple(pieces_of_words(together))

    def notes(
        self, old: Sequence[NoteText], mine: Sequence[NoteText], theirs: Sequence[NoteText]
    ) -> Iterator[NoteText]:
        """Merge notes, which are told apart by their marks and, of the same text, by their order."""
        was, now = _by_order(old), _by_order(mine)
        for key, note in _by_order(theirs).items():
            if key in was and key in now:
                blocks = self.lists(was[key].blocks, now[key].blocks, note.blocks)
                yield NoteText(note.object, note.label, blocks)
            else:
                yield copy.deepcopy(note)


def words_in(block: Block) -> tuple[Piece, ...]:
    """Return the words of a block and of those within it."""
    return tuple(piece for one in every([block]) for piece in one.text)


def _by_id(blocks: Sequence[Block]) -> dict[str, Block]:
    return {block.id: block for block in blocks}


def _by_order(notes: Sequence[NoteText]) -> dict[tuple[str, int], NoteText]:
    found: dict[tuple[str, int], NoteText] = {}
    for note in notes:
        found[note.object, sum(key == note.object for key, _ in found)] = note
    return found


def _same(one: Block, other: Block) -> bool:
    """Return whether two blocks are the same but for their ids."""
    return (
        (one.kind, one.attributes, one.text, len(one.blocks))
        == (other.kind, other.attributes, other.text, len(other.blocks))
        and [block.id for block in one.blocks if block.id[:1] != "p"]
        == [block.id for block in other.blocks if block.id[:1] != "p"]
        and all(map(_same, one.blocks, other.blocks))
    )


def _renamed(old: Sequence[Block], theirs: Sequence[Block]) -> list[Block]:
    """Return the blocks with the ids that they had: one that a patch put in is another patch's when it was changed.
    It is known by what stands before it, or after it, and by its kind."""
    known, now = {block.id for block in old}, {block.id for block in theirs}
    gone = [(number, block) for number, block in enumerate(old) if block.id[:1] == "p" and block.id not in now]
    names: dict[str, str] = {}
    for number, block in enumerate(theirs):
        if block.id[:1] != "p" or block.id in known:
            continue
        before = names.get(theirs[number - 1].id, theirs[number - 1].id) if number else ""
        after = theirs[number + 1].id if number + 1 < len(theirs) else ""
        for place, one in gone:
            same_before = before == (old[place - 1].id if place else "")
            same_after = after == (old[place + 1].id if place + 1 < len(old) else "")
            if one.kind == block.kind and (same_before or same_after) and one.id not in names.values():
                names[block.id] = one.id
                break
    return [replace(block, id=names.get(block.id, block.id)) for block in theirs]


def _with_new(lead: Sequence[Block], follow: Sequence[Block], was: dict[str, Block]) -> list[tuple[str, Block]]:
    """Return the blocks in the order of one side, with those that only the other has behind what they follow there.
    A new block that both have at the same place is there once: an answer got lost, and it was saved again."""
    order = [(block.id, block) for block in lead]
    has = _by_id(lead)
    before = ""
    for block in follow:
        if block.id in has:
            before = block.id
            continue
        place = next((number + 1 for number, (name, _) in enumerate(order) if name == before), 0)
        if block.id not in was and (twin := _twin(order, place, block, was)) is not None:
            before = twin
            continue
        order.insert(place, (block.id, block))
        before = block.id
    return order


def _twin(order: Sequence[tuple[str, Block]], place: int, block: Block, was: dict[str, Block]) -> str | None:
    for name, one in order[place:]:
        if name in was:
            return None
        if _same(one, block):
            return name
    return None


def _together(words: Sequence[Word], mine: Sequence[Word], theirs: Sequence[Word]) -> list[Word] | None:
    """Return the words with both changes, None where they touch."""
    one, other = list(differences(words, mine)), list(differences(words, theirs))
    changes: list[tuple[Replaced, Sequence[Word]]] = [(change, mine) for change in one]
    for change in other:
        new = theirs[slice(*change.new)]
        near = [own for own in one if own.old.start <= change.old.end and change.old.start <= own.old.end]
        if not near:
            changes.append((change, theirs))
        elif len(near) > 1 or near[0].old != change.old or list(mine[slice(*near[0].new)]) != list(new):
            return None
    result = list(words)
    for change, source in sorted(changes, key=lambda pair: pair[0].old, reverse=True):
        result[slice(*change.old)] = source[slice(*change.new)]
    return result
