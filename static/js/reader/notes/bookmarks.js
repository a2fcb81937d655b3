/* Bookmarks: a page has one if it contains the place where it was set. */

import { placesOf, rangeOf, blocksOf, lengthOf } from "../text.js";
import { targetOf } from "./model.js";

const WORDS = 80; // characters that stand for the page

const isBefore = (one, other) => one[0] < other[0] || (one[0] === other[0] && one[1] < other[1]);

/* The beginning of what is shown. */
const beginningOf = (root, visible) => {
  const places = placesOf(visible, root);
  if (!places) return null;
  const [block, offset] = places.start;
  return rangeOf(root, block, offset, Math.min(offset + WORDS, lengthOf(blocksOf(root)[block])));
};

/* What is shown of a chapter: its surface and the range of it. */
export const shownRange = (context, { surface, range }) => ({
  has: (note) => {
    const places = placesOf(range, surface.root);
    const spot = places && context.notes.inPart(note, surface.part);
    return spot && !isBefore(spot.start, places.start) && isBefore(spot.start, places.end);
  },
  target: () => {
    const beginning = beginningOf(surface.root, range);
    return beginning && targetOf(context, { ...surface, range: beginning });
  },
});

/* What is shown of a book of pages: pages by their id, perhaps without a word. */
export const shownPages = ({ settings, text, titleOf }, pages) => ({
  has: (note) => pages.some(({ id }) => id === (note.target.edition === settings.edition ? note.target.page : note.anchor?.page)),
  target: () => {
    const { part, id, words } = pages[0];
    const start = text.toBook(part, [0, 0]);
    return start && { edition: settings.edition, start, end: start, page: id, exact: words, prefix: "", suffix: "", chapter: titleOf(part) };
  },
});

export const makeBookmarks = (context) => {
  const { find, notes, say } = context;
  const button = find("[data-bookmark]");
  const ribbon = find("[data-bookmark-ribbon]");
  let shown = null;

  const onPage = () => (shown ? notes.all().filter((note) => note.kind === "bookmark" && shown.has(note)) : []);
  const update = () => {
    const isMarked = onPage().length > 0;
    ribbon.hidden = !isMarked;
    button.setAttribute("aria-pressed", String(isMarked));
  };
  const toggle = async () => {
    const there = onPage();
    for (const { id } of there) await notes.remove(id);
    if (there.length) return say("unbookmarked");
    const target = shown?.target();
    if (!target) return say("nowhere", { isShown: true });
    await notes.add("bookmark", target, {});
    say("bookmarked");
  };

  button.addEventListener("click", toggle);
  notes.onChange(update);
  return {
    toggle,
    /* What the window shows now: `has(note)` and `target()`. */
    show: (now) => {
      shown = now;
      update();
    },
  };
};
