"""Steps on an editor without a browser: what a script of them answers."""

from __future__ import annotations

import json
from typing import Any

from tests.support.chapter_server import Json
from tests.support.node import EDITOR, run_module

HEAD = """
import { EditorState, NodeSelection, TextSelection } from "$/../../../node_modules/prosemirror-state/dist/index.js";
import { closeHistory, history, undo } from "$/../../../node_modules/prosemirror-history/dist/index.js";
import { addSceneBreak, enter, KINDS, kindAt, move, selectPart } from "$/blocks.js";
import { blocksById, readDocument, writeDocument } from "$/document.js";
import { byCommand, guard } from "$/guard.js";
import { keepIds } from "$/ids.js";
import { findBlock } from "$/marked.js";
import { setMark, toggle } from "$/marks.js";
import { typedTexts } from "$/left.js";
import { lossOf, merge } from "$/merge.js";
import { patch } from "$/patch.js";
import { schema } from "$/schema.js";
import { addCaption, insertTable, reshape, toggleHeader } from "$/tables.js";
const refused = [];
const open = (chapter, isOneBlock = false) => ({
  chapter,
  state: EditorState.create({
    doc: readDocument(chapter),
    plugins: [
      history(),
      keepIds(new Set(blocksById(chapter).keys())),
      guard({ isOneBlock: () => isOneBlock, onRefused: (why) => refused.push(why) }),
    ],
  }),
});
const apply = (editor, tr) => (editor.state = editor.state.applyTransaction(tr).state);
const run = (editor, command) => command(editor.state, byCommand((tr) => apply(editor, tr)));
const viewOf = (editor) => ({ get state() { return editor.state; }, dispatch: (tr) => apply(editor, tr), focus() {} });
const at = (editor, id, start, end = start) => {
  const pos = findBlock(editor.state.doc, id) + 1;
  apply(editor, editor.state.tr.setSelection(TextSelection.create(editor.state.doc, pos + start, pos + end)));
};
const write = (editor, isWhole = false) => writeDocument(editor.state.doc, editor.chapter, { isWhole });
"""


def ask(source: str, **values: Any) -> Any:
    given = "".join(f"const {name} = {json.dumps(value)};\n" for name, value in values.items())
    return run_module(HEAD + given + source, EDITOR)


def edited(document: Json, steps: str) -> Json:
    """The blocks of a chapter after some steps on `editor`."""
    return ask(f"const editor = open(chapter);\n{steps}\nanswer(write(editor));", chapter=document)
