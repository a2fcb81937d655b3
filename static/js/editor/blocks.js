/* Commands on whole blocks: their kind, moving, scene breaks, and what Enter and Backspace do in verse and lists. */

import { chainCommands, createParagraphNear, lift, liftEmptyBlock, newlineInCode, setBlockType, splitBlock, wrapIn } from "prosemirror-commands";
import { Fragment } from "prosemirror-model";
import { NodeSelection, TextSelection } from "prosemirror-state";
import { canSplit } from "prosemirror-transform";
import { newId } from "./ids.js";
import { schema } from "./schema.js";

const { nodes } = schema;
const HOLDERS = new Set(["doc", "quotation", "aside", "list", "item", "cell", "definition", "note"]);

const fresh = (type, attributes = {}, content = null) => type.create({ id: newId(), attributes }, content);

/* How deep the nearest block of the type around the selection is, or 0. */
const depthOf = ($pos, type) => {
  for (let depth = $pos.depth; depth > 0; depth -= 1) if ($pos.node(depth).type === type) return depth;
  return 0;
};

const without = (attributes, ...names) => Object.fromEntries(Object.entries(attributes).filter(([name]) => !names.includes(name)));

/* The place of the cursor as a text block and an offset in it: a block that is wrapped or moved keeps both. */
const rememberCursor = ({ selection: { $from, $to } }) => {
  const place = ($pos) => ({ id: $pos.parent.attrs.id, offset: $pos.parentOffset });
  const [from, to] = [place($from), place($to)];
  return (tr) => {
    const found = {};
    tr.doc.descendants((node, pos) => {
      if (node.isTextblock && node.attrs.id) found[node.attrs.id] ??= { start: pos + 1, size: node.content.size };
      return !node.isTextblock;
    });
    const at = ({ id, offset }) => found[id] && found[id].start + Math.min(offset, found[id].size);
    const [anchor, head] = [at(from), at(to)];
    return anchor === undefined || head === undefined ? tr : tr.setSelection(TextSelection.create(tr.doc, anchor, head));
  };
};

/* ---- kinds */

const setText = (type, attributes) => (state, dispatch) => {
  const keep = (node) => without(node.attrs.attributes, "level", "align", "role", "language");
  return setBlockType(type, (node) => ({ ...node.attrs, attributes: { ...keep(node), ...attributes } }))(state, dispatch);
};

/* Replace the blocks around the selection by one that `make` builds of them. */
const rebuild = (make) => (state, dispatch) => {
  const range = state.selection.$from.blockRange(state.selection.$to);
  if (!range) return false;
  const blocks = [];
  for (let index = range.startIndex; index < range.endIndex; index += 1) blocks.push(range.parent.child(index));
  const made = make(blocks);
  if (!made || !range.parent.canReplace(range.startIndex, range.endIndex, Fragment.from(made))) return false;
  if (dispatch) dispatch(rememberCursor(state)(state.tr.replaceWith(range.start, range.end, made)).scrollIntoView());
  return true;
};

const asList = (isOrdered) => (blocks) =>
  fresh(nodes.list, isOrdered ? { ordered: true } : {}, blocks.map((block) => fresh(nodes.item, {}, block)));

/* Each line break of a paragraph begins a line of verse. */
const linesOf = (paragraph) => {
  const lines = [[]];
  paragraph.forEach((node) => (node.type === nodes.break ? lines.push([]) : lines.at(-1).push(node)));
  return lines.map((line, index) => nodes.line.create({ id: index ? newId() : paragraph.attrs.id }, line));
};

const asVerse = (blocks) => {
  if (!blocks.every(({ type }) => type === nodes.paragraph)) return null;
  const lines = blocks.flatMap(linesOf);
  // The lines are a new verse: the paragraphs are gone.
  return fresh(nodes.verse, {}, fresh(nodes.stanza, {}, lines));
};

const paragraphOfStanza = (stanza) => {
  const content = [];
  stanza.forEach((line, _offset, index) => content.push(...(index ? [nodes.break.create()] : []), ...line.content.content));
  return nodes.paragraph.create({ id: newId() }, content);
};

const blocksOfList = (list) => {
  const blocks = [];
  list.forEach((item) => blocks.push(...item.content.content));
  return blocks;
};

