"""Random DOCX, ODT and RTF files."""

from __future__ import annotations

import random
from html import escape

from bench.fuzz.words import NUMBERS, picture, split, text, tree, zipped

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_WORD_SPACES = (
    f'xmlns:w="{_W}" xmlns:r="{_OFFICE}" xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
)
_WORD_TAGS = tuple(
    f"w:{name}"
    for name in split(
        "p p p p p r r r r t t t t pPr pPr rPr rPr pStyle rStyle jc ind outlineLvl numPr numId ilvl framePr bidi b "
        "i sz smallCaps strike vertAlign vanish lang rtl rFonts sectPr pageBreakBefore br cr tab sym noBreakHyphen "
        "softHyphen hyperlink bookmarkStart bookmarkEnd fldSimple fldChar instrText footnoteReference "
        "endnoteReference footnoteRef commentReference ins del delText moveFrom moveTo tbl tblPr tblGrid gridCol tr "
        "trPr tblHeader tc tcPr gridSpan vMerge sdt sdtPr sdtContent docPartObj docPartGallery ruby rt rubyBase "
        "drawing pict object txbxContent altChunk customXml smartTag position u highlight shd caps"
    )
) + split(
    "mc:AlternateContent mc:Choice mc:Fallback wp:inline wp:anchor wp:docPr a:blip a:graphic a:graphicData "
    "v:shape v:imagedata v:textbox v:textpath wps:txbx m:oMath m:oMathPara m:r m:t m:f m:num m:den m:sSup m:e "
    "m:sup m:nary m:naryPr m:chr m:d m:dPr m:m m:mr m:rad m:deg m:func m:fName m:acc m:bar m:limLow m:lim "
    "m:eqArr m:sub m:begChr m:groupChr"
)
_WORD_VALUES = (
    *NUMBERS,
    *(
        "Heading1",
        "Title",
        "Verse",
        "Loop",
        "s1",
        "begin",
        "separate",
        "end",
        "restart",
        "center",
        "page",
        "superscript",
    ),
    *(
        "REF n1 \\h",
        'HYPERLINK "x"',
        "TOC \\o",
        "PAGEREF n1",
        "XE y",
        "Table of Contents",
        "drop",
        "∑",
        "de-DE",
        "r1",
        "r2",
    ),
)
_WORD_ATTRIBUTES = split(
    "w:val w:id w:name w:type w:fldCharType w:anchor r:id r:embed r:link w:left w:firstLine w:hanging w:instr "
    "w:lines w:dropCap w:bidi w:eastAsia w:char w:font w:ascii descr name title string m:val w:styleId w:w"
)


def docx(chance: random.Random) -> bytes:
    def attribute() -> str:
        return f'{chance.choice(_WORD_ATTRIBUTES)}="{escape(chance.choice(_WORD_VALUES))}"'

    def part(name: str, inner: str) -> str:
        return f"<w:{name} {_WORD_SPACES}>{inner}</w:{name}>"

    def story() -> str:
        paragraphs = (
            f"<w:p>{tree(chance, _WORD_TAGS, attribute, 5)}<w:r><w:t>{escape(text(chance))}</w:t></w:r></w:p>"
            for _ in range(chance.choice((1, 4, 9)))
        )
        return "".join(paragraphs) + tree(chance, _WORD_TAGS, attribute)

    styles = "".join(
        f'<w:style w:type="paragraph" w:styleId="{name}"><w:name w:val="{called}"/><w:basedOn w:val="{base}"/>'
        f"{tree(chance, _WORD_TAGS, attribute, 2)}</w:style>"
        for name, called, base in (
            ("Heading1", "heading 1", "Loop"),
            ("Title", "Title", ""),
            ("Verse", "Verse", "Title"),
            ("Loop", "x", "s1"),
            ("s1", "y", "Loop"),
        )
    )
    levels = split("w:abstractNum w:num w:lvl w:start w:numFmt w:lvlText w:abstractNumId w:lvlOverride w:startOverride")
    notes = "".join(f'<w:footnote w:id="{number}">{story()}</w:footnote>' for number in ("1", "2", "x"))
    kinds = ("styles", "numbering", "footnotes", "image", "hyperlink", "comments")
    relations = "".join(
        f'<Relationship Id="r{number}" Type="{_OFFICE}/{kind}" '
        f'Target="{chance.choice((kind + ".xml", "p.png", "../x", "/word/p.png", "", "http://x y"))}"/>'
        for number, kind in enumerate(kinds)
    )
    package = "http://schemas.openxmlformats.org/package/2006"
    main = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    return zipped(
        {
            "[Content_Types].xml": f'<Types xmlns="{package}/content-types">'
            f'<Override PartName="/word/document.xml" ContentType="{main}"/></Types>',
            "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="a" '
            f'Type="{_OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>',
            "word/_rels/document.xml.rels": f'<Relationships xmlns="{package}/relationships">{relations}'
            "</Relationships>",
            "word/document.xml": part("document", f"<w:body>{story()}</w:body>"),
            "word/styles.xml": part("styles", styles),
            "word/numbering.xml": part("numbering", tree(chance, levels, attribute, 4)),
            "word/footnotes.xml": part("footnotes", notes),
            "word/p.png": picture(chance),
        }
    )


