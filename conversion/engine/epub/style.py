"""The style sheet of an EPUB in a design: `assets/epub.css`, then the design's additions, and its fonts if requested.

Readers choose font, size and colours of running text; a design sets titles, openings, indents and scene breaks. Without
embedded fonts it only asks for generic families, so that no device guesses at a name. What a PDF draws is written or
ruled here: a drawing would keep its colour in a reader's dark mode.
"""

from __future__ import annotations

from collections.abc import Iterable

from .. import ASSETS
from ..typography import fonts
from ..typography.designs import Case, Design, Opening, Position
from ..typography.fonts import Face

_INNER_HEADS = (2, 3, 4)
_WITHOUT_CAPITALS = ("ja", "ko", "zh")  # Latin words stand in their text, which must not turn into small capitals


def epub_css(design: Design, faces: Iterable[Face] = (), *, folder: str = "../fonts/") -> str:
    """Return the whole style sheet.

    `faces` are those that are embedded (of `fonts.faces_of(design)`, narrowed down to the book's scripts); their
    files stand in `folder`, as seen from the style sheet, under `face.file`. None means that no face is embedded.
    """
    embedded = tuple(faces)
    base = (ASSETS / "epub.css").read_text("utf-8")
    rules = [
        *(_face(face, folder) for face in embedded),
        f"body {{ {_family(design.text, embedded)} }}" if embedded else "",
        f"pre, code {{ {_family(design.mono, embedded)} }}",
        _titles(design, embedded),
        _text(design),
        _scene_break(design),
    ]
    added = "\n".join(rule for rule in rules if rule)
    return f"{base.rstrip()}\n\n/* The design: {design.name} */\n\n{added}\n"


def _face(face: Face, folder: str) -> str:
    return (
        f'@font-face {{ font-family: "{face.family}"; font-weight: {face.weight}; font-style: {face.style}; '
        f"src: url({folder}{face.file}); }}"
    )


def _family(name: str, embedded: tuple[Face, ...]) -> str:
    generic = fonts.FAMILIES[name].generic
    own = fonts.family_list(name) if embedded else ""
    return f"font-family: {own + ', ' if own else ''}{generic};"


def _titles(design: Design, embedded: tuple[Face, ...]) -> str:
    side = "center" if design.heading_position is Position.CENTER else "start"
    is_other = embedded or fonts.FAMILIES[design.heading].generic != fonts.FAMILIES[design.text].generic
    family = _family(design.heading, embedded) if is_other else ""
    weight = "bold" if design.heading_weight >= 600 and not embedded else design.heading_weight
    rules = [
        f"h1, h2, h3, h4, h5, h6, th {{ {family} }}" if family else "",
        f"h1 {{ margin: {3 * design.sink}em 0 {design.heading_below_lines * 0.7:.2f}em; "
        f"font-size: {design.heading_size}em; font-style: {_style(is_italic=design.heading_is_italic)}; "
        f"font-weight: {weight}; text-align: {side};{_case(design.heading_case, design.heading_spacing_em)} }}",
        f".titlepage, .titlepage p {{ text-align: {side}; }}",
        f".titlepage h1 {{ font-size: {design.heading_size * 1.3:.2f}em; }}",
    ]
    if design.has_rule:
        width = f"{design.rule_em}em" if design.rule_em else "100%"
        margin = "0.6em auto 0" if design.heading_position is Position.CENTER else "0.6em 0 0"
        rules.append(
            f'h1::after {{ content: ""; display: block; width: {width}; margin: {margin}; '
            f"border-top: {max(design.rule_pt, 0.75)}px solid currentColor; "
            f"font-size: {1 / design.heading_size:.3f}em; }}"
        )
    for level in _INNER_HEADS:
        head = design.subhead(level)
        weight = "bold" if head.weight >= 600 and not embedded else head.weight
        rules.append(
            f"h{level} {{ font-size: {head.size}em; font-style: {_style(is_italic=head.is_italic)}; "
            f"font-weight: {weight};{_case(head.case, head.spacing_em)} }}"
        )
    return "\n".join(rule for rule in rules if rule)


def _style(*, is_italic: bool) -> str:
    return "italic" if is_italic else "normal"


def _case(case: Case, spacing_em: float) -> str:
    spacing = f" letter-spacing: {spacing_em}em;" if spacing_em else ""
    return f" text-transform: uppercase;{spacing}" if case is Case.CAPITALS else spacing


def _text(design: Design) -> str:
    rules = [f"p + p {{ text-indent: {design.indent_em}em; }}"]
    if design.gap_lines:
        rules.append(
            f"p + p {{ margin-top: {design.gap_lines * 1.4:.2f}em; }}\n.stanza + .stanza {{ text-indent: 0; }}"
        )
    rules.append(".center + p, hr + p, .end + p { text-indent: 0; }\np.center, p.end, .stanza { text-indent: 0; }")
    if design.opening is not Opening.PLAIN:
        first = '[epub|type~="bodymatter"] h1 + p:not([class])::first-line'
        plain = ", ".join(f"html:lang({tag}) {first}" for tag in _WITHOUT_CAPITALS)
        rules += [
            f"{first} {{ font-variant: small-caps; letter-spacing: 0.03em; }}",
            f"{plain} {{ font-variant: normal; letter-spacing: normal; }}",
            "code { font-variant: normal; letter-spacing: normal; }",
        ]
    rules.append(
        f"blockquote {{ margin: 1.1em {design.quote_em}em; font-style: {_style(is_italic=design.quote_is_italic)}; }}"
    )
    if design.quote_is_italic:
        rules.append("blockquote em, .epigraph em { font-style: normal; }\n.epigraph { font-style: italic; }")
    return "\n".join(rules)


def _scene_break(design: Design) -> str:
    """Return the rules for a scene break. It stays a thematic break in the markup; only its looks change. Reading
    systems that draw nothing after a rule still show the space around it."""
    if not design.scene_break:
        return "hr { border: 0; height: 1em; }"
    if design.scene_ornament == "rule":
        return "hr { width: 4em; }"
    sign = design.scene_break.replace("\\", "\\\\").replace('"', '\\"')
    return (
        "hr { width: auto; height: auto; border: 0; overflow: visible; text-align: center; }\n"
        f'hr::after {{ content: "{sign}"; letter-spacing: 0.3em; }}\n'
        "html.vertical hr::after { content: none; }"
    )