/* Replace the verse or list around the selection by paragraphs. */
const unwrap = (type, blocksOf) => (state, dispatch) => {
  const { $from } = state.selection;
  const depth = depthOf($from, type);
  if (!depth) return false;
  const blocks = blocksOf($from.node(depth));
  if (dispatch) {
    const tr = rememberCursor(state)(state.tr.replaceWith($from.before(depth), $from.after(depth), blocks));
    if (type === nodes.verse) tr.setSelection(TextSelection.near(tr.doc.resolve($from.before(depth))));
    dispatch(tr.scrollIntoView());
  }
  return true;
};

const unwrapVerse = unwrap(nodes.verse, (verse) => verse.content.content.map(paragraphOfStanza));
const unwrapList = unwrap(nodes.list, blocksOfList);

const toParagraph = (state, dispatch) => {
  const { $from } = state.selection;
  if (depthOf($from, nodes.verse)) return unwrapVerse(state, dispatch);
  if ($from.parent.type !== nodes.paragraph && setText(nodes.paragraph, {})(state, dispatch)) return true;
  if (depthOf($from, nodes.list)) return unwrapList(state, dispatch);
  return depthOf($from, nodes.quotation) ? lift(state, dispatch) : false;
};

/* Make another kind of list, or a list of what is none. */
const toList = (isOrdered) => (state, dispatch) => {
  const { $from } = state.selection;
  const depth = depthOf($from, nodes.list);
  if (!depth) return rebuild(asList(isOrdered))(state, dispatch);
  const { attributes } = $from.node(depth).attrs;
  const changed = isOrdered ? { ...attributes, ordered: true } : without(attributes, "ordered", "start", "style");
  if (dispatch) dispatch(state.tr.setNodeAttribute($from.before(depth), "attributes", changed));
  return true;
};

const headings = Object.fromEntries([1, 2, 3, 4, 5, 6].map((level) => [`heading-${level}`, setText(nodes.heading, { level })]));

export const KINDS = {
  paragraph: toParagraph,
  ...headings,
  quotation: (state, dispatch) =>
    depthOf(state.selection.$from, nodes.quotation)
      ? lift(state, dispatch)
      : wrapIn(nodes.quotation, { id: newId() })(state, dispatch),
  verse: rebuild(asVerse),
  list: toList(false),
  numbered: toList(true),
  code: setText(nodes.code_block, {}),
};

/* The kind of what the cursor is in, as the menu names it. */
export const kindAt = ({ selection: { $from } }) => {
  const { type, attrs } = $from.parent;
  if (type === nodes.heading) return `heading-${attrs.attributes.level ?? 2}`;
  if (type === nodes.code_block) return "code";
  if (type === nodes.line) return "verse";
  for (let depth = $from.depth; depth > 0; depth -= 1) {
    const node = $from.node(depth);
    if (node.type === nodes.list) return node.attrs.attributes.ordered ? "numbered" : "list";
    if (node.type === nodes.quotation) return "quotation";
  }
  return type === nodes.paragraph ? "paragraph" : "";
};

/* ---- scene breaks and moving */

/* How deep the block is that can be moved among its siblings: the selected one, or the innermost around the cursor. */
const movableDepth = ({ $from, node }) => {
  for (let depth = node ? $from.depth : $from.depth - 1; depth >= 0; depth -= 1) {
    if (HOLDERS.has($from.node(depth).type.name)) return depth;
  }
  return -1;
};

export const addSceneBreak = (state, dispatch) => {
  const { selection } = state;
  const depth = movableDepth(selection);
  const parent = selection.$from.node(depth);
  const index = selection.$from.index(depth);
  if (depth < 0 || parent.type === nodes.list || !parent.canReplaceWith(index + 1, index + 1, nodes.scene_break)) return false;
  if (dispatch) {
    const after = selection.$from.posAtIndex(index + 1, depth);
    const { tr } = state;
    tr.insert(after, fresh(nodes.scene_break));
    const following = tr.doc.resolve(after + 1).nodeAfter;
    if (!following?.isTextblock) tr.insert(after + 1, fresh(nodes.paragraph));
    dispatch(tr.setSelection(TextSelection.near(tr.doc.resolve(after + 1))).scrollIntoView());
  }
  return true;
};

