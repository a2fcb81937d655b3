/* What only books of pages with words have: reading aloud, on the pages that have some, and selecting by the key H. */

import { addAloud } from "../on-demand.js";

export const addListening = (reader) => {
  const { find, book } = reader;
  const button = find("[data-aloud]");
  if (!book.pages.some(({ words }) => words)) {
    find("[data-words-key]").hidden = true;
    return;
  }
  button.hidden = false;
  addAloud(reader, () => import("../aloud-pages.js"));
  // It keeps its room, so that the other tools stay where they are.
  reader.on("shown", () => button.classList.toggle("is-away", !reader.shown.some(({ page }) => page.words)));
};
