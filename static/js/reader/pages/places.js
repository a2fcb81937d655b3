/* The place in a book of pages: the footer, what is told to screen readers, what is saved, where the book opens.

   Adds `openAtLastPlace`, `labelOf`, `jumpTo` and `indexOfPlace` to the reader; tells `moved` with {place, isTurn}. */

import { makeAsk } from "../opening.js";
import { makePlaces } from "../places.js";

export const addPagePlaces = (reader) => {
  const { find, settings } = reader;
  const { pages } = reader.book;
  const range = find("[data-reader-range]");
  const percent = find("[data-reader-percent]");
  const live = find("[data-pages-live]");
  let places = null;
  let isOpening = true; // the place is known: opening the book there is no news

  /* The page of a place, which may know its page, a block of its words, or only the share of the book. */
  reader.indexOfPlace = ({ page = "", block = null, offset = 0, share_bps: share = 0 }) => {
    const index = reader.indexOf(page);
    if (index >= 0) return index;
    const found = block === null ? null : reader.bookText.locate([block, offset]);
    return found ? found.part : Math.round((share / 10000) * (pages.length - 1));
  };
  reader.labelOf = (place) => pages[reader.indexOfPlace(place)].label;
  reader.jumpTo = (place) => reader.jump(reader.indexOfPlace(place));

  const placeOf = (group) => {
    const [first, last] = [group[0], group.at(-1)];
    const found = settings.text.blocks[first] > 0 ? reader.bookText.toBook(first, [0, 0]) : null;
    const share = pages.length > 1 ? last / (pages.length - 1) : 1;
    return { block: found && found[0], offset: 0, page: pages[first].id, share_bps: Math.round(10000 * share) };
  };
  reader.on("shown", (group) => {
    const titles = group.map((index) => pages[index].title).join(", ");
    range.value = group[0];
    range.setAttribute("aria-valuetext", titles);
    percent.value = `${group.map((index) => pages[index].label).join("–")} / ${pages.at(-1).label}`;
    live.textContent = titles;
    const place = placeOf(group);
    const isTurn = !reader.isJumping && !isOpening;
    places.remember(place, { isTurn, isOpening });
    reader.tell("moved", { place, isTurn });
  });

  reader.openAtLastPlace = async () => {
    places = makePlaces({
      settings,
      sync: await reader.syncing,
      text: reader.bookText,
      ask: makeAsk(reader),
      show: reader.jumpTo,
      isFar: (one, other) => reader.indexOfPlace(one) !== reader.indexOfPlace(other),
    });
    const last = await places.recall();
    reader.show(last ? reader.indexOfPlace(last) : 0);
    isOpening = false;
  };
  reader.on("open", () => places.opened());
};
