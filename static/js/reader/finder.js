/* Search in the text of a book: plain arithmetic without the DOM.

   Blocks are as in `text.json`: [index of the chapter or page, text]. They are folded once, a line each; where a hit is in
   the original text is only worked out when it is shown. */

import { fold, foldQuery, unfold } from "./fold.js";

const CONTEXT = 48; // characters on either side
const BEYOND_UTF16 = /[\ud800-\udfff]/;

/* A part of the text by offsets in code points. */
const slice = (text, start, end) => (BEYOND_UTF16.test(text) ? [...text].slice(start, end).join("") : text.slice(start, end));

const around = (text, start, end) => {
  const before = slice(text, Math.max(0, start - CONTEXT), start);
  const rest = slice(text, end, Infinity);
  const after = slice(rest, 0, CONTEXT);
  return {
    before: start > CONTEXT ? `…${before.replace(/^\S* /, "")}` : before,
    words: slice(text, start, end),
    after: after.length < rest.length ? `${after.replace(/ \S*$/, "")}…` : after,
  };
};

export const makeFinder = (blocks) => {
  const lines = blocks.map(([, text]) => fold(text));
  const firsts = new Int32Array(lines.length + 1);
  for (const [index, line] of lines.entries()) firsts[index + 1] = firsts[index] + line.length + 1;
  const text = lines.join("\n");

  const blockAt = (at) => {
    let [low, high] = [0, lines.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (firsts[middle] <= at) low = middle;
      else high = middle - 1;
    }
    return low;
  };
  const spanAt = (at, length) => {
    const block = blockAt(at);
    return [block, ...unfold(blocks[block][1], at - firsts[block], at - firsts[block] + length)];
  };
  /* Half of a letter that becomes two, as "ß", is found twice. */
  const isSameLetter = (before, at, length) => {
    const [block, , end] = spanAt(before, length);
    const [nextBlock, start] = spanAt(at, length);
    return block === nextBlock && start < end;
  };

  /* All hits of a query, in order: how many, and each one by its number, as {block, start, end, part, before, words, after}. */
  const find = (query) => {
    const wanted = foldQuery(query);
    const { length } = wanted;
    const places = [];
    if (length)
      for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + length)) {
        const last = places.at(-1);
        if (last === undefined || last + length < at || !isSameLetter(last, at, length)) places.push(at);
      }
    return {
      count: places.length,
      hit: (number) => {
        const [block, start, end] = spanAt(places[number], length);
        const [part, original] = blocks[block];
        return { block, start, end, part, ...around(original, start, end) };
      },
      /* The numbers of the hits from one block to before another. */
      between: (first, beyond) => {
        const inside = (at) => at >= firsts[first] && at < firsts[Math.min(beyond, lines.length)];
        const from = places.findIndex(inside);
        const to = places.findLastIndex(inside);
        return from < 0 ? [] : Array.from({ length: to - from + 1 }, (_, index) => from + index);
      },
    };
  };
  return { find };
};

/* The same from the server's answer, which has the first hits only. */
export const foundByServer = ({ count, hits }) => {
  const names = ["block", "start", "end", "part", "before", "words", "after"];
  const known = hits.map((hit) => Object.fromEntries(hit.map((value, index) => [names[index], value])));
  return {
    count,
    known: known.length,
    hit: (number) => known[number],
    between: (first, beyond) => known.flatMap(({ block }, number) => (block >= first && block < beyond ? [number] : [])),
  };
};
