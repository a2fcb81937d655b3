/* What search needs to know about a book of pages: where a hit is, how to go there, how to mark it in a page's words. */

import { foldLetter, foldQuery } from "./fold.js";
import { mark } from "./marks.js";

const INVISIBLE = /[\u00ad\u200b\u2060\ufeff]/;

/* The letters of a page's words, folded, each with its place in the DOM. Paragraphs are kept apart. */
const lettersOf = (layer) => {
  const letters = [];
  for (const paragraph of layer.children) {
    const walker = document.createTreeWalker(paragraph, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      let offset = 0;
      for (const letter of node.data) {
        const units = INVISIBLE.test(letter) ? [] : foldLetter(letter).split("");
        for (const folded of units) letters.push({ folded, node, offset, end: offset + letter.length });
        offset += letter.length;
      }
    }
    letters.push({ folded: "\n" });
  }
  return letters;
};

const rangesIn = (layer, query) => {
  const letters = lettersOf(layer);
  const text = letters.map(({ folded }) => folded).join("");
  const wanted = foldQuery(query);
  const ranges = [];
  for (let at = wanted ? text.indexOf(wanted) : -1; at >= 0; at = text.indexOf(wanted, at + wanted.length)) {
    const [first, last] = [letters[at], letters[at + wanted.length - 1]];
    const range = document.createRange();
    range.setStart(first.node, first.offset);
    range.setEnd(last.node, last.end);
    ranges.push(range);
  }
  return ranges;
};

export const makeSite = ({ settings, stage, pages, jump }) => ({
  language: settings.language,
  title: (part) => pages()[part]?.title ?? "",
  page: () => "", // its title says it
  go: async ({ part }, { isNext }) => jump(part, { isNext }),
  /* Mark the hits on the pages that are shown; on the page of the current one, the hit itself cannot be told apart. */
  mark: (found, query) => {
    const layers = found ? [...stage.querySelectorAll(".leaf-words")] : [];
    mark(document, "hit", layers.flatMap((layer) => rangesIn(layer, query)));
  },
});
