/* Opens the book at the last place, and saves where it is read. Adds `places` and `openAtLastPlace` to the reader. */

import { makePlaces } from "./places.js";

/* Asked seldom: loaded then. */
export const makeAsk = (reader) => async (place, answers) => {
  const { askWhere } = await import("./places-question.js");
  askWhere(reader.find, (one) => reader.labelOf(one))(place, answers);
};

export const addOpening = (reader) => {
  const { settings, bookText: text } = reader;
  reader.isOpening = true; // the place is known: opening the book there is no news
  reader.openAtLastPlace = async () => {
    const sync = await reader.syncing;
    const show = (place) => reader.jump(text.targetOf(place));
    reader.places = makePlaces({ settings, sync, text, ask: makeAsk(reader), show });
    const last = await reader.places.recall();
    const target = last ? text.targetOf(last) : { index: settings.opening ?? 0 };
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
