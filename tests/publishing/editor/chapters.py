"""A chapter with every kind of block and mark that the engine writes, and the parts it is made of."""

from __future__ import annotations

from typing import Any

from tests.support.chapter_server import Json, chapter, paragraph

PICTURE = "a" * 64
MATHML = (
    '<math xmlns="http://www.w3.org/1998/Math/MathML"><mfrac><mn>1</mn><mn>2</mn></mfrac><mo>&lt;</mo><mi>x</mi></math>'
)


def leaf(block: str, kind: str, *text: Any, **attributes: Any) -> Json:
    return {"id": block, "kind": kind, "attributes": attributes, "text": list(text)}


def sign(block: str, kind: str, **attributes: Any) -> Json:
    return {"id": block, "kind": kind, "attributes": attributes}


def box(block: str, kind: str, *blocks: Json, **attributes: Any) -> Json:
    return {"id": block, "kind": kind, "attributes": attributes, "blocks": list(blocks)}


def cell(block: str, inner: Json, **attributes: Any) -> Json:
    return box(block, "cell", inner, **attributes)


TABLE = box(
    "c4",
    "table",
    leaf("b12", "caption", "Tides"),
    box(
        "c4.0",
        "row",
        cell("c4.0.0", paragraph("b13", "Day"), header=True),
        cell("c4.0.1", paragraph("b14", "High water"), header=True),
    ),
    box("c4.1", "row", cell("c4.1.0", paragraph("b15", "Monday"), colspan=2), cell("c4.1.1", paragraph("b16", "5.12"))),
    header_rows=1,
)
FIGURE = {
    **sign("b17", "figure", asset=PICTURE, alt="A lighthouse at night"),
    "blocks": [leaf("b18", "caption", "The ", ["tower", [["emphasis"]]])],
}
EVERYTHING = chapter(
    leaf("b1", "heading", "The Harbour", level=1),
    paragraph(
        "b2",
        "Rain fell on the water, and ",
        ["nobody", [["emphasis"]]],
        " came down.",
        ["\ufffc", [], "note:1"],
        " One\u2028two",
        ["\u2028", [["strong"]]],
        lang="en-GB",
        direction="ltr",
        align="center",
        role="dedication",
    ),
    paragraph(
        "b3",
        ["both", [["strong"], ["emphasis"]]],
        ["ways", [["emphasis"], ["strong"]]],
        ["in code", [["link", "https://example.org/?a=1&b=2"], ["code"]]],
        ["Il pleut", [["language", "fr", "", ""], ["small_caps"], ["underline"], ["strike"]]],
        ["twice", [["emphasis"], ["emphasis"]]],
        ["dressed", [["language", "", "rtl", "kept-3"]]],
        ["2", [["subscript"]]],
        ["3", [["superscript"]]],
        ["here", [["link", "#c2-anchor"]]],
    ),
    sign("b4", "scene_break", sign="***"),
    sign("b5", "scene_break", sign=" "),
    box("c1", "quotation", paragraph("b6", "Quoted."), paragraph("b6a", "Twice.")),
    box(
        "c2",
        "verse",
        box("c2.0", "stanza", leaf("b7", "line", "The lamp is lit,"), leaf("b8", "line", "the boat is gone,")),
        box("c2.1", "stanza", leaf("b9", "line", "and all the night is long.")),
    ),
    box(
        "c3",
        "list",
        box(
            "c3.0",
            "item",
            paragraph("b10", "Oil"),
            box("c3b", "list", box("c3b.0", "item", paragraph("b10a", "Whale"))),
        ),
        box("c3.1", "item", paragraph("b11", "Wick")),
        ordered=True,
        start=3,
        style="lower-roman",
    ),
    TABLE,
    FIGURE,
    leaf("b19", "code", "for lamp in lamps:\n    lamp.light()\n", language="python"),
    box(
        "c5",
        "definitions",
        box("c5.0", "definition", leaf("b20", "term", "Fresnel"), paragraph("b21", "A lens in rings.")),
    ),
    box("c6", "aside", paragraph("b22", "Beside the text.")),
    paragraph(
        "b23",
        "The sum ",
        ["\ufffc", [["strong"]], "math:1"],
        ["灯", [["language", "ja", "", ""], ["ruby", "とう"]]],
        ["台", [["language", "ja", "", ""], ["ruby", "だい"]]],
        ["\ufffc", [], "picture:1"],
        "  two  blanks\u00a0",
    ),
    leaf("b24", "hologram", "?", depth=3),
    paragraph("b25"),
    notes=[{"object": "note:1", "label": "1", "blocks": [paragraph("b26", "In the log of that year.")]}],
    objects={
        "note:1": {"kind": "note", "label": "1"},
        "math:1": {"kind": "math", "alt": "one half", "mathml": MATHML, "display": False},
        "picture:1": {"kind": "picture", "alt": "A gull", "asset": PICTURE},
    },
)
