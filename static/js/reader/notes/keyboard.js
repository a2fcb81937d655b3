/* Selecting by keyboard: `h` takes the first sentence of the page; arrow keys change it. */

import { blocksOf, placesOf, rangeOf } from "../text.js";

const points = (text) => [...text].length;

/* The sentences of a block as offsets in code points: [start, end]. */
const sentencesOf = ({ text }, language) => {
  if (!Intl.Segmenter) return [[0, points(text)]];
  let segmenter;
  try {
    segmenter = new Intl.Segmenter(language || undefined, { granularity: "sentence" });
  } catch {
    segmenter = new Intl.Segmenter(undefined, { granularity: "sentence" });
  }
  let at = 0;
  return [...segmenter.segment(text)].map(({ segment }) => [at, (at += points(segment))]);
};

const select = (root, range) => {
  const selection = (root.ownerDocument ?? root).getSelection();
  selection.setBaseAndExtent(range.startContainer, range.startOffset, range.endContainer, range.endOffset);
};

/* The sentence that begins first at or after a place; the one around it if it is the block's last. */
const sentenceAt = (root, [block, offset], language) => {
  const blocks = blocksOf(root);
  const found = blocks[block] && sentencesOf(blocks[block], language).find(([start]) => start >= offset);
  if (found) return rangeOf(root, block, ...found);
  if (blocks[block + 1]) return rangeOf(root, block + 1, ...sentencesOf(blocks[block + 1], language)[0]);
  return blocks[block] ? rangeOf(root, block, ...sentencesOf(blocks[block], language).at(-1)) : null;
};

const sentenceBefore = (root, [block, offset], language) => {
  const blocks = blocksOf(root);
  const found = sentencesOf(blocks[block], language).findLast(([start]) => start < offset);
  if (found) return rangeOf(root, block, ...found);
  return block > 0 ? rangeOf(root, block - 1, ...sentencesOf(blocks[block - 1], language).at(-1)) : null;
};

/* Move the beginning of a selection by a word: its two ends change places meanwhile. */
const moveStart = (selection, direction) => {
  const { startContainer, startOffset, endContainer, endOffset } = selection.getRangeAt(0);
  selection.setBaseAndExtent(endContainer, endOffset, startContainer, startOffset);
  selection.modify("extend", direction, "word");
  const { startContainer: node, startOffset: offset } = selection.getRangeAt(0);
  selection.setBaseAndExtent(node, offset, endContainer, endOffset);
};

/* Select the first sentence of what is shown of a root. Returns whether there is one. */
export const selectFirstSentence = (root, visible, language) => {
  const places = placesOf(visible, root);
  const range = places && sentenceAt(root, places.start, language);
  if (range) select(root, range);
  return Boolean(range);
};

/* Change the selection by an arrow key. Returns whether the key is one of these. */
export const changeSelection = (root, event, language) => {
  const selection = (root.ownerDocument ?? root).getSelection();
  const direction = { ArrowLeft: "left", ArrowRight: "right" }[event.key];
  if (direction && event.shiftKey) selection.modify("extend", direction, "word");
  else if (direction) moveStart(selection, direction);
  else if (event.key === "ArrowUp" || event.key === "ArrowDown") {
    const places = placesOf(selection.getRangeAt(0), root);
    if (!places) return true;
    const range = event.key === "ArrowUp" ? sentenceBefore(root, places.start, language) : sentenceAt(root, places.end, language);
    if (range) select(root, range);
  } else return false;
  return true;
};
