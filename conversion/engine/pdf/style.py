"""Style sheets for WeasyPrint: a design and a target in figures, then `assets/pdf.css`, which all of them share.

Values that the shared rules need stand as custom properties on the root, so that one sheet serves every design.
"""

from __future__ import annotations

from collections.abc import Iterable

from .. import ASSETS
from ..markup.terms import primary
from ..targets import Target
from ..typography import fonts
from ..typography.designs import Case, Design, Position
from ..typography.fonts import Face
from ..typography.ornaments import ORNAMENTS
from .upright import FAMILY as UPRIGHT

FACE = "face:"
ORNAMENT = "ornament:"
_CJK_FALLBACKS = {
    "ja": ('"Noto Serif CJK JP"', '"Noto Sans CJK JP"'),
    "ko": ('"Noto Serif CJK KR"', '"Noto Sans CJK KR"'),
    "zh": ('"Noto Serif CJK SC"', '"Noto Sans CJK SC"'),
}
_SCRIPT_FALLBACKS = {
    "ar": ('"Noto Naskh Arabic"', '"Noto Sans Arabic"'),
    "fa": ('"Noto Naskh Arabic"', '"Noto Sans Arabic"'),
    "ur": ('"Noto Nastaliq Urdu"', '"Noto Naskh Arabic"'),
    "he": ('"Noto Serif Hebrew"', '"Noto Sans Hebrew"'),
    "yi": ('"Noto Serif Hebrew"', '"Noto Sans Hebrew"'),
    "hi": ('"Noto Serif Devanagari"',),
    "th": ('"Noto Serif Thai"',),
}
_GENERIC_FALLBACKS = {
    "serif": ('"Noto Serif"', '"DejaVu Serif"', "serif"),
    "sans-serif": ('"Noto Sans"', '"DejaVu Sans"', "sans-serif"),
    "monospace": ('"DejaVu Sans Mono"', "monospace"),
}
_CJK_RULES = """
html { line-height: LINEpt; text-align: justify; hyphens: none; }
p, p + p { text-indent: 1em; margin-top: 0; }
em { font-style: normal; text-emphasis: none; }
"""
_CJK_LEADING = 1.18  # square letters fill their lines and need more between them
_INNER_HEADS = 6
_TITLE = 1.4  # a book's title, as a share of a chapter's


def base_css() -> str:
    """Return what all designs and targets share."""
    return (ASSETS / "pdf.css").read_text("utf-8")


def families(family: str, language: str) -> str:
    """Return the CSS list of families for text of a language: a family of `fonts.FAMILIES`, then the system's."""
    tag = primary(language)
    own = (*_CJK_FALLBACKS.get(tag, ()), *_SCRIPT_FALLBACKS.get(tag, ()))
    return fonts.family_list(family, *own, *_GENERIC_FALLBACKS[fonts.FAMILIES[family].generic])


def page_css(target: Target, design: Design, language: str, *, is_verso: bool = False) -> str:
    """Return the rules of one design on one target. `is_verso` is for parts that begin on a left page."""
    rules = [
        _page(target, is_verso=is_verso),
        _text(target, design, language),
        _chapter_title(target, design, language),
        *(_subhead(design, level, language) for level in range(2, _INNER_HEADS + 1)),
        _between(design),
    ]
    if primary(language) in _CJK_FALLBACKS:
        rules.append(_CJK_RULES.replace("LINE", f"{design.line_pt(target) * _CJK_LEADING:.3f}"))
    return "\n".join(rules)


def _page(target: Target, *, is_verso: bool) -> str:
    margins = target.margins
    return f"""
@page {{
  size: {target.width_mm}mm {target.height_mm}mm;
  margin: {margins.top}mm {margins.outer:.2f}mm {margins.bottom}mm {margins.inner:.2f}mm;
  @footnote {{ margin-top: 0.7em; padding-top: 0.45em; border-top: 0.4pt solid; }}
}}
{_facing(target, is_verso=is_verso)}
.own-title {{ padding-top: {target.text_height_mm * 0.2:.1f}mm; }}
.part > h1:first-child {{ padding-top: {target.text_height_mm * 0.25:.1f}mm; }}
img, embed {{ max-height: {target.text_height_mm * 0.86:.1f}mm; }}
"""


def _facing(target: Target, *, is_verso: bool) -> str:
    """Left and right pages mirror each other; a part that begins on a left page has them exchanged."""
    if not target.is_facing:
        return ""
    inner, outer = f"{target.margins.inner:.2f}mm", f"{target.margins.outer:.2f}mm"
    first, second = (":left", ":right") if is_verso else (":right", ":left")
    return (
        f"@page {first} {{ margin-left: {inner}; margin-right: {outer}; }}\n"
        f"@page {second} {{ margin-left: {outer}; margin-right: {inner}; }}\n"
    )


def _text(target: Target, design: Design, language: str) -> str:
    mono = f"{design.mono_size}em"
    flow = "text-align: justify;" if target.is_justified else "text-align: start;"
    flow += "" if target.is_hyphenated else " hyphens: none;"
    gap = f"p + p {{ margin-top: {design.gap_lines}rlh; }}" if design.gap_lines else ""
    return f"""
html {{
  font-family: {families(design.text, language)};
  font-size: {design.size_pt(target):.3f}pt;
  font-weight: {target.weight};
  line-height: {design.line_pt(target):.3f}pt;
  {flow}
}}
p + p, li p + p {{ text-indent: {design.indent_em}em; }}
{gap}
pre, code {{ font-family: {families(design.mono, language)}; font-weight: 400; }}
code {{ font-size: {mono}; }}
.sc {{ font-size: {share(target, design, design.capitals_size)}em; letter-spacing: {design.capitals_spacing_em}em; }}
aside.foot {{ font-size: {share(target, design, 0.8)}em; font-weight: {target.weight}; }}
.notes {{ font-size: {share(target, design, 0.84)}em; }}
p.caption, figcaption, caption {{ font-size: {share(target, design, 0.84)}em; }}
th {{ font-family: {families(design.heading, language)}; {_table_head(design)} }}
"""