_ODT_TAGS = split(
    "text:p text:p text:p text:h text:span text:span text:list text:list-item text:list-header text:a text:s "
    "text:tab text:line-break text:note text:note-citation text:note-body text:bookmark text:bookmark-start "
    "text:bookmark-ref text:section text:table-of-content text:index-body text:tracked-changes text:changed- "
    "region text:hidden-text text:reference-mark text:sequence text:ruby text:ruby-base text:ruby-text "
    "text:soft-page-break text:expression table:table table:table-row table:table-cell table:table-header-rows "
    "table:covered-table-cell draw:frame draw:image draw:text-box draw:object svg:title svg:desc "
    "office:annotation"
)
_ODT_ATTRIBUTES = split(
    "text:style-name text:outline-level text:c text:name text:ref-name text:note-class text:id text:start-value "
    "xlink:href table:number-columns-spanned table:number-rows-spanned table:number-columns-repeated "
    "table:style-name text:is-hidden fo:font-size fo:margin-left fo:text-align fo:break-before style:parent- "
    "style-name style:text-position text:level"
)
_ODT_SPACES = " ".join(
    f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for short, name in {
        **{name: name for name in ("office", "text", "table", "style")},
        **{"draw": "drawing", "fo": "xsl-fo-compatible", "svg": "svg-compatible"},
    }.items()
)
_ODT_SPACES += ' xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:dc="http://purl.org/dc/elements/1.1/"'


def odt(chance: random.Random) -> bytes:
    values = (*NUMBERS, "P1", "Heading_20_1", "Title", "n1", "Pictures/p.png", "#n1", "footnote", "super 58%", "x% y")

    def attribute() -> str:
        return f'{chance.choice(_ODT_ATTRIBUTES)}="{escape(chance.choice(values))}"'

    def style(name: str, parent: str) -> str:
        parts = ("style:text-properties", "style:paragraph-properties", "text:list-level-style-number")
        return (
            f'<style:style style:name="{name}" style:family="{chance.choice(("paragraph", "text"))}" '
            f'style:parent-style-name="{parent}">{tree(chance, parts, attribute, 1)}</style:style>'
        )

    styles = style("P1", "Title") + style("Title", "P1") + style("Heading_20_1", "")
    body = "".join(f"<text:p>{tree(chance, _ODT_TAGS, attribute, 5)}{escape(text(chance))}</text:p>" for _ in range(4))
    body += tree(chance, _ODT_TAGS, attribute)
    return zipped(
        {
            "mimetype": "application/vnd.oasis.opendocument.text",
            "content.xml": f"<office:document-content {_ODT_SPACES}><office:automatic-styles>{styles}"
            f"</office:automatic-styles><office:body><office:text>{body}</office:text></office:body>"
            "</office:document-content>",
            "meta.xml": f"<office:document-meta {_ODT_SPACES}><office:meta><dc:title>{escape(text(chance))}</dc:title>"
            "</office:meta></office:document-meta>",
            "Pictures/p.png": picture(chance),
        }
    )


_RTF_WORDS = split(
    "par pard plain page line tab sect cell row nestcell nestrow intbl itap trowd cellx clmgf clmrg clvmgf "
    "clvmrg trhdr b i ul scaps caps strike v super sub nosupersub fs s cs li fi ri qc qr qj rtlpar ltrpar rtlch "
    "lang f u uc ansicpg bin chftn footnote ftnalt field fldinst fldrslt bkmkstart bkmkend stylesheet fonttbl "
    "listtable list listlevel levelnfc levelstartat leveltext listoverridetable listoverride ls ilvl listid "
    "outlinelevel pict pngblip jpegblip wmetafile picw shp shpinst shptxt sp sn sv object result moMath mr mf "
    "mnum mden me info title author upr ud deleted revised dropcapli header footer pn pntext listtext emdash "
    "lquote rquote bullet ' * ~ - _ mac pc"
)


def rtf(chance: random.Random) -> bytes:
    def group(depth: int) -> str:
        parts = []
        for _ in range(chance.choice((2, 5, 9))):
            kind = chance.random()
            if kind < 0.45:
                word = chance.choice(_RTF_WORDS)
                number = chance.choice(("", "", "0", "1", "2", "-1", "8217", "65536", "99999999999"))
                parts.append(f"\\{word}{chance.choice(('e9', 'zz', '0')) if word == chr(39) else number} ")
            elif kind < 0.7 and depth:
                mark = chance.choice(("", "", "\\*"))
                parts.append(f"{{{mark}{group(depth - 1)}{'}' if chance.random() < 0.97 else ''}")
            else:
                parts.append(text(chance))
        return "".join(parts)

    body = "".join(f"{{\\pard {group(4)}\\par}}" for _ in range(chance.choice((1, 3, 8))))
    return f"{{\\rtf1\\ansi {group(5)}{body}{chance.choice(('}', '', '}}}'))}".encode("cp1252", "replace")
