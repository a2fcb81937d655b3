/* Notes in a book of pages: on the words over its pictures, and bookmarks on pages, which may have no words. */

import { blocksOf } from "../text.js";
import { shownPages } from "./bookmarks.js";
import { makeOverlay } from "./overlay.js";
import { startNotes } from "./notes.js";

const WORDS = 80; // characters that stand for a page

const surfaceOf = (reader, { leaf, page, part }, root) => {
  const ended = new AbortController();
  const overlay = makeOverlay({ root, container: leaf, origin: () => leaf.getBoundingClientRect() });
  return {
    root,
    doc: document,
    part,
    page: page.id,
    overlay,
    isShown: () => leaf.isConnected,
    toWindow: (rect) => rect,
    focus: () => reader.stage.focus(),
    /* The document hears of selections and keys, which have no place on a page. */
    listen: (name, act, isCapturing) => {
      const target = name === "selectionchange" || name === "keydown" ? document : leaf;
      target.addEventListener(name, act, { capture: isCapturing, signal: ended.signal });
    },
    end: () => ended.abort(),
  };
};

export const addPageNotes = (reader) => {
  let surfaces = [];
  let started = null;

  const update = () => {
    if (!started) return;
    for (const surface of surfaces.filter((one) => !one.isShown())) surface.end();
    surfaces = surfaces.filter((surface) => surface.isShown());
    for (const shown of reader.shown ?? []) {
      const root = shown.leaf.querySelector(".leaf-words");
      if (!root || surfaces.some((surface) => surface.root === root)) continue;
      const surface = surfaceOf(reader, shown, root);
      surfaces.push(surface);
      started.watch(surface);
      started.draw(surface);
    }
    const pages = (reader.shown ?? []).map(({ leaf, page, part }) => {
      const root = leaf.querySelector(".leaf-words");
      return { id: page.id, part, words: (root && blocksOf(root)[0]?.text.slice(0, WORDS)) || "" };
    });
    if (pages.length) started.bookmarks.show(shownPages(started.context, pages));
  };
  for (const event of ["chapter", "moved"]) reader.on(event, update);
  reader.on("resized", () => started?.drawAll());
  reader.keys.h = () => {
    const surface = surfaces.find(({ root }) => blocksOf(root).length);
    if (!surface) return false;
    const range = document.createRange();
    range.selectNodeContents(surface.root);
    return started.begin(surface, range);
  };

  reader.syncing.then((sync) => {
    const titleOf = (part) => reader.settings.chapters.find(({ id }) => id === reader.pages()[part].chapter)?.title ?? "";
    const labelOf = ({ start: [block, offset], page }) => reader.labelOf({ block, offset, page });
    started = startNotes(reader, { sync, surfaces: () => surfaces, labelOf, titleOf });
    update();
    return started.notes.load();
  });
};
