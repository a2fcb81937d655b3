/* What search needs to know about a book of chapters: where a hit is, how to go there, how to mark it. */

import { mark } from "./marks.js";
import { blocksOf, makeBlockCounter, rangeOf } from "./text.js";

const MAX_MARKS = 2000; // of a chapter: more would be no help to anybody

export const makeSite = (reader) => {
  const { settings, view } = reader;
  const counter = makeBlockCounter(settings.text.blocks);

  const markDocument = (found, now, { doc, index, overlayer }) => {
    const first = counter.firstOf(index);
    const numbers = found ? found.between(first, first + blocksOf(doc).length).slice(0, MAX_MARKS) : [];
    const ranges = new Map();
    for (const number of numbers) {
      const { block, start, end } = found.hit(number);
      ranges.set(number, rangeOf(doc, block - first, start, end));
    }
    const current = ranges.get(now);
    ranges.delete(now);
    mark(doc, "hit", [...ranges.values()].filter(Boolean), overlayer);
    mark(doc, "hit-now", current ? [current] : [], overlayer);
  };

  return {
    language: settings.language,
    title: (part) => settings.chapters[part]?.title ?? "",
    page: reader.pageAt,
    go: ({ block, start, end }, { isNext }) => reader.jump(reader.targetAt(block, start, end), { isNext }),
    /* Mark the hits in the chapters that are shown, or in one that has just loaded. */
    mark: (found, query, now, loaded = null) => {
      for (const shown of loaded ? [loaded] : view.renderer.getContents()) markDocument(found, now, shown);
    },
  };
};
