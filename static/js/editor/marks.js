/* Commands on marks. A mark changes no word; a raised letter is not a lowered one as well. */

import { toggleMark } from "prosemirror-commands";
import { TextSelection } from "prosemirror-state";
import { schema } from "./schema.js";

const { marks } = schema;
const OPPOSITE = { subscript: "superscript", superscript: "subscript" };

export const toggle = (name) => (state, dispatch) =>
  toggleMark(marks[name])(
    state,
    dispatch &&
      ((tr) => {
        const other = marks[OPPOSITE[name]];
        if (other && isOn(state, name) === false) for (const { $from, $to } of state.selection.ranges) tr.removeMark($from.pos, $to.pos, other);
        dispatch(tr);
      }),
  );

export const isOn = ({ doc, storedMarks, selection: { from, to, empty, $from } }, name) =>
  empty ? Boolean(marks[name].isInSet(storedMarks ?? $from.marks())) : doc.rangeHasMark(from, to, marks[name]);

/* The mark of this name at the cursor or where the selection begins, and how far it reaches. */
export const markAround = ({ doc, selection: { from, to, $from, empty } }, name) => {
  const { parent } = $from;
  const start = $from.start();
  let found = null;
  parent.forEach((node, offset) => {
    const mark = marks[name].isInSet(node.marks);
    if (!mark) return;
    const [begin, end] = [start + offset, start + offset + node.nodeSize];
    if (found && found.mark.eq(mark) && found.to === begin && !found.isDone) found.to = end;
    else if (!found || found.isDone !== true) {
      if (found && touches(found, from, to, empty)) found.isDone = true;
      else found = { mark, from: begin, to: end };
    }
  });
  return found && touches(found, from, to, empty) && doc.rangeHasMark(found.from, found.to, marks[name]) ? found : null;
};

const touches = (range, from, to, empty) => (empty ? range.from <= from && range.to >= from : range.from < to && range.to > from);

/* The word around the cursor, for a mark that needs words. */
const wordAround = ({ selection: { $from } }) => {
  const text = $from.parent.textBetween(0, $from.parent.content.size, " ", "\ufffc");
  const isLetter = (at) => /[\p{L}\p{N}\p{M}'’-]/u.test(text[at] ?? "");
  let [start, end] = [$from.parentOffset, $from.parentOffset];
  while (isLetter(start - 1)) start -= 1;
  while (isLetter(end)) end += 1;
  return [$from.start() + start, $from.start() + end];
};

/* Put a mark with these attributes on the selected words, the words that have one, or the word around the cursor. */
export const setMark = (name, attrs) => (state, dispatch) => {
  const { from, to, empty } = state.selection;
  const around = markAround(state, name);
  const [start, end] = around ? [around.from, around.to] : empty ? wordAround(state) : [from, to];
  if (start === end) return false;
  if (!dispatch) return true;
  const { tr } = state;
  if (around) tr.removeMark(start, end, around.mark);
  if (attrs) tr.addMark(start, end, marks[name].create(attrs));
  dispatch(tr.setSelection(TextSelection.create(tr.doc, empty ? from : start, empty ? from : end)));
  return true;
};
