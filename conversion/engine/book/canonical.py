"""The canonical JSON of a Book: the names that its writer (`exports/own`) and its reader (`readers/own`) share.

    {"octavo-book": 1, "metadata": {…}, "chapters": [{"id": "…", "blocks": [{"kind": "paragraph", …}]}], "toc": […],
     "notes": […], "assets": [{"key": "<sha256>", "media_type": "image/png", "data": "<base64>"}], …}

An element is an object with its kind and its fields, of which those with their default value are left out. Text is a
string. Equal Books give equal bytes.
"""

from __future__ import annotations

from . import model

MARK = "octavo-book"  # the first key, which says what the file is
VERSION = 1
SUFFIX = ".octavo-book.json"

INLINE_KINDS: dict[str, type] = {
    "emphasis": model.Emphasis,
    "strong": model.Strong,
    "small_caps": model.SmallCaps,
    "underline": model.Underline,
    "strike": model.Strike,
    "subscript": model.Subscript,
    "superscript": model.Superscript,
    "code": model.CodeSpan,
    "language": model.Language,
    "link": model.Link,
    "note_ref": model.NoteRef,
    "line_break": model.LineBreak,
    "image": model.InlineImage,
    "ruby": model.Ruby,
    "math": model.Math,
    "anchor": model.Anchor,
    "page_mark": model.PageMark,
}
BLOCK_KINDS: dict[str, type] = {
    "paragraph": model.Paragraph,
    "heading": model.Heading,
    "verse": model.Verse,
    "quotation": model.Quotation,
    "list": model.ListBlock,
    "definitions": model.DefinitionList,
    "table": model.Table,
    "figure": model.Figure,
    "code": model.CodeBlock,
    "scene_break": model.SceneBreak,
    "aside": model.Aside,
}