/* Move a block up (-1) or down (1). */
export const move = (by) => (state, dispatch) => {
  const { $from, node } = state.selection;
  const depth = movableDepth(state.selection);
  if (depth < 0) return false;
  const parent = $from.node(depth);
  const index = $from.index(depth);
  const other = parent.maybeChild(index + by);
  if (!other || other.type === nodes.notes || (parent.type.name === "definition" && index + by < 1)) return false;
  if (dispatch) {
    const moved = parent.child(index);
    const start = $from.posAtIndex(index, depth);
    const [first, second] = by < 0 ? [moved, other] : [other, moved];
    const begin = by < 0 ? start - other.nodeSize : start;
    const remember = rememberCursor(state);
    const tr = state.tr.replaceWith(begin, begin + first.nodeSize + second.nodeSize, [first, second]);
    const now = by < 0 ? begin : begin + other.nodeSize;
    dispatch((node ? tr.setSelection(NodeSelection.create(tr.doc, now)) : remember(tr)).scrollIntoView());
  }
  return true;
};

/* Put the cursor's note, cell, caption or chapter under the selection, and no more. */
export const selectPart = (state, dispatch) => {
  const { $from } = state.selection;
  let depth = $from.depth;
  while (depth > 0 && !$from.node(depth).type.spec.isolating && $from.node(depth).type !== nodes.note) depth -= 1;
  const last = $from.node(depth).lastChild;
  const end = $from.end(depth) - (last?.type === nodes.notes ? last.nodeSize : 0);
  if (dispatch) dispatch(state.tr.setSelection(TextSelection.between(state.doc.resolve($from.start(depth)), state.doc.resolve(end))));
  return true;
};

/* ---- Enter */

const splitLine = (state, dispatch) => {
  const { $from, empty } = state.selection;
  if ($from.parent.type !== nodes.line) return false;
  const stanza = $from.node(-1);
  const isEmpty = empty && !$from.parent.content.size;
  const isLast = $from.index(-1) === stanza.childCount - 1;
  if (isEmpty && isLast && stanza.childCount > 1 && $from.index(-2) === $from.node(-2).childCount - 1) {
    if (dispatch) {
      const { tr } = state;
      const after = $from.after(-2);
      tr.insert(after, fresh(nodes.paragraph)).setSelection(TextSelection.create(tr.doc, after + 1));
      dispatch(tr.delete($from.before(), $from.after()).scrollIntoView());
    }
    return true;
  }
  if (isEmpty && !isLast && $from.index(-1) > 0) {
    // An empty line begins a stanza.
    if (dispatch) dispatch(state.tr.delete($from.before(), $from.after()).split($from.before(), 1).scrollIntoView());
    return true;
  }
  if (dispatch) dispatch(state.tr.deleteSelection().split(state.selection.from).scrollIntoView());
  return true;
};

const splitItem = (state, dispatch) => {
  const { $from, $to } = state.selection;
  if ($from.depth < 2 || $from.node(-1).type !== nodes.item || !$from.sameParent($to)) return false;
  const isFirst = $from.index(-1) === 0;
  if (!$from.parent.content.size && isFirst && $from.node(-1).childCount === 1) return leaveList(state, dispatch);
  const tr = state.tr.deleteSelection();
  const { $from: at } = tr.selection;
  if (!isFirst || !canSplit(tr.doc, at.pos, 2)) return false;
  if (dispatch) dispatch(tr.split(at.pos, 2).scrollIntoView());
  return true;
};

/* An empty item at the end of a list becomes the paragraph after it. */
const leaveList = (state, dispatch) => {
  const { $from } = state.selection;
  const list = $from.node(-2);
  if ($from.index(-2) !== list.childCount - 1 || list.childCount === 1) return unwrapList(state, dispatch);
  if (dispatch) {
    const { tr } = state;
    const after = $from.after(-2);
    tr.insert(after, fresh(nodes.paragraph)).setSelection(TextSelection.create(tr.doc, after + 1));
    dispatch(tr.delete($from.before(-1), $from.after(-1)).scrollIntoView());
  }
  return true;
};

/* The last keeps the browser from putting in what the schema does not have. */
export const enter = chainCommands(newlineInCode, splitLine, splitItem, createParagraphNear, liftEmptyBlock, splitBlock, () => true);