def share(target: Target, design: Design, wanted: float) -> float:
    """Return a size as a share of running text, enlarged where it would be smaller than the target allows."""
    return round(max(wanted, min(target.smallest_pt / design.size_pt(target), 1.0)), 4)


def _table_head(design: Design) -> str:
    is_serif = fonts.FAMILIES[design.heading].generic == "serif"
    return "font-weight: 400; font-style: italic;" if is_serif else "font-weight: 600; font-style: normal;"


def _chapter_title(target: Target, design: Design, language: str) -> str:
    below = design.heading_below_lines
    after = ""
    if design.has_rule:
        width = f"{design.rule_em}em" if design.rule_em else "100%"
        side = "0 auto" if design.heading_position is Position.CENTER else "0"
        gap = below / 2
        after = (
            f"h1::after {{ content: ''; display: block; width: {width}; margin: {gap}rlh {side} -{design.rule_pt}pt; "
            f"border-top: {design.rule_pt}pt solid; font-size: {1 / design.heading_size:.4f}em; }}"
        )
        below -= gap
    elif design.heading_ornament:
        ornament = ORNAMENTS[design.heading_ornament]
        across = ornament.width / design.heading_size
        after = (
            f"h1 {{ padding-bottom: {below - 0.5}rlh; background: url({ORNAMENT}{design.heading_ornament}) no-repeat "
            f"center bottom {(below - 1.2) / 2:.2f}rlh / {across:.3f}em auto; }}"
        )
        below = 0.5
    return f"""
h1 {{
  margin: 0 0 {below}rlh;
  font-family: {families(design.heading, language)};
  font-size: {design.heading_size}em;
  font-style: {"italic" if design.heading_is_italic else "normal"};
  font-weight: {design.heading_weight};
  letter-spacing: {design.heading_spacing_em}em;
  line-height: {design.heading_line}rlh;
  text-align: {"center" if design.heading_position is Position.CENTER else "start"};
  {_case(design.heading_case)}
}}
{after}
.own-title h1 {{ font-size: {design.heading_size * _TITLE:.3f}em; }}
.own-title p {{ text-align: {"center" if design.heading_position is Position.CENTER else "start"}; }}
.chapter > h1:first-child, .part > h1:first-child, .contents > h1 {{ padding-top: {target.sink * design.sink}rlh; }}
"""


def _subhead(design: Design, level: int, language: str) -> str:
    head = design.subhead(level)
    names = f"h{level}" if level > 2 else "h2, h1 ~ h1"
    again = "" if level > 2 else "h1 ~ h1::after { content: none; }\nh1 ~ h1 { padding: 0; background: none; }"
    return f"""
{again}
{names} {{
  font-family: {families(design.heading, language)};
  margin: {head.above_lines}rlh 0 {head.below_lines}rlh;
  font-size: {head.size}em;
  font-style: {"italic" if head.is_italic else "normal"};
  font-weight: {head.weight};
  letter-spacing: {head.spacing_em}em;
  line-height: {head.line}rlh;
  text-align: start;
  {_case(head.case)}
}}"""


def _case(case: Case) -> str:
    return "text-transform: uppercase;" if case is Case.CAPITALS else "text-transform: none;"


def _between(design: Design) -> str:
    height = ORNAMENTS[design.scene_ornament].height if design.scene_ornament else 1
    return f"""
.turn {{ background: url({ORNAMENT}turn) no-repeat center / contain; }}
.scene {{ margin: {design.scene_lines}rlh 0; }}
.scene img {{ height: {height}em; }}
blockquote {{
  margin: 1rlh {design.quote_em}em;
  font-size: {design.quote_size}em;
  font-style: {"italic" if design.quote_is_italic else "normal"};
}}
p.epigraph, p.attribution {{ font-size: {design.quote_size}em; }}
p.epigraph {{ font-style: {"italic" if design.quote_is_italic else "normal"}; }}
.verse {{ margin: 1rlh 0 1rlh {design.verse_em}em; }}
"""


def vertical_css(design: Design, language: str) -> str:
    """Return the rules for pages that lie on their side until they are turned: upright letters before all others, and
    titles that begin three letters down."""
    text = f'"{UPRIGHT}", {families(design.text, language)}'
    heading = f'"{UPRIGHT}", {families(design.heading, language)}'
    return f"""
html, pre, code {{ font-family: {text}; }}
h1, h2, h3, h4, h5, h6, th {{ font-family: {heading}; background: none !important; text-align: start; }}
h1 {{ font-size: 1.3em; line-height: 2rlh; }}
h1::after {{ content: none !important; }}
.chapter > h1:first-child {{ padding: 0 0 0 3em; margin-bottom: 1rlh; }}
"""


def face_css(faces: Iterable[Face]) -> str:
    """Return the rules that load packaged faces."""
    return "\n".join(
        f'@font-face {{ font-family: "{face.family}"; src: url("{FACE}{face.file}");'
        f" font-weight: {face.weight}; font-style: {face.style}; }}"
        for face in faces
    )
