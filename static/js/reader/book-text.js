/* Places of the whole book: a block counted over all chapters (or pages of a book of pages), an offset, and the share of
   the text before it. In a sample they are places of the book that it is the sample of. */

import { blocksOf, lengthOf, makeBlockCounter, rangeOf } from "./text.js";

const BPS = 10_000;

const moved = (runs, block, from, to) => {
  const run = runs.find((one) => one[from] <= block && block < one[from] + one[2]);
  return run ? block - run[from] + run[to] : null;
};

export const makeBookText = ({ text: { blocks, characters, sample_runs: runs } }) => {
  const counter = makeBlockCounter(blocks);
  const total = Math.max(1, characters.reduce((sum, count) => sum + count, 0));
  const before = (part) => characters.slice(0, part).reduce((sum, count) => sum + count, 0);
  const inBook = (block) => (runs ? moved(runs, block, 0, 1) : block);
  const here = (block) => (runs ? moved(runs, block, 1, 0) : block);

  const charactersBefore = (root, [block, offset]) =>
    blocksOf(root).slice(0, block).reduce((sum, one) => sum + lengthOf(one), offset);
  const atCharacter = (root, count) => {
    const blocks = blocksOf(root);
    let left = count;
    const index = blocks.findIndex((one) => (left -= lengthOf(one)) < 0);
    return index < 0 ? null : rangeOf(root, index, left + lengthOf(blocks[index]), left + lengthOf(blocks[index]) + 1);
  };

  return {
    total,
    /* The number in this archive of a block of the book; null if it is not in this sample. */
    here,
    /* The book's place of a place within a part: [block, offset]; null if it has none, as some notes of a sample. */
    toBook: (part, [block, offset]) => {
      const found = inBook(counter.firstOf(part) + block);
      return found === null ? null : [found, offset];
    },
    /* The part of a place in the book, and the place in it: {part, place}; null if it is not in this sample. */
    locate: ([block, offset]) => {
      const found = here(block);
      if (found === null) return null;
      const [part, inPart] = counter.locate(found);
      return { part, place: [inPart, offset] };
    },
    /* The share of the book before a place, as nearly as it is known without its chapter. */
    nearShare({ block, offset = 0, share_bps: share = 0 }) {
      const found = block === null || block === undefined ? null : this.locate([block, offset]);
      if (!found) return share;
      const inPart = (characters[found.part] * found.place[0]) / Math.max(1, blocks[found.part]);
      return Math.round((BPS * (before(found.part) + inPart)) / total);
    },
    shareOf: (part, root, place) => Math.round((BPS * (before(part) + charactersBefore(root, place))) / total),
    /* Where to go for a place: {index, anchor}. Without a block, its share of the book leads there. */
    targetOf({ block, offset = 0, share_bps: share = 0 }) {
      const found = block === null || block === undefined ? null : this.locate([block, offset]);
      if (found) {
        const [inPart, at] = found.place;
        return { index: found.part, anchor: (root) => rangeOf(root, inPart, at, at + 1) ?? 0 };
      }
      const count = Math.min(total - 1, Math.floor((share * total) / BPS));
      const index = characters.findLastIndex((_, part) => characters[part] > 0 && before(part) <= count);
      return { index: Math.max(0, index), anchor: (root) => atCharacter(root, count - before(index)) ?? 0 };
    },
  };
};
