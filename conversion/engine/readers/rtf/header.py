"""What an RTF declares before its text: fonts, styles, lists, and the properties of the document."""

from __future__ import annotations

from dataclasses import dataclass, field

from ...book import clean
from ...book.model import Contributor, Metadata
from ..assembly import properties
from ..assembly.numbering import Level, NumberedList
from ..assembly.spans import CODE, EMPHASIS, SMALL_CAPS, STRIKE, STRONG, UNDERLINE
from ..assembly.style_names import Kind, heading_level, kind_of
from ..assembly.symbol_fonts import is_symbol_font
from .charsets import SYMBOLS, codec_of_charset, codec_of_page, text_of
from .tokens import Group

# Formatting that is switched on and off; those with "0" as a number are off.
TOGGLES: dict[bytes, int] = {
    b"b": STRONG,
    b"i": EMPHASIS,
    b"scaps": SMALL_CAPS,
    b"strike": STRIKE,
    b"striked": STRIKE,
    b"ul": UNDERLINE,
    b"uld": UNDERLINE,
    b"uldash": UNDERLINE,
    b"uldashd": UNDERLINE,
    b"uldashdd": UNDERLINE,
    b"uldb": UNDERLINE,
    b"ulhwave": UNDERLINE,
    b"ulldash": UNDERLINE,
    b"ulth": UNDERLINE,
    b"ulthd": UNDERLINE,
    b"ulthdash": UNDERLINE,
    b"ulthdashd": UNDERLINE,
    b"ulthdashdd": UNDERLINE,
    b"ulthldash": UNDERLINE,
    b"ululdbwave": UNDERLINE,
    b"ulw": UNDERLINE,
    b"ulwave": UNDERLINE,
}
MAX_FONTS = MAX_STYLES = MAX_LISTS = 10_000
DEFAULT_SIZE = 24  # half points
_LEVEL_STYLES = {
    0: "decimal",
    1: "upper-roman",
    2: "lower-roman",
    3: "upper-alpha",
    4: "lower-alpha",
}
_BULLET, _NONE = 23, 255
_CODE_NAMES = {"verbatim char", "html code", "source code", "html typewriter", "source text"}
_LINK_NAMES = {"hyperlink", "followedhyperlink", "internet link", "visited internet link"}
_MAX_CHAIN = 30


@dataclass(frozen=True, slots=True)
class Font:
    """A font: the codec of its text ("" for the document's), and its name where its letters are signs."""

    codec: str = ""
    symbols: str = ""


@dataclass(frozen=True, slots=True)
class ParagraphStyle:
    """A paragraph style: what it is for. `flags` are its own, which mean nothing in what is not prose."""

    kind: Kind = Kind.BODY
    level: int = 0
    flags: int = 0
    size: int = DEFAULT_SIZE
    indent_left: int = 0


@dataclass(frozen=True, slots=True)
class CharacterStyle:
    """A character style: what it switches on, and what it takes off."""

    flags: int = 0
    off: int = 0


@dataclass(slots=True)
class Header:
    """Everything declared, by number."""

    codec: str
    fonts: dict[int, Font] = field(default_factory=dict)
    paragraph_styles: dict[int, ParagraphStyle] = field(default_factory=dict)
    character_styles: dict[int, CharacterStyle] = field(default_factory=dict)
    lists: dict[str, NumberedList] = field(default_factory=dict)
    _levels: dict[int, dict[int, Level]] = field(default_factory=dict)

    def read_fonts(self, table: Group) -> None:
        """`\\fonttbl`: each font in a group of its own, or all in one."""
        loose = Group()
        for item in table.items:
            if isinstance(item, Group):
                self._font(item)
            else:
                loose.items.append(item)
                if isinstance(item, bytes) and b";" in item:
                    self._font(loose)
                    loose = Group()

    def _font(self, group: Group) -> None:
        words = group.words()
        number = words.get(b"f")
        if number is None or len(self.fonts) >= MAX_FONTS:
            return
        charset = words.get(b"fcharset")
        page = words.get(b"cpg")
        codec = codec_of_page(page) if page else codec_of_charset(1 if charset is None else charset)
        name = text_of(group, self.codec).partition(";")[0].strip()
        is_signs = is_symbol_font(name)
        self.fonts[number] = Font("latin-1" if is_signs or charset == SYMBOLS else codec, name if is_signs else "")

    # ------------------------------------------------------------ styles

    def read_styles(self, table: Group) -> None:
        """`\\stylesheet`. Each style repeats what it takes from the one below, except its purpose."""
        named: dict[int, tuple[str, Group, dict[bytes, int | None]]] = {}
        for group in list(table.groups())[:MAX_STYLES]:
            words = group.words()
            name = text_of(group, self.codec).partition(";")[0].strip().lower()
            character = words.get(b"cs")
            if character is not None:
                self.character_styles[character] = _character_style(name, words)
            elif not {b"ds", b"ts", b"tsrowd"} & set(words):
                named[words.get(b"s") or 0] = (name, group, words)
        for number in named:
            self.paragraph_styles[number] = self._paragraph_style(number, named)

    def _paragraph_style(
        self, number: int, named: dict[int, tuple[str, Group, dict[bytes, int | None]]]
    ) -> ParagraphStyle:
        own = named[number][2]
        chain: list[tuple[str, int | None]] = []
        step: int | None = number
        seen: set[int] = set()
        while step in named and step not in seen and len(chain) < _MAX_CHAIN:
            seen.add(step)
            name, _, words = named[step]
            chain.append((name, words.get(b"outlinelevel")))
            step = words.get(b"sbasedon")
        kind, level = _kind_and_level(chain)
        indent = (own.get(b"li") or 0) + min(own.get(b"fi") or 0, 0)
        return ParagraphStyle(kind, level, flags_of(own), own.get(b"fs") or DEFAULT_SIZE, indent)

    # ------------------------------------------------------------ lists

    def read_list_table(self, table: Group) -> None:
        """`\\listtable`: the definitions."""
        for group in list(table.groups(b"list"))[:MAX_LISTS]:
            number = group.words().get(b"listid")
            if number is not None:
                levels = list(group.groups(b"listlevel"))[:9]
                self._levels[number] = {place: _level(level, self.codec) for place, level in enumerate(levels)}

    def read_list_overrides(self, table: Group) -> None:
        """`\\listoverridetable`: the numbers that paragraphs use, each of a definition with changes."""
        for group in list(table.groups(b"listoverride"))[:MAX_LISTS]:
            words = group.words()
            number, definition = words.get(b"ls"), words.get(b"listid")
            if number is None or definition is None:
                continue
            levels = dict(self._levels.get(definition, {}))
            starts: dict[int, int] = {}
            for place, change in enumerate(list(group.groups(b"lfolevel"))[:9]):
                own = next(change.groups(b"listlevel"), None)
                if own is not None and b"listoverrideformat" in change.words():
                    levels[place] = _level(own, self.codec)
                if b"listoverridestartat" in change.words():
                    start = change.words().get(b"levelstartat")
                    starts[place] = start if start is not None else levels.get(place, Level()).start
            self.lists[str(number)] = NumberedList(str(definition), levels, starts)


