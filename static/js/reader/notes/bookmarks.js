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

export const makeBookmarks = (context) => {
  const { find, notes, say } = context;
  const button = find("[data-bookmark]");
  const ribbon = find("[data-bookmark-ribbon]");
  let shown = null; // {surface, range}

  const onPage = () => {
    const places = shown && placesOf(shown.range, shown.surface.root);
    if (!places) return [];
    return notes.all().filter((note) => {
      const spot = note.kind === "bookmark" && notes.inPart(note, shown.surface.part);
      return spot && !isBefore(spot.start, places.start) && isBefore(spot.start, places.end);
    });
  };
  const update = () => {
    const isMarked = onPage().length > 0;
    ribbon.hidden = !isMarked;
    button.setAttribute("aria-pressed", String(isMarked));
  };
  const toggle = async () => {
    const there = onPage();
    for (const { id } of there) await notes.remove(id);
    if (there.length) return say("unbookmarked");
    const range = shown && beginningOf(shown.surface.root, shown.range);
    const target = range && targetOf(context, { ...shown.surface, range });
    if (!target) return say("nowhere", { isShown: true });
    await notes.add("bookmark", target, {});
    say("bookmarked");
  };

  button.addEventListener("click", toggle);
  notes.onChange(update);
  return {
    toggle,
    /* What the window shows now. */
    show: (surface, range) => {
      shown = { surface, range };
      update();
    },
  };
};
