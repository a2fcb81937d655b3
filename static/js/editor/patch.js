/* Bring the editor's document to another one by the smallest changes, so that the cursor stays where it is. */

import { Fragment } from "prosemirror-model";

const keyOf = (node) => `${node.type.name} ${node.attrs.id ?? node.attrs.object ?? ""}`;

/* Attributes first: that moves nothing. */
const patchAttributes = (tr, pos, before, after) => {
  for (const name of Object.keys(after.attrs)) {
    if (JSON.stringify(before.attrs[name]) !== JSON.stringify(after.attrs[name])) tr.setNodeAttribute(pos, name, after.attrs[name]);
  }
};

const patchText = (tr, pos, before, after) => {
  const start = before.content.findDiffStart(after.content);
  if (start === null) return;
  let { a, b } = before.content.findDiffEnd(after.content);
  const overlap = start - Math.min(a, b);
  if (overlap > 0) {
    a += overlap;
    b += overlap;
  }
  tr.replaceWith(pos + 1 + start, pos + 1 + a, after.content.cut(start, b));
};

/* Nodes that stand for the same block: equal keys, or two neighbours' only difference is that one has its id now. */
const isPair = (one, other) => keyOf(one) === keyOf(other) || (one.type === other.type && one.content.eq(other.content) && one.attrs.id?.startsWith("new-"));

/* `pos` is where the content of `before` begins. From the end, so that what is before stays where it is. */
const patchChildren = (tr, pos, before, after) => {
  const [old, wanted] = [before.content.content, after.content.content];
  let head = 0;
  while (head < old.length && head < wanted.length && isPair(old[head], wanted[head])) head += 1;
  let tail = 0;
  while (tail < old.length - head && tail < wanted.length - head && isPair(old[old.length - 1 - tail], wanted[wanted.length - 1 - tail])) tail += 1;
  const offsets = old.reduce((found, node) => [...found, found.at(-1) + node.nodeSize], [pos]);
  for (let index = 1; index <= tail; index += 1) patchNode(tr, offsets[old.length - index], old[old.length - index], wanted[wanted.length - index]);
  const middle = wanted.slice(head, wanted.length - tail);
  if (old.length - tail > head || middle.length) tr.replaceWith(offsets[head], offsets[old.length - tail], Fragment.from(middle));
  for (let index = head - 1; index >= 0; index -= 1) patchNode(tr, offsets[index], old[index], wanted[index]);
};

const patchNode = (tr, pos, before, after) => {
  if (before.eq(after)) return;
  if (!before.isLeaf) {
    if (before.isTextblock) patchText(tr, pos, before, after);
    else patchChildren(tr, pos + 1, before, after);
  }
  patchAttributes(tr, pos, before, after);
};

export const patch = (tr, wanted) => {
  patchChildren(tr, 0, tr.doc, wanted);
  return tr;
};
