"""Another picture in place of one of a chapter."""

from __future__ import annotations

from ..patches.base import BlockAnchor
from ..patches.diff import Revision
from ..patches.leaves import FIGURE
from ..patches.model import Patch, PictureEdit
from .chapters import Reading, Section, section_with
from .document import every
from .errors import NotPossible
from .saving import changes, chapter_of, pictures_in


def replace_picture(
    reading: Reading, chapter: str, name: str, picture: str, *, author: str = "", made_at: str = ""
) -> Revision:
    """Return what becomes of the patches when a file of the author's takes the place of a picture. `name` is the id of
    a figure, or the key of a picture within the text, which is replaced wherever the chapter shows it.

    Raises UnknownChapter and NotPossible.
    """
    section = section_with(reading.sections, chapter)
    places = list(_places(reading, section, name))
    if not places:
        return _in_new_block(reading, chapter, name, picture, author=author, made_at=made_at)
    revision = Revision()
    for anchor, read in places:
        old = _known(reading, anchor)
        if old is not None:
            revision.dropped.append(old)
        if picture != read:
            edit = PictureEdit(read, picture)
            identity = old.identity if old is not None else ""
            revision.made.append(Patch(reading.base.identity, anchor, edit, author, made_at, revises=identity))
    return revision


def _places(reading: Reading, section: Section, name: str) -> list[tuple[BlockAnchor, str]]:
    """Return where the base has the picture, and its asset there."""
    base = reading.base
    if name[:1] == "b" and name[1:].isdecimal():
        leaf = int(name[1:])
        if leaf not in set(section.leaves()) or base.blocks[leaf].kind != FIGURE:
            return []
        return [(base.anchor(leaf), base.objects[base.blocks[leaf].pieces[0].kept].asset)]
    found = ((leaf, at, key) for leaf, at, key in pictures_in(base, section) if key == name)
    return [(base.anchor(leaf, at, at + 1), base.objects[key].asset) for leaf, at, key in found]


def _known(reading: Reading, anchor: BlockAnchor) -> Patch | None:
    patches = reading.known.pictures.get((anchor.block, anchor.start), ())
    return next((patch for patch in patches if isinstance(patch.edit, PictureEdit)), None)


def _in_new_block(reading: Reading, chapter: str, name: str, picture: str, *, author: str, made_at: str) -> Revision:
    """Replace the picture of a figure that a patch put in."""
    wanted = chapter_of(reading, chapter)
    figure = next((one for one in every(wanted.blocks) if one.id == name and one.kind == FIGURE), None)
    if figure is None or name[:1] == "b":
        raise NotPossible("no-picture", name)
    figure.attributes["asset"] = picture
    return changes(reading, wanted, author=author, made_at=made_at, pictures={picture})
