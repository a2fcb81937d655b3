/* The canonical text of a chapter, from its document: the same blocks as `conversion/engine/edition_text.py`, whose rules
   this follows by number. Offsets are code points of the normalised text; the DOM counts UTF-16 units of the raw text.

   A block's raw text is made of segments: text nodes, and a blank at each edge of an element in EDGES (rule 3). */

const BLOCKS = new Set("p h1 h2 h3 h4 h5 h6 li td th dd dt caption figcaption pre".split(" "));
const EDGES = new Set([
  ...BLOCKS,
  ..."article aside blockquote br div dl figure footer header hr nav ol section table tbody tfoot thead tr ul".split(" "),
]);
const LEFT_OUT = new Set(["rt", "rp"]);
const LEFT_OUT_ROLES = new Set(["doc-noteref", "doc-backlink", "doc-pagebreak"]);
const UNSEEN = "\u00ad\u200b\u2060\ufeff";
const INVISIBLE = new RegExp(`[${UNSEEN}]`, "g");
const SPACE = /[\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/g;
// What NFC may change at once: a code point with the marks, or the vowels and finals of Hangul, that may join it.
const CLUSTER = /[^][\p{M}\u1160-\u11ff\u{16d63}\u{16d67}]*/gu;
const IS_ASCII = /^[\0-\x7f]*$/;
const TEXT_NODE = 3;
const CDATA = 4;

const isInNote = (element) => Boolean(element.parentElement?.closest("aside[role=doc-footnote]"));
const isLeftOut = (element) =>
  LEFT_OUT.has(element.localName) ||
  LEFT_OUT_ROLES.has(element.getAttribute("role")) ||
  (element.getAttribute("class") === "label" && isInNote(element));

/* The text without invisible characters, in NFC, with single blanks: rules 4 to 6. */
export const normalised = (text) => {
  const visible = IS_ASCII.test(text) ? text : text.replace(INVISIBLE, "").normalize("NFC");
  return visible.replace(SPACE, " ").replace(/^ | $/g, "");
};

/* The element after this one's descendants, within `top`; null at its end. `leave` is called for each node left. */
const following = (node, top, leave) => {
  for (let at = node; at !== top; at = at.parentNode) {
    leave?.(at);
    if (at.nextSibling) return at.nextSibling;
  }
  return null;
};

/* The segments of a block: {node, start, text}, where `start` counts in its raw text. The node of a blank at the edge of an
   element is the element; `isEnd` says which edge. */
const segmentsOf = (block) => {
  const segments = [];
  let length = 0;
  const add = (node, text, { isEdge = false, isEnd = false } = {}) => {
    segments.push({ node, start: length, text, isEdge, isEnd });
    length += text.length;
  };
  const leave = (left) => EDGES.has(left.localName) && add(left, " ", { isEdge: true, isEnd: true });
  let node = block.firstChild;
  while (node) {
    if (node.nodeType === TEXT_NODE || node.nodeType === CDATA) add(node, node.data);
    const isOpen = node.nodeType === 1 && !isLeftOut(node);
    if (isOpen && EDGES.has(node.localName)) add(node, " ", { isEdge: true });
    node = (isOpen && node.firstChild) || following(node, block, leave);
  }
  return segments;
};

const outermost = (root) => {
  const found = [];
  let node = root;
  while (node) {
    const isBlock = node.nodeType === 1 && BLOCKS.has(node.localName);
    if (isBlock) found.push(node);
    node = (!isBlock && node.firstChild) || following(node, root);
  }
  return found;
};

const rawOf = (segments) => segments.map(({ text }) => text).join("");
const known = new WeakMap();

/* The blocks of a chapter's document, or of an element that stands for one, in order: {element, text, segments}. */
export const blocksOf = (root) => {
  if (!known.has(root)) {
    const blocks = outermost(root.documentElement ?? root).map((element) => {
      const segments = segmentsOf(element);
      return { element, segments, text: normalised(rawOf(segments)) };
    });
    known.set(root, blocks.filter(({ text }) => text));
  }
  return known.get(root);
};

/* The clusters of a raw text without its invisible characters: [start, end, text in NFC]. */
function* clusters(raw) {
  const places = [];
  let visible = "";
  for (let at = 0; at < raw.length; at += 1) {
    if (UNSEEN.includes(raw[at])) continue;
    visible += raw[at];
    places.push(at);
  }
  for (const { 0: text, index } of visible.matchAll(CLUSTER))
    yield [places[index], places[index + text.length - 1] + 1, text.normalize("NFC")];
}

/* Where each code point of the block's text begins and ends in its raw text. Runs of white space are one. */
const mapOf = (block) => {
  if (block.map) return block.map;
  const starts = [];
  const ends = [];
  let wasSpace = true; // none stays at the beginning
  const put = (point, start, end) => {
    const isSpace = point.search(SPACE) === 0;
    if (!isSpace || !wasSpace) ends.push(end) && starts.push(start);
    else if (ends.length) ends[ends.length - 1] = end;
    wasSpace = isSpace;
  };
  for (const [start, end, text] of clusters(rawOf(block.segments))) {
    const points = [...text];
    points.reduce((at, point, index) => {
      const next = index === points.length - 1 ? end : Math.min(at + point.length, end - 1);
      put(point, at, next);
      return next;
    }, start);
  }
  if (wasSpace) starts.pop(), ends.pop();
  block.map = { starts, ends };
  return block.map;
};

const edgeOf = ({ node, text, isEnd, isEdge }, isAfter) =>
  isEdge ? [node, isEnd ? node.childNodes.length : 0] : [node, isAfter ? text.length : 0];

/* The position in the DOM of an offset in a block's raw text: of what begins there, or of what ends there. */
const boundaryOf = ({ segments }, raw, isEnd) => {
  const segment = isEnd
    ? segments.find(({ start, text }) => start < raw && raw <= start + text.length)
    : segments.findLast(({ start, text }) => start <= raw && raw < start + text.length);
  return segment.isEdge ? edgeOf(segment) : [segment.node, raw - segment.start];
};

/* The raw offset of a position in the DOM that is not in one of the block's text nodes: of what follows, or precedes. */
const rawNear = (point, { segments }, isEnd) => {
  const compare = (segment) => point.comparePoint(...edgeOf(segment, isEnd));
  const near = isEnd ? segments.findLast((one) => compare(one) <= 0) : segments.find((one) => compare(one) >= 0);
  if (!near) return isEnd ? 0 : Infinity;
  return near.start + (isEnd ? near.text.length : 0);
};

const pointAt = (node, offset) => {
  const point = (node.ownerDocument ?? node).createRange();
  point.setStart(node, offset);
  return point;
};

/* The place of a position in the DOM: [block in this chapter, offset]; null in a chapter without text. `isEnd`: it is the
   end of a range, so it belongs to what precedes. */
export const placeOf = (node, offset, { isEnd = false, root = node.ownerDocument ?? node } = {}) => {
  const blocks = blocksOf(root);
  if (!blocks.length) return null;
  const point = pointAt(node, offset);
  const index = isEnd
    ? Math.max(0, blocks.findLastIndex(({ element }) => point.comparePoint(element, 0) <= 0))
    : blocks.findIndex(({ element }) => point.comparePoint(element, element.childNodes.length) >= 0);
  if (index < 0) return [blocks.length - 1, lengthOf(blocks.at(-1))];
  const block = blocks[index];
  const own = block.segments.find((segment) => segment.node === node && !segment.isEdge);
  const raw = own ? own.start + offset : rawNear(point, block, isEnd);
  const { starts, ends } = mapOf(block);
  const found = isEnd ? starts.findIndex((start) => start >= raw) : ends.findIndex((end) => end > raw);
  return [index, found < 0 ? starts.length : found];
};

export const lengthOf = (block) => (block.length ??= [...block.text].length);

/* The places where a range begins and ends, without blanks and empty blocks at its ends; null if no text is in it. */
export const placesOf = (range, root = range.startContainer.ownerDocument ?? range.startContainer) => {
  const blocks = blocksOf(root);
  let start = placeOf(range.startContainer, range.startOffset, { root });
  let end = placeOf(range.endContainer, range.endOffset, { root, isEnd: true });
  if (!start || !end) return null;
  const isBefore = () => start[0] < end[0] || (start[0] === end[0] && start[1] < end[1]);
  const at = ([block, offset]) => [...blocks[block].text][offset];
  while (isBefore() && (at(start) ?? " ") === " ") start = at(start) ? [start[0], start[1] + 1] : [start[0] + 1, 0];
  while (isBefore() && (at([end[0], end[1] - 1]) ?? " ") === " ")
    end = end[1] ? [end[0], end[1] - 1] : [end[0] - 1, lengthOf(blocks[end[0] - 1])];
  return isBefore() ? { start, end } : null;
};

const clipped = (value, most) => Math.max(0, Math.min(value, most));

/* The range from an offset in a block to one in the same block or a later one; null if the chapter has no such block. */
export const rangeOf = (root, block, start, end, lastBlock = block) => {
  const blocks = blocksOf(root);
  const [first, last] = [blocks[block], blocks[lastBlock]];
  if (!first || !last) return null;
  const range = first.element.ownerDocument.createRange();
  const from = clipped(start, lengthOf(first));
  const to = clipped(end, lengthOf(last));
  if (from < lengthOf(first)) range.setStart(...boundaryOf(first, mapOf(first).starts[from], false));
  else range.setStart(...boundaryOf(first, mapOf(first).ends.at(-1), true));
  if (to > 0 && (lastBlock > block || to > from)) range.setEnd(...boundaryOf(last, mapOf(last).ends[to - 1], true));
  return range;
};

/* The pieces of text nodes between two places: [node, start, end]. */
export const piecesBetween = (root, [block, start], [lastBlock, end]) => {
  const pieces = [];
  blocksOf(root).slice(block, lastBlock + 1).forEach((one, index, all) => {
    const { starts, ends } = mapOf(one);
    const from = index ? 0 : (starts[start] ?? ends.at(-1));
    const to = index < all.length - 1 ? Infinity : end ? ends[Math.min(end, ends.length) - 1] : 0;
    for (const { node, start: first, text, isEdge } of one.segments) {
      const [begin, stop] = [Math.max(from - first, 0), Math.min(to - first, text.length)];
      if (!isEdge && begin < stop) pieces.push([node, begin, stop]);
    }
  });
  return pieces;
};

/* The words between two places. Blocks are joined by a line feed. */
export const wordsBetween = (blocks, [block, start], [lastBlock, end]) => {
  const words = blocks.slice(block, lastBlock + 1).map(({ text }) => [...text]);
  words[words.length - 1] = words.at(-1).slice(0, end);
  words[0] = words[0].slice(start);
  return words.map((one) => one.join("")).join("\n");
};

/* Blocks are counted over the whole book: `counts` are those of its chapters. */
export const makeBlockCounter = (counts) => {
  let sum = 0;
  const firsts = counts.map((count) => (sum += count) - count);
  return {
    firstOf: (chapter) => firsts[chapter],
    /* The chapter of a block, and its number there. */
    locate: (block) => {
      const chapter = Math.max(0, firsts.findLastIndex((first, index) => first <= block && counts[index] > 0));
      return [chapter, block - (firsts[chapter] ?? 0)];
    },
  };
};
