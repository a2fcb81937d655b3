/* What keys do. The same list gives the tooltips of the toolbar. */

import { chainCommands, deleteSelection, joinBackward, joinForward, selectNodeBackward, selectNodeForward } from "prosemirror-commands";
import { redo, undo } from "prosemirror-history";
import { keymap } from "prosemirror-keymap";
import { NodeSelection } from "prosemirror-state";
import { addSceneBreak, enter, KINDS, move, selectPart } from "./blocks.js";
import { byCommand } from "./guard.js";
import { toggle } from "./marks.js";
import { FORM_OF_NODE } from "./openers.js";

export const KEYS = {
  emphasis: "Mod-i",
  strong: "Mod-b",
  underline: "Mod-u",
  small_caps: "Mod-Shift-k",
  strike: "Mod-Shift-x",
  superscript: "Mod-.",
  subscript: "Mod-,",
  code: "Mod-e",
  link: "Mod-k",
  language: "Mod-Shift-l",
  sceneBreak: "Mod-Enter",
  up: "Alt-ArrowUp",
  down: "Alt-ArrowDown",
  undo: "Mod-z",
  redo: "Mod-Shift-z",
};
const MARKS = ["emphasis", "strong", "underline", "small_caps", "strike", "superscript", "subscript", "code"];

const free = (command) => (state, dispatch, view) => command(state, byCommand(dispatch), view);

/* A key as people call it: ⌘B, Ctrl+B. */
export const keyName = (name, { isMac, words }) => {
  const keys = { Mod: isMac ? "⌘" : words.keyCtrl, Shift: isMac ? "⇧" : words.keyShift, Alt: isMac ? "⌥" : "Alt", ArrowUp: "↑", ArrowDown: "↓", Enter: words.keyEnter };
  return KEYS[name]
    .split("-")
    .map((part) => keys[part] ?? part.toUpperCase())
    .join(isMac ? "" : "+");
};

/* Enter on a selected picture or formula opens its form. */
const openSelected = (openers) => (state, _dispatch, view) => {
  const { selection } = state;
  const name = selection instanceof NodeSelection && FORM_OF_NODE[selection.node.type.name];
  if (!name || !view) return false;
  openers[name](view, () => view.state.selection.from);
  return true;
};

export const editorKeys = ({ openers, toToolbar, save }) => {
  const bound = {
    Enter: chainCommands(openSelected(openers), free(enter)),
    Backspace: free(chainCommands(deleteSelection, joinBackward, selectNodeBackward)),
    Delete: free(chainCommands(deleteSelection, joinForward, selectNodeForward)),
    "Mod-a": selectPart,
    "Alt-F10": toToolbar,
    "Mod-s": save,
    "Mod-y": free(redo),
    [KEYS.undo]: free(undo),
    [KEYS.redo]: free(redo),
    [KEYS.sceneBreak]: free(addSceneBreak),
    [KEYS.up]: free(move(-1)),
    [KEYS.down]: free(move(1)),
    "Mod-Alt-0": free(KINDS.paragraph),
  };
  for (const name of MARKS) bound[KEYS[name]] = free(toggle(name));
  for (const level of [1, 2, 3, 4, 5, 6]) bound[`Mod-Alt-${level}`] = free(KINDS[`heading-${level}`]);
  for (const name of ["link", "language"])
    bound[KEYS[name]] = (_state, _dispatch, view) => {
      if (view) openers[name](view);
      return true;
    };
  // A break within a paragraph or a line of verse's own break is the schema's node, not the browser's.
  bound["Shift-Enter"] = free((state, dispatch) => {
    const { $from } = state.selection;
    const { type } = $from.parent;
    if (type.spec.code || !type.inlineContent || type.name === "line") return enter(state, dispatch);
    if (dispatch) dispatch(state.tr.replaceSelectionWith(state.schema.nodes.break.create(null, null, $from.marks()), false).scrollIntoView());
    return true;
  });
  return keymap(bound);
};
