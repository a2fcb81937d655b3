"""The parts around the text: content types, relationships, styles, lists, properties."""

from __future__ import annotations

from collections.abc import Sequence

from ...book.model import Metadata
from ...markup.text import attribute, escape, language_tag, one_line
from .blocks import ListKind

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_NAMES = (
    f'{_W} xmlns:r="{_R}" xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"'
)
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_MEDIA = {"jpg": "image/jpeg", "png": "image/png", "svg": "image/svg+xml"}
_OWN_PARTS = ("styles", "numbering", "settings", "footnotes", "endnotes")

ROOT_RELATIONSHIPS = (
    f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_R}/officeDocument" Target="word/document.xml"/>'
    f'<Relationship Id="rId2" Type="{_PACKAGE}/relationships/metadata/core-properties" Target="docProps/core.xml"/>'
    "</Relationships>"
)
SETTINGS = (
    f'{_HEAD}<w:settings {_W}><w:footnotePr><w:footnote w:id="-1"/><w:footnote w:id="0"/></w:footnotePr>'
    '<w:endnotePr><w:endnote w:id="-1"/><w:endnote w:id="0"/></w:endnotePr>'
    '<w:compat><w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" '
    'w:val="15"/></w:compat></w:settings>'
)


def content_types(extensions: set[str]) -> str:
    """Return which part is of which type."""
    defaults = "".join(
        f'<Default Extension="{extension}" ContentType="{_MEDIA[extension]}"/>' for extension in sorted(extensions)
    )
    parts = "".join(f'<Override PartName="/word/{part}.xml" ContentType="{_WORD}.{part}+xml"/>' for part in _OWN_PARTS)
    return (
        f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">'
        f'<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>{defaults}'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{_WORD}.document.main+xml"/>{parts}'
        '<Override PartName="/docProps/core.xml" '
        'ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>'
    )


def relationships(found: dict[str, tuple[str, str, bool]], *, is_main: bool = False) -> str:
    """Return the relationships of a part; the main part has those of the others, too."""
    own = "".join(
        f'<Relationship Id="rId{number}" Type="{_R}/{part}" Target="{part}.xml"/>'
        for number, part in enumerate(_OWN_PARTS if is_main else (), 1)
    )
    more = "".join(
        f'<Relationship Id="{name}" Type="{_R}/{kind}" Target="{attribute(target)}"'
        f"{' TargetMode=' + chr(34) + 'External' + chr(34) if is_external else ''}/>"
        for name, (kind, target, is_external) in found.items()
    )
    return f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{own}{more}</Relationships>'


def core(about: Metadata) -> str:
    """Return the document's properties. They hold no time, so that equal Books give equal bytes."""
    authors = "; ".join(one_line(person.name) for person in about.contributors if person.role == "aut")
    return (
        f'{_HEAD}<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:title>{escape(one_line(about.title))}</dc:title><dc:creator>{escape(authors)}</dc:creator>"
        f"<dc:description>{escape(one_line(about.description))}</dc:description>"
        f"<dc:language>{language_tag(about.language)}</dc:language>"
        f"<cp:keywords>{escape('; '.join(map(one_line, about.subjects)))}</cp:keywords></cp:coreProperties>"
    )


def document(body: str, *, is_rtl: bool) -> str:
    """Return the main part; A4 with margins to write in."""
    section = (
        '<w:sectPr><w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1440" w:right="1700" w:bottom="1440" '
        f'w:left="1700" w:header="708" w:footer="708" w:gutter="0"/>{"<w:bidi/>" if is_rtl else ""}</w:sectPr>'
    )
    return f"{_HEAD}<w:document {_NAMES}><w:body>{body}{section}</w:body></w:document>"


def notes(kind: str, inside: str) -> str:
    """Return the part of foot- or endnotes, with the separators that Word wants."""
    lines = "".join(
        f'<w:{kind} w:type="{name}" w:id="{number}"><w:p><w:r><w:{name}/></w:r></w:p></w:{kind}>'
        for number, name in ((-1, "separator"), (0, "continuationSeparator"))
    )
    return f"{_HEAD}<w:{kind}s {_NAMES}>{lines}{inside}</w:{kind}s>"


# ---------------------------------------------------------------- lists

_FORMATS = {
    "": "decimal",
    "decimal": "decimal",
    "lower-alpha": "lowerLetter",
    "upper-alpha": "upperLetter",
    "lower-roman": "lowerRoman",
    "upper-roman": "upperRoman",
}
_LEVELS = range(9)


def numbering(lists: Sequence[ListKind]) -> str:
    """Return the definition of each list: every list counts for itself."""
    kinds = list(enumerate(lists, 1))
    abstract = "".join(
        f'<w:abstractNum w:abstractNumId="{number}"><w:multiLevelType w:val="hybridMultilevel"/>'
        f"{''.join(_level(kind, level) for level in _LEVELS)}</w:abstractNum>"
        for number, kind in kinds
    )
    numbers = "".join(f'<w:num w:numId="{n}"><w:abstractNumId w:val="{n}"/></w:num>' for n, _ in kinds)
    return f"{_HEAD}<w:numbering {_W}>{abstract}{numbers}</w:numbering>"


def _level(kind: ListKind, level: int) -> str:
    form = _FORMATS.get(kind.style, "decimal") if kind.is_ordered else "bullet"
    sign = f"%{level + 1}." if kind.is_ordered else "•"
    indent = f'<w:pPr><w:ind w:left="{720 * (level + 1)}" w:hanging="360"/></w:pPr>'
    return (
        f'<w:lvl w:ilvl="{level}"><w:start w:val="{max(kind.start, 0)}"/><w:numFmt w:val="{form}"/>'
        f'<w:lvlText w:val="{sign}"/><w:lvlJc w:val="left"/>{indent}</w:lvl>'
    )


