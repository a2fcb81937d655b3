/* Opens the book at the last place, and saves where it is read. Adds `places` and `openAtLastPlace` to the reader. */

import { askWhere } from "./places-question.js";
import { makePlaces } from "./places.js";

export const addOpening = (reader) => {
  const { settings, bookText: text, find } = reader;
  reader.isOpening = true; // the place is known: opening the book there is no news
  reader.openAtLastPlace = async () => {
    const sync = await reader.syncing;
    const show = (place) => reader.jump(text.targetOf(place));
    reader.places = makePlaces({ settings, sync, text, ask: askWhere(find, reader.labelOf), show });
    const last = await reader.places.recall();
    const target = last ? text.targetOf(last) : { index: 0 };
    await reader.book.sections[target.index].ready();
    await reader.view.renderer.goTo(target);
    // After two frames, the pages are in their final place.
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    reader.isOpening = false;
  };
  reader.on("moved", ({ place, isTurn }) => {
    if (!reader.isReflow) reader.places?.remember(place, { isTurn, isOpening: reader.isOpening });
  });
  reader.on("open", () => reader.places.opened());
};
