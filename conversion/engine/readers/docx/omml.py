"""Office mathematics (OMML) rebuilt as presentation MathML."""

from __future__ import annotations

import html
import re
from collections.abc import Callable

from ...book import clean, math_text
from ...book.model import Math
from ...gate.xml import Element
from .names import M, W

_TOKEN = re.compile(r"(\d+(?:[.,]\d+)?)|([^\W\d_])|(\s+)|(.)", re.DOTALL)
_VAL = M + "val"
_ACCENTS = {"\u0302": "^", "\u0303": "~", "\u0304": "¯", "\u0305": "¯", "\u20d7": "→", "\u0307": "˙", "\u0308": "¨"}


def math(element: Element, *, display: bool) -> Math:
    """The formula of an `m:oMath` or `m:oMathPara`; as a line of text it is its own alternative."""
    body = "".join(_convert(child) for child in element.iterchildren())
    mode = ' display="block"' if display else ""
    markup = f'<math xmlns="http://www.w3.org/1998/Math/MathML"{mode}><mrow>{body}</mrow></math>'
    return Math(markup, clean.text(math_text.linear(markup)), display)


def _convert(element: Element) -> str:
    handler = _HANDLERS.get(str(element.tag))
    return handler(element) if handler else ""


def _row(element: Element | None) -> str:
    """The contents of an argument, as exactly one element."""
    if element is None:
        return "<mrow></mrow>"
    return f"<mrow>{''.join(_convert(child) for child in element.iterchildren())}</mrow>"


def _inline(element: Element) -> str:
    return "".join(_convert(child) for child in element.iterchildren())


def _prop(element: Element, path: str, default: str) -> str:
    found = element.find("/".join(M + step for step in path.split("/")))
    return default if found is None else str(found.get(_VAL, default))


def _run(element: Element) -> str:
    text = "".join(child.text or "" for child in element.iterchildren(M + "t", W + "t"))
    text = clean.text(text)
    if element.find(f"{M}rPr/{M}nor") is not None:
        return f"<mtext>{_escape(text)}</mtext>"
    plain = _prop(element, "rPr/sty", "i") in ("p", "b")
    return "".join(_token(match, plain) for match in _TOKEN.finditer(text))


def _token(match: re.Match[str], plain: bool) -> str:
    number, letter, space, sign = match.groups()
    if number:
        return f"<mn>{number}</mn>"
    if letter:
        return f"<mi{' mathvariant=' + chr(34) + 'normal' + chr(34) if plain else ''}>{_escape(letter)}</mi>"
    return '<mspace width="0.2em"/>' if space else f"<mo>{_escape(sign)}</mo>"


def _script(tag: str, *parts: str) -> Callable[[Element], str]:
    def convert(element: Element) -> str:
        return f"<{tag}>{''.join(_row(element.find(M + part)) for part in parts)}</{tag}>"

    return convert


def _fraction(element: Element) -> str:
    kind = _prop(element, "fPr/type", "bar")
    thickness = ' linethickness="0"' if kind == "noBar" else ""
    return f"<mfrac{thickness}>{_row(element.find(M + 'num'))}{_row(element.find(M + 'den'))}</mfrac>"


def _radical(element: Element) -> str:
    degree = element.find(M + "deg")
    if degree is None or not "".join(t.text or "" for t in degree.iter(M + "t")).strip():
        return f"<msqrt>{_row(element.find(M + 'e'))}</msqrt>"
    return f"<mroot>{_row(element.find(M + 'e'))}{_row(degree)}</mroot>"


def _delimited(element: Element) -> str:
    begin, end = _prop(element, "dPr/begChr", "("), _prop(element, "dPr/endChr", ")")
    separator = _prop(element, "dPr/sepChr", "|")
    inner = f"<mo>{_escape(separator)}</mo>".join(_row(e) for e in element.iterchildren(M + "e"))
    return f"<mrow>{_fence(begin)}{inner}{_fence(end)}</mrow>"


def _fence(sign: str) -> str:
    return f"<mo>{_escape(clean.text(sign[:4]))}</mo>" if sign else ""


def _nary(element: Element) -> str:
    sign = _escape(clean.text(_prop(element, "naryPr/chr", "∫")[:4]))
    limits = _prop(element, "naryPr/limLoc", "subSup") == "undOvr"
    tag = "munderover" if limits else "msubsup"
    low, high = _row(element.find(M + "sub")), _row(element.find(M + "sup"))
    return f"<{tag}><mo>{sign}</mo>{low}{high}</{tag}>{_row(element.find(M + 'e'))}"


def _function(element: Element) -> str:
    return f"<mrow>{_row(element.find(M + 'fName'))}<mo>\u2061</mo>{_row(element.find(M + 'e'))}</mrow>"


def _accent(element: Element) -> str:
    sign = _prop(element, "accPr/chr", "\u0302")[:2]
    shown = _escape(clean.text(_ACCENTS.get(sign, sign)))
    return f'<mover accent="true">{_row(element.find(M + "e"))}<mo>{shown}</mo></mover>'


def _bar(element: Element) -> str:
    tag = "mover" if _prop(element, "barPr/pos", "bot") == "top" else "munder"
    return f"<{tag}>{_row(element.find(M + 'e'))}<mo>¯</mo></{tag}>"


def _group(element: Element) -> str:
    sign = _escape(clean.text(_prop(element, "groupChrPr/chr", "⏟")[:2]))
    tag = "mover" if _prop(element, "groupChrPr/pos", "bot") == "top" else "munder"
    return f"<{tag}>{_row(element.find(M + 'e'))}<mo>{sign}</mo></{tag}>"


def _matrix(element: Element) -> str:
    rows = "".join(
        f"<mtr>{''.join(f'<mtd>{_row(cell)}</mtd>' for cell in row.iterchildren(M + 'e'))}</mtr>"
        for row in element.iterchildren(M + "mr")
    )
    return f"<mtable>{rows}</mtable>"


def _equations(element: Element) -> str:
    rows = "".join(f"<mtr><mtd>{_row(e)}</mtd></mtr>" for e in element.iterchildren(M + "e"))
    return f'<mtable columnalign="left">{rows}</mtable>'


def _pre_script(element: Element) -> str:
    base, low, high = (_row(element.find(M + part)) for part in ("e", "sub", "sup"))
    return f"<mmultiscripts>{base}<mprescripts/>{low}{high}</mmultiscripts>"


def _content(element: Element) -> str:
    return _row(element.find(M + "e"))


_HANDLERS: dict[str, Callable[[Element], str]] = {
    M + "r": _run,
    M + "f": _fraction,
    M + "sSup": _script("msup", "e", "sup"),
    M + "sSub": _script("msub", "e", "sub"),
    M + "sSubSup": _script("msubsup", "e", "sub", "sup"),
    M + "sPre": _pre_script,
    M + "rad": _radical,
    M + "d": _delimited,
    M + "nary": _nary,
    M + "func": _function,
    M + "limLow": _script("munder", "e", "lim"),
    M + "limUpp": _script("mover", "e", "lim"),
    M + "m": _matrix,
    M + "eqArr": _equations,
    M + "acc": _accent,
    M + "bar": _bar,
    M + "groupChr": _group,
    M + "box": _content,
    M + "borderBox": _content,
    M + "phant": _content,
    M + "oMath": _inline,
    M + "e": _inline,
    W + "ins": _inline,
    W + "moveTo": _inline,
}


def _escape(text: str) -> str:
    return html.escape(text, quote=False)
