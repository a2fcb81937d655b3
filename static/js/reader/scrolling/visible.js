/* Where text is in a chapter: its rectangle, and the range of what is between two positions. */

import { boxAround } from "../table-boxes.js";

const SKIPPED = new Set(["script", "style"]);

const rectOfText = (node, from, to) => {
  const range = node.ownerDocument.createRange();
  if (from === undefined) range.selectNodeContents(node);
  else {
    range.setStart(node, from);
    range.setEnd(node, to);
  }
  return range.getBoundingClientRect();
};

/* The first offset in the text from which on `isPast` holds for each character; characters go only one way. */
const firstOffset = (text, isPast) => {
  let [low, high] = [0, text.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isPast(rectOfText(text, middle, middle + 1))) high = middle;
    else low = middle + 1;
  }
  return low;
};

/* `place(rect)` gives the {start, end} of a rectangle in the chapter. Null if there is no text. */
export const visibleRange = (doc, place, from, to) => {
  const isOutside = (rect) => {
    const { start, end } = place(rect);
    return end <= from || start >= to;
  };
  const acceptNode = (node) => {
    if (node.nodeType === Node.TEXT_NODE)
      return node.data.trim() && !isOutside(rectOfText(node)) ? NodeFilter.FILTER_ACCEPT : NodeFilter.FILTER_REJECT;
    const isLeftOut = SKIPPED.has(node.localName) || isOutside(node.getBoundingClientRect());
    return isLeftOut ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_SKIP;
  };
  const walker = doc.createTreeWalker(doc.body, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT, acceptNode);
  const first = walker.nextNode();
  if (!first) return null;
  let last = first;
  for (let node = first; node; node = walker.nextNode()) last = node;
  const range = doc.createRange();
  const starts = (rect) => place(rect).end > from + 1;
  const ends = (rect) => place(rect).start >= to - 1;
  range.setStart(first, Math.min(firstOffset(first, starts), first.length - 1));
  range.setEnd(last, Math.max(firstOffset(last, ends), last === first ? range.startOffset + 1 : 1));
  return range;
};

/* A collapsed range has no rectangle. What is in a table that scrolls may be out of its sight: the table itself is not. */
export const rectOf = (target) => {
  const box = boxAround(target);
  if (box) return box.getBoundingClientRect();
  if (target.collapsed) {
    const { startContainer: node, startOffset: at } = target;
    if (node.nodeType === Node.ELEMENT_NODE) return (node.childNodes[at]?.getBoundingClientRect?.() ?? node.getBoundingClientRect());
    if (!node.length) return node.parentNode.getBoundingClientRect();
    target = target.cloneRange();
    if (at < node.length) target.setEnd(node, at + 1);
    else target.setStart(node, at - 1);
  }
  const rects = [...target.getClientRects()];
  return rects.find(({ width, height }) => width > 0 && height > 0) ?? target.getBoundingClientRect();
};

/* Set the caret to the start of the range, or select the range. */
export const putCaret = (range, isSelected) => {
  const selection = range.startContainer.ownerDocument.getSelection();
  selection.removeAllRanges();
  selection.addRange(range.cloneRange());
  if (!isSelected) selection.collapseToStart();
};