# ---------------------------------------------------------------- styles

_SERIF = '<w:rFonts w:ascii="Georgia" w:hAnsi="Georgia" w:cs="Times New Roman"/>'
_MONO = '<w:rFonts w:ascii="Consolas" w:hAnsi="Consolas" w:cs="Courier New"/>'
_CENTRED = '<w:jc w:val="center"/>'
# id, name, properties of the paragraph, properties of its text
_PARAGRAPHS = (
    ("Title", "Title", '<w:spacing w:before="2400" w:after="240"/>' + _CENTRED, '<w:sz w:val="48"/>'),
    ("Subtitle", "Subtitle", '<w:spacing w:after="240"/>' + _CENTRED, '<w:i/><w:sz w:val="28"/>'),
    ("Author", "Author", '<w:spacing w:after="240"/>' + _CENTRED, '<w:sz w:val="28"/>'),
    ("Quote", "Quote", '<w:ind w:left="567" w:right="567"/>', ""),
    ("Verse", "Verse", '<w:spacing w:before="120" w:after="120"/><w:ind w:left="567"/>', ""),
    ("SceneBreak", "Scene Break", '<w:spacing w:before="240" w:after="240"/>' + _CENTRED, ""),
    ("SourceCode", "Source Code", '<w:spacing w:before="120" w:after="120"/>', _MONO + '<w:sz w:val="20"/>'),
    ("Caption", "caption", '<w:spacing w:after="240"/>' + _CENTRED, '<w:sz w:val="20"/>'),
    ("Figure", "Figure", "<w:keepNext/>" + _CENTRED, ""),
    ("ListParagraph", "List Paragraph", "", ""),
    ("ListContinue", "List Continue", '<w:ind w:left="720"/>', ""),
    ("DefinitionTerm", "Definition Term", "<w:keepNext/>", "<w:b/>"),
    ("Definition", "Definition", '<w:ind w:left="567"/>', ""),
    ("Dedication", "Dedication", "", "<w:i/>"),
    ("Epigraph", "Epigraph", '<w:ind w:left="567" w:right="567"/>', ""),
    ("Attribution", "Attribution", '<w:jc w:val="right"/>', ""),
    ("Signature", "Signature", '<w:jc w:val="right"/>', ""),
    ("FootnoteText", "footnote text", "", '<w:sz w:val="20"/>'),
    ("EndnoteText", "endnote text", "", '<w:sz w:val="20"/>'),
)
_CHARACTERS = (
    ("FootnoteReference", "footnote reference", '<w:vertAlign w:val="superscript"/>'),
    ("EndnoteReference", "endnote reference", '<w:vertAlign w:val="superscript"/>'),
    ("Hyperlink", "Hyperlink", '<w:color w:val="1F4E79"/><w:u w:val="single"/>'),
    ("VerbatimChar", "Verbatim Char", _MONO),
)
_HEADING_SIZES = (36, 30, 26, 24, 24, 24)


def styles(language: str) -> str:
    """Return the styles, with the language of the text."""
    tag = attribute(language)
    defaults = (
        f"<w:docDefaults><w:rPrDefault><w:rPr>{_SERIF}"
        f'<w:sz w:val="24"/><w:lang w:val="{tag}" w:eastAsia="{tag}" w:bidi="{tag}"/></w:rPr></w:rPrDefault>'
        '<w:pPrDefault><w:pPr><w:spacing w:after="120" w:line="300" w:lineRule="auto"/></w:pPr></w:pPrDefault>'
        "</w:docDefaults>"
    )
    normal = '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>'
    headings = "".join(_heading(level, size) for level, size in enumerate(_HEADING_SIZES, 1))
    paragraphs = "".join(
        f'<w:style w:type="paragraph" w:styleId="{name}"><w:name w:val="{label}"/><w:basedOn w:val="Normal"/>'
        f"{f'<w:pPr>{paragraph}</w:pPr>' if paragraph else ''}{f'<w:rPr>{run}</w:rPr>' if run else ''}</w:style>"
        for name, label, paragraph, run in _PARAGRAPHS
    )
    characters = "".join(
        f'<w:style w:type="character" w:styleId="{name}"><w:name w:val="{label}"/><w:rPr>{run}</w:rPr></w:style>'
        for name, label, run in _CHARACTERS
    )
    return f"{_HEAD}<w:styles {_W}>{defaults}{normal}{headings}{paragraphs}{characters}{_TABLE}</w:styles>"


def _heading(level: int, size: int) -> str:
    before = (
        '<w:pageBreakBefore/><w:spacing w:before="1200" w:after="480"/>'
        if level == 1
        else ('<w:spacing w:before="360" w:after="120"/>')
    )
    return (
        f'<w:style w:type="paragraph" w:styleId="Heading{level}"><w:name w:val="heading {level}"/>'
        f'<w:basedOn w:val="Normal"/><w:next w:val="Normal"/><w:pPr><w:keepNext/>{before}'
        f'<w:outlineLvl w:val="{level - 1}"/></w:pPr><w:rPr><w:sz w:val="{size}"/></w:rPr></w:style>'
    )


_BORDERS = "".join(
    f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="808080"/>'
    for side in ("top", "left", "bottom", "right", "insideH", "insideV")
)
_TABLE = (
    '<w:style w:type="table" w:styleId="TableGrid"><w:name w:val="Table Grid"/>'
    f"<w:tblPr><w:tblBorders>{_BORDERS}</w:tblBorders></w:tblPr></w:style>"
)
