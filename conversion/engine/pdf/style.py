"""The style sheet of one target: its page in figures, then `assets/pdf.css`."""

from __future__ import annotations

from collections.abc import Iterable

from .. import ASSETS, fonts
from ..targets import Target
from ..terms import primary

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
_CJK_RULES = """
html { line-height: calc(LEADING * 1.18); text-align: justify; hyphens: none; }
p, p + p { text-indent: 1em; }
em { font-style: normal; text-emphasis: none; }
"""


def base_css() -> str:
    """Return what all targets share."""
    return (ASSETS / "pdf.css").read_text("utf-8")


def families(language: str) -> str:
    """Return the CSS list of families for running text in a language."""
    tag = primary(language)
    fallbacks = (
        *_CJK_FALLBACKS.get(tag, ()),
        *_SCRIPT_FALLBACKS.get(tag, ()),
        '"Noto Serif"',
        '"DejaVu Serif"',
        "serif",
    )
    return fonts.family_list(fonts.SERIF, *fallbacks)


def page_css(target: Target, language: str, *, is_verso: bool = False) -> str:
    """Return the rules made from a target's figures. `is_verso` is for parts that begin on a left page."""
    margins = target.margins
    justify = "html { text-align: justify; }" if target.is_justified else ""
    sink = f"{target.sink}rlh"
    picture_mm = target.text_height_mm * 0.86
    mono = fonts.family_list(fonts.MONO, '"DejaVu Sans Mono"', "monospace")
    rules = f"""
@page {{
  size: {target.width_mm}mm {target.height_mm}mm;
  margin: {margins.top}mm {margins.outer}mm {margins.bottom}mm {margins.inner}mm;
  @footnote {{ margin-top: 0.7em; padding-top: 0.45em; border-top: 0.4pt solid; }}
}}
{_facing(target, is_verso=is_verso)}
html {{ font-family: {families(language)}; font-size: {target.size_pt}pt; line-height: {target.leading}; }}
{justify}
pre, code {{ font-family: {mono}; }}
.chapter > h1:first-child, .part > h1:first-child, .contents > h1 {{ padding-top: {sink}; }}
.dedication > :first-child, .epigraph > :first-child {{ padding-top: 18%; }}
.own-title {{ padding-top: {target.text_height_mm * 0.2:.1f}mm; }}
.part > h1:first-child {{ padding-top: {target.text_height_mm * 0.25:.1f}mm; }}
img {{ max-height: {picture_mm:.1f}mm; }}
"""
    if primary(language) in _CJK_FALLBACKS:
        rules += _CJK_RULES.replace("LEADING", str(target.leading))
    return rules


def _facing(target: Target, *, is_verso: bool) -> str:
    """Left and right pages mirror each other; a part that begins on a left page has them exchanged."""
    if not target.is_facing:
        return ""
    inner, outer = f"{target.margins.inner}mm", f"{target.margins.outer}mm"
    first, second = (":left", ":right") if is_verso else (":right", ":left")
    return (
        f"@page {first} {{ margin-left: {inner}; margin-right: {outer}; }}\n"
        f"@page {second} {{ margin-left: {outer}; margin-right: {inner}; }}\n"
    )


def face_css(numbers: Iterable[int]) -> str:
    """Return the rules that load the packaged faces with these numbers."""
    return "\n".join(
        f'@font-face {{ font-family: "{fonts.FACES[number].family}"; src: url("{FACE}{number}");'
        f" font-weight: {fonts.FACES[number].weight}; font-style: {fonts.FACES[number].style}; }}"
        for number in numbers
    )


FACE = "face:"
