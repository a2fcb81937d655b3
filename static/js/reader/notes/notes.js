/* Notes in a book of chapters: highlights drawn in each chapter, words selected there, bookmarks, and the list.

   Adds `notes` to the reader once they are read from this device, and tells `notes`. */

import { followAddress } from "./address.js";
import { makeBookmarks, shownRange } from "./bookmarks.js";
import { makeEditor } from "./editor.js";
import { makeNotes } from "./model.js";
import { makeOverlay } from "./overlay.js";
import { makeSelecting } from "./selecting.js";
import { makeTelling } from "./telling.js";

const surfaceOf = (doc, part) => {
  const overlay = makeOverlay({ root: doc, container: doc.documentElement });
  const frame = () => doc.defaultView?.frameElement;
  return {
    root: doc,
    doc,
    part,
    overlay,
    isShown: () => Boolean(frame()?.isConnected),
    toWindow: (rect) => {
      const { left, top } = frame().getBoundingClientRect();
      return new DOMRect(rect.x + left, rect.y + top, rect.width, rect.height);
    },
    focus: () => doc.defaultView.focus(),
    listen: (name, act, isCapturing) => doc.addEventListener(name, act, isCapturing),
  };
};

/* The parts that both readers share. `surfaces` are what is shown, each with its text; `labelOf` and `titleOf` name a
   place's page, and the chapter of a part. */
export const startNotes = (reader, { sync, surfaces, labelOf, titleOf }) => {
  const { find, settings, bookText: text, panels } = reader;
  const notes = makeNotes({ settings, sync, text });
  const telling = makeTelling(find);
  const { say } = telling;
  const context = { find, panels, notes, say, settings, text, sync, reader, labelOf, titleOf };
  context.edit = makeEditor(context);
  context.remove = async (id) => {
    const isBookmark = notes.get(id).kind === "bookmark";
    await notes.remove(id);
    say(isBookmark ? "unbookmarked" : "removed", { act: () => notes.restore(id).then(() => say("restored")) });
  };
  const selecting = makeSelecting(context);
  reader.selecting = selecting;
  const bookmarks = makeBookmarks(context);

  const draw = (surface) => {
    const here = notes.all().filter(({ kind }) => kind === "highlight").map((note) => notes.inPart(note, surface.part));
    surface.overlay.show(here.filter(Boolean));
  };
  const drawAll = () => surfaces().forEach(draw);
  notes.onChange(drawAll);

  const openList = async () => {
    const { openNotesPanel } = await import("./panel.js");
    openNotesPanel({ ...context, placeByHand: selecting.placeByHand });
  };
  find("[data-notes-open]").addEventListener("click", openList);
  Object.assign(reader.keys, { b: bookmarks.toggle, n: openList, u: telling.undo });
  return { context, notes, selecting, bookmarks, draw, drawAll };
};

export const addNotes = (reader) => {
  let surfaces = [];
  let started = null;
  let isLate = null; // the last place shown before the notes were read

  const watch = (surface) => {
    started.selecting.watch(surface);
    const redraw = () => surface.isShown() && started.draw(surface);
    new ResizeObserver(redraw).observe(surface.doc.body);
    surface.doc.fonts?.ready.then(redraw);
  };
  reader.on("chapter", ({ doc, index }) => {
    surfaces = surfaces.filter((surface) => surface.isShown());
    const surface = surfaceOf(doc, index);
    surfaces.push(surface);
    if (started) watch(surface);
  });
  const show = ({ detail: { range } }) => {
    const surface = surfaces.find(({ doc }) => doc === range?.startContainer.ownerDocument);
    if (surface) started.bookmarks.show(shownRange(started.context, { surface, range }));
    reader.visible = surface && { surface, range };
  };
  reader.on("moved", (moved) => (started ? show(moved) : (isLate = moved)));
  reader.on("look", () => started && requestAnimationFrame(started.drawAll));

  reader.keys.h = () => started && reader.visible && started.selecting.begin(reader.visible.surface, reader.visible.range);

  reader.syncing.then((sync) => {
    const shown = () => surfaces.filter((surface) => surface.isShown());
    const labelOf = ({ start: [block, offset] }) => reader.labelOf({ block, offset });
    const titleOf = (part) => reader.settings.chapters[part].title;
    started = startNotes(reader, { sync, surfaces: shown, labelOf, titleOf });
    surfaces.forEach(watch);
    if (isLate) show(isLate);
    reader.notes = started.notes;
    return started.notes.load().then(() => followAddress({ reader, sync, notes: started.notes, placeByHand: started.selecting.placeByHand }));
  });
};
