"""Lines to the content of pages: text with its kerning and spaces, tags around it, rules and ornaments beside it."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

from ...typography.ornaments import ORNAMENTS
from .faces import Faces, number
from .lines import Line, words_of
from .painted_pages import Area, Draft, Sheet
from .shaped_text import Para, Side
from .words import NO_MARK, Lexicon, Mark, Word

_LINK_ABOVE, _LINK_BELOW = 0.95, 0.3  # of the size: what of a line leads somewhere
_UNDERLINE, _STRIKE, _THICKNESS = -0.12, 0.25, 0.05
_DOT_PT = 0.7
_MAX_STEPS = 20_000
_MIN_SPACE = -0.3  # how much narrower than by nature a space becomes on a line that is too long
_COMPRESSION = 2  # at 6 pages are a tenth smaller, and take three times as long


_steps: dict[tuple[int, int], str] = {}  # commands written before: most lines are one below the other


class Canvas:
    """One page under way. Lengths in points from the bottom left."""

    def __init__(
        self,
        draft: Draft,
        faces: Faces,
        lexicon: Lexicon,
        links: dict[tuple[int, int], int],
        *,
        is_justified: bool,
    ) -> None:
        self._links = links  # the elements of links, which may go on on the next page
        self._is_justified = is_justified
        self._draft = draft
        self._faces = faces
        self._lexicon = lexicon
        self._text: list[str] = []
        self._codes: list[str] = []  # of one look, not written yet
        self._drawn: list[str] = []
        self._font = (-1, 0.0)
        self._rise = 0.0
        self._x = self._y = 0  # hundredths of points
        self._open = -1  # the node whose marked content is open
        self._lang = ""
        self.sheet = Sheet()
        self.divided: list[Word] = []  # the parts of words drawn here
        self._page = len(draft.sheets)
        draft.sheets.append(self.sheet)

    # ------------------------------------------------------------ tags

    def tag(self, node: int) -> None:
        """Let what follows belong to a node."""
        if self._open == node:
            self._speak("")
            return
        self._show()
        self.end_tag()
        number_here = len(self.sheet.marked)
        self.sheet.marked.append(node)
        element = self._draft.elements[node]
        element.kids.append(("marked", self._page, number_here))
        self._text.append(f"/{element.tag}<</MCID {number_here}>>BDC\n")
        self._open = node

    def end_tag(self) -> None:
        self._show()
        self._speak("")
        if self._open >= 0:
            self._text.append("EMC\n")
            self._open = -1

    def _speak(self, lang: str) -> None:
        """Change the language inside a tag."""
        if lang != self._lang:
            self._show()
            if self._lang:
                self._text.append("EMC\n")
            if lang:
                self._text.append(f"/Span<</Lang({lang})>>BDC\n")
            self._lang = lang

    # ------------------------------------------------------------ text

    def _use(self, cut: int, size: float, rise: float) -> None:
        if self._font != (cut, size):
            self._show()
            self._font = (cut, size)
            self._text.append(f"/F{cut} {number(size)} Tf\n")
        if self._rise != rise:
            self._show()
            self._rise = rise
            self._text.append(f"{number(rise)} Ts\n")

    def _move(self, x: float, y: float) -> None:
        self._text.append(self._step(x, y))

    def _step(self, x: float, y: float) -> str:
        """Return the command that leads to a place. Places are whole hundredths of points, so that no error adds up."""
        right, up = round(x * 100), round(y * 100)
        step = (right - self._x, up - self._y)
        self._x, self._y = right, up
        found = _steps.get(step)
        if found is None:
            if len(_steps) > _MAX_STEPS:
                _steps.clear()
            found = _steps[step] = f"{step[0] / 100:.6g} {step[1] / 100:.6g} Td"
        return found

    def lines(
        self, para: Para, lines: Sequence[Line], node: int, size: float, place: tuple[float, float, float]
    ) -> None:
        """Draw lines one below the other: `place` is the left edge, the first baseline, the distance of baselines.
        `size` is the paragraph's in points."""
        x, y, height = place
        side = para.style.side
        is_justified = side is Side.TEXT and self._is_justified
        text, step = self._text, self._step
        for line in lines:
            left = line.room - line.natural
            if line.start[1] or line.end[1]:
                left = self._left_over(line)
            shift = left / 2 if side is Side.CENTER else (left if side is Side.END else 0.0)
            stretch = 0.0
            if line.spaces and (left < 0 or (is_justified and not line.is_last)):
                stretch = max(left / line.spaces, _MIN_SPACE)
            segment = line.segment
            if segment.cut >= 0 and segment.gap >= 0:
                self.tag(node)
                self._use(segment.cut, size, 0.0)
                text.append(step(x + (line.left + shift) * size, y))
                text.append(self._simple(line, stretch))
            else:
                words, gaps = words_of(line, self._lexicon)
                if words:
                    at = (x + (line.left + shift) * size, y)
                    self.words(words, gaps, node, size, at, stretch=stretch, para=para)
            y -= height

    def _left_over(self, line: Line) -> float:
        """The room a divided word leaves, now that its parts are shaped."""
        words, gaps = words_of(line, self._lexicon)
        self.divided += [words[0], words[-1]]
        return line.room - sum([word.width for word in words]) - sum(gaps)

    def _simple(self, line: Line, stretch: float) -> str:
        """The common case, quickly: all of a paragraph in one file, with the same space everywhere."""
        segment = line.segment
        (first, letter), (last, stop) = line.start, line.end
        codes = segment.codes[first:last]
        if letter or stop:
            codes = [word.code for word in words_of(line, self._lexicon)[0]]
        face = self._faces.cut(segment.cut)
        assert face is not None  # noqa: S101  # it shaped these words
        return _shown((face.joint(segment.gap * (1.0 + stretch)) if segment.gap else "").join(codes))

    def words(
        self,
        words: Sequence[Word],
        gaps: Sequence[float],
        node: int,
        size: float,
        place: tuple[float, float],
        *,
        stretch: float = 0.0,
        para: Para | None = None,
    ) -> None:
        """Draw words; each gap is wider by `stretch` times itself."""
        cut = words[0].cut
        if cut >= 0 and all(word.cut == cut for word in words):
            self.tag(node)
            self._speak("")
            self._use(cut, size, 0.0)
            self._move(*place)
            self._text.append(self._plain(cut, words, gaps, stretch))
            return
        self._mixed(words, gaps, node, size, place=place, stretch=stretch, para=para)

    def _plain(self, cut: int, words: Sequence[Word], gaps: Sequence[float], stretch: float) -> str:
        """The common case: one file, one size."""
        face = self._faces.cut(cut)
        assert face is not None  # noqa: S101  # it shaped these words
        gap = gaps[0]
        inner = gaps[:-1]
        if not inner or inner.count(gap) == len(inner):
            joint = face.joint(gap * (1.0 + stretch)) if gap else ""
            return _shown(joint.join([word.code for word in words]))
        parts: list[str] = []
        for word, gap in zip(words, gaps, strict=True):
            parts.append(word.code)
            if gap:
                parts.append(face.joint(gap * (1.0 + stretch)))
        return _shown("".join(parts))

    def _mixed(
        self,
        words: Sequence[Word],
        gaps: Sequence[float],
        node: int,
        size: float,
        *,
        place: tuple[float, float],
        stretch: float,
        para: Para | None,
    ) -> None:
        """Words of several looks, or with links, languages and lines over them."""
        x, y = place
        moved = False
        runs: list[tuple[Mark, float, float]] = []
        for index, (word, gap) in enumerate(zip(words, gaps, strict=True)):
            for part in word.stretches:
                mark = part.mark
                self.tag(self._node_of(node, mark, para))
                self._speak(mark.lang)
                self._use(part.run.cut, part.size * size, part.rise * size)
                if not moved:
                    self._move(x, y)
                    moved = True
                self._codes.append(part.run.code)
                width = part.run.width * part.size * size / 1000
                runs.append((mark, x, x + width))
                x += width
            if gap and index + 1 < len(words) and word.stretches:
                wide = gap * (1.0 + stretch) * size
                last, following = word.stretches[-1].mark, words[index + 1].mark
                self._gap(wide, last, following, node)
                if last == following:
                    runs.append((last, x, x + wide))
                x += wide
        self._show()
        self._over(runs, y, size, node, para)

    def _show(self) -> None:
        """Write the codes that wait."""
        if self._codes:
            self._text.append(_shown("".join(self._codes)))
            self._codes = []

    def _gap(self, wide: float, before: Mark, after: Mark, node: int) -> None:
        """Draw a space in the face before it; between two links or languages it belongs to neither."""
        if before != after:
            if before.link != after.link:
                self.tag(node)
            self._speak("")
        cut, size = self._font
        face = self._faces.cut(cut)
        assert face is not None  # noqa: S101  # it has just been drawn with
        self._codes.append(face.joint(wide / size))

    def _node_of(self, node: int, mark: Mark, para: Para | None) -> int:
        """The node of a link is made when it is first drawn."""
        if mark.link < 0 or para is None:
            return node
        key = (id(para), mark.link)
        known = self._links.get(key)
        if known is None:
            known = self._links[key] = self._draft.new_element("Link", node)
        return known

    def _over(
        self, runs: Sequence[tuple[Mark, float, float]], y: float, size: float, node: int, para: Para | None
    ) -> None:
        """Links as areas, lines along the text as artifacts."""
        for mark, x, end in _merged(runs):
            if mark.link >= 0 and para is not None:
                area = (x, y - _LINK_BELOW * size, end, y + _LINK_ABOVE * size)
                target = self._node_of(node, mark, para)
                self._draft.elements[target].kids.append(("link", self._page, len(self.sheet.areas)))
                self.sheet.areas.append(Area(area, para.links[mark.link], target))
            if mark.is_underlined:
                self.rule(x, y + _UNDERLINE * size, end - x, _THICKNESS * size)
            if mark.is_struck:
                self.rule(x, y + _STRIKE * size, end - x, _THICKNESS * size)

    # ------------------------------------------------------------ drawings

    def rule(self, x: float, y: float, width: float, thickness: float, grey: float = 0.0) -> None:
        """Draw a line with its upper edge at y; it means nothing to who listens."""
        color = f"{number(grey)} g " if grey else ""
        box = f"{number(x)} {number(y - thickness)} {number(width)} {number(thickness)} re f"
        self._drawn.append(f"/Artifact BMC q {color}{box} Q EMC\n")

    def ornament(self, name: str, middle: float, top: float, size: float) -> None:
        """Draw an ornament about a middle, below a top."""
        drawing = ORNAMENTS[name]
        x = middle - drawing.width * size / 2
        parts = [f"/Artifact BMC q {number(size)} 0 0 {number(-size)} {number(x)} {number(top)} cm\n"]
        for letter, figures in drawing.commands():
            numbers = " ".join(f"{figure:.3f}" for figure in figures)
            parts.append({"M": f"{numbers} m\n", "L": f"{numbers} l\n", "C": f"{numbers} c\n", "Z": "h\n"}[letter])
        self._drawn.append("".join(parts) + "f Q EMC\n")

    def picture(self, name: str, node: int, box: tuple[float, float, float, float]) -> None:
        """Draw a picture: left, bottom, width, height."""
        self.end_tag()
        self.tag(node)
        x, y, width, height = map(number, box)
        self._text.append(f"ET q {width} 0 0 {height} {x} {y} cm /{name} Do Q BT\n")
        self._x = self._y = 0  # a new text object begins at the origin

    def decoration(self, name: str, box: tuple[float, float, float, float]) -> None:
        """Draw a picture that means nothing to who listens."""
        x, y, width, height = map(number, box)
        self._drawn.append(f"/Artifact BMC q {width} 0 0 {height} {x} {y} cm /{name} Do Q EMC\n")

    def dots(self, x: float, end: float, y: float) -> None:
        """Draw a row of dots that leads from one place to another."""
        line = f"{number(x)} {number(y)} m {number(end)} {number(y)} l S"
        self._drawn.append(f"/Artifact BMC q .33 G {_DOT_PT} w 1 J [0 {_DOT_PT * 3}] 0 d {line} Q EMC\n")

    def close(self) -> None:
        """Finish the page."""
        self.end_tag()
        text = "".join(self._text)
        content = (f"BT\n{text}ET\n" if text else "") + "".join(self._drawn)
        self.sheet.content = zlib.compress(content.encode("latin-1"), _COMPRESSION)


def _shown(code: str) -> str:
    """Return the command that shows glyphs. No string is empty: some viewers forget the space beside one."""
    start = f"[({code}" if code[:1] != ")" else f"[{code[1:]}"
    return f"{start})]TJ\n" if code[-1:] != "(" or code[-2:] == "\\(" else f"{start[:-1]}]TJ\n"


def _merged(runs: Sequence[tuple[Mark, float, float]]) -> list[tuple[Mark, float, float]]:
    """Neighbours with the same mark as one."""
    found: list[tuple[Mark, float, float]] = []
    for mark, start, end in runs:
        if mark == NO_MARK:
            continue
        if found and found[-1][0] == mark and abs(found[-1][2] - start) < 0.01:
            found[-1] = (mark, found[-1][1], end)
        else:
            found.append((mark, start, end))
    return found
