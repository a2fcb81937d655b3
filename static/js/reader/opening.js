/* Opens the book at the last place. Adds `positions`, `targetOf` and `openAtLastPlace` to the reader. */

import { questionOf } from "./panels.js";
import { keeper } from "./position.js";
import { rangeOf } from "./words.js";

const targetOf = ({ settings, view }, { chapter, cfi, is_moved: isMoved, words = "", within_bps: within = 0 }) => {
  const index = settings.chapters.findIndex((one) => one.id === chapter);
  const byCfi = cfi && !isMoved && view.resolveNavigation(cfi);
  const share = within / 10000;
  const anchor = (doc) => (byCfi?.index === index && byCfi.anchor(doc)) || rangeOf(doc, words, share) || share;
  return index < 0 ? null : { index, anchor };
};

/* The position in an earlier edition's sample is stored in this browser only. */
const foundInSample = async (reader, place) => {
  for (const [index, { chapter, createDocument }] of reader.book.sections.entries())
    if (rangeOf(await createDocument(), place.words ?? "", 0)) return reader.targetOf({ ...place, chapter, index });
  return reader.view.resolveNavigation({ fraction: (place.fraction_bps ?? 0) / 10000 });
};

const lastTarget = async (reader, last) => {
  if (!last) return null;
  return last.is_moved && !reader.settings.save ? foundInSample(reader, last) : reader.targetOf(last);
};

export const addOpening = (reader) => {
  const token = reader.find("[data-reader-token] input")?.value ?? "";
  const question = questionOf(reader.settings, (place) => reader.jump(reader.targetOf(place)));
  reader.positions = keeper(reader.settings, token, question);
  reader.targetOf = (place) => targetOf(reader, place);
  reader.isOpening = true; // the place is on the server as it is: opening the book there is no news
  reader.openAtLastPlace = async () => {
    const last = reader.positions.recall();
    reader.isKept = Boolean(last && !last.is_moved);
    const target = (await lastTarget(reader, last)) || { index: 0 };
    await reader.book.sections[target.index].ready();
    await reader.view.renderer.goTo(target);
    // After two frames, the pages are in their final place.
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    reader.isOpening = false;
    reader.isKept = false;
  };
};