def flags_of(words: dict[bytes, int | None]) -> int:
    """The formatting that control words switch on."""
    flags = 0
    for name, number in words.items():
        if number != 0:
            flags |= TOGGLES.get(name, 0)
    return flags


def _character_style(name: str, words: dict[bytes, int | None]) -> CharacterStyle:
    off = UNDERLINE if name in _LINK_NAMES else 0
    return CharacterStyle((flags_of(words) | (CODE if name in _CODE_NAMES else 0)) & ~off, off)


def _kind_and_level(chain: list[tuple[str, int | None]]) -> tuple[Kind, int]:
    """The purpose of a style, by the names and outline levels of it and those below it."""
    outline: int | None = None
    for name, own in chain:
        outline = own if outline is None else outline
        kind = kind_of(name)
        if kind is not None:
            return kind, 0
        named = heading_level(name)
        has_outline = outline is not None and 0 <= outline < 9
        if named or has_outline:
            return Kind.HEADING, min(outline + 1 if has_outline and outline is not None else named, 6)
    return Kind.BODY, 0


def _level(group: Group, codec: str) -> Level:
    words = group.words()
    form = words.get(b"levelnfcn", words.get(b"levelnfc")) or 0
    text_group = next(group.groups(b"leveltext"), None)
    text = _level_text(text_group, codec) if text_group is not None else ""
    ordered = form not in (_BULLET, _NONE)
    start = words.get(b"levelstartat")
    return Level(
        style=_LEVEL_STYLES.get(form, "decimal") if ordered else "",
        start=1 if start is None else max(0, min(start, 9999)),
        text=text,
        ordered=ordered,
        silent=not text.strip() or form == _NONE,
    )


def _level_text(group: Group, codec: str) -> str:
    """A template such as "%1.": bytes below 9 stand for the numbers of levels, the first is the length."""
    template = Group()
    has_length = False
    for item in group.items:
        if isinstance(item, int) and not has_length:
            has_length = True
        elif isinstance(item, int) and item < 9:
            template.items.append(b"%%%d" % (item + 1))
        elif not isinstance(item, Group):
            template.items.append(item)
    return text_of(template, codec).removesuffix(";")


# ---------------------------------------------------------------- properties of the document


def read_info(group: Group, codec: str, metadata: Metadata) -> None:
    """`\\info`: title, author and more."""

    def text(name: bytes) -> str:
        found = next(group.groups(name), None)
        return clean.title(text_of(found, codec), 2000) if found is not None else ""

    metadata.title = clean.title(text(b"title"))
    names = [clean.title(name, 200) for name in text(b"author").split(";")]
    metadata.contributors = [Contributor(name) for name in names if name][:20]
    metadata.description = text(b"doccomm")
    metadata.subjects = [word.strip() for word in text(b"keywords").replace(";", ",").split(",") if word.strip()][:20]
    properties.without_programs(metadata)


def starting_codec(words: dict[bytes, int | None]) -> str:
    """The codec of the document by its first control words."""
    page = words.get(b"ansicpg")
    if page and (codec := codec_of_page(page)):
        return codec
    for name, number in ((b"mac", 10000), (b"pca", 850), (b"pc", 437)):
        if name in words:
            return codec_of_page(number)
    return codec_of_page(1252)
