/* Notes in a book of chapters: highlights drawn in each chapter, and bookmarks. What works with selected words and with
   highlights is loaded with the first touch of the text, the list when it is first opened.

   Adds `notes` to the reader once they are read from this device. */

import { makeBookmarks, shownRange } from "./bookmarks.js";
import { inStore } from "../store.js";
import { isNothingSelected } from "../taps.js";
import { makeNotes } from "./model.js";
import { makeOverlay } from "./overlay.js";
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
    focus: () => {
      doc.activeElement?.blur(); // a link would take the keys that are meant for the words
      doc.defaultView.focus();
    },
    listen: (name, act, isCapturing) => doc.addEventListener(name, act, isCapturing),
  };
};

/* Watches surfaces for the pointer and, once that is loaded, for what is selected. */
const makeWatching = (context, surfaces) => {
  const pointer = (context.pointer = { isDown: false });
  let selecting = null;
  let coming = null;

  const load = async () => {
    const { makeSelecting } = await import("./selecting.js");
    selecting = makeSelecting(context);
    context.reader.selecting = selecting;
    surfaces().forEach(selecting.watch);
    return selecting;
  };
  const loadSelecting = () => {
    coming ??= load();
    coming.catch(() => (coming = null));
    return coming;
  };
  const onDown = ({ pointerType }) => {
    pointer.isDown = pointerType === "mouse"; // fingers leave their handles on the selection
    loadSelecting();
  };
  /* The first click on a highlight, before what opens it is there. */
  const onClick = (surface, event) => {
    const id = !selecting && surface.overlay.noteAt(event.clientX, event.clientY);
    if (!id || event.target.closest("a")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    loadSelecting().then(({ openNote }) => openNote(surface, id));
  };
  return {
    loadSelecting,
    watch: (surface) => {
      surface.listen("pointerdown", onDown);
      surface.listen("pointerup", () => (pointer.isDown = false));
      surface.listen("selectionchange", () => isNothingSelected(surface.doc) || loadSelecting()); // by keys, too
      surface.listen("click", (event) => onClick(surface, event), true);
      selecting?.watch(surface);
      if (!isNothingSelected(surface.doc)) loadSelecting(); // while this was loading
    },
  };
};

/* What somebody noted in the sample before the book was theirs. */
const offerSampleNotes = async (context) => {
  const { settings, sync } = context;
  if (sync.isLocal || !(await inStore("", (db) => db.notesOf(settings.work))).length) return;
  const offer = await import("./offer.js");
  await offer.offerSampleNotes(context);
};

/* The parts that both readers share. `surfaces` are what is shown, each with its text; `labelOf` and `titleOf` name a
   place's page, and the chapter of a part. */
export const startNotes = (reader, { sync, surfaces, labelOf, titleOf }) => {
  const { find, settings, bookText: text, panels } = reader;
  const notes = makeNotes({ settings, sync, text });
  const telling = makeTelling(find);
  const { say } = telling;
  const context = { find, panels, notes, say, settings, text, sync, reader, labelOf, titleOf };
  context.edit = async (note) => {
    const { makeEditor } = await import("./editor.js");
    context.editor ??= makeEditor(context);
    context.editor(note);
  };
  context.remove = async (id) => {
    const isBookmark = notes.get(id).kind === "bookmark";
    await notes.remove(id);
    say(isBookmark ? "unbookmarked" : "removed", { act: () => notes.restore(id).then(() => say("restored")) });
  };
  const bookmarks = makeBookmarks(context);
  const { watch, loadSelecting } = makeWatching(context, surfaces);

  const draw = (surface) => {
    const here = notes.all().filter(({ kind }) => kind === "highlight").map((note) => notes.inPart(note, surface.part));
    surface.overlay.show(here.filter(Boolean));
  };
  const drawAll = () => surfaces().forEach(draw);
  notes.onChange(drawAll);

  const placeByHand = async (id) => (await loadSelecting()).placeByHand(id);
  const openList = async () => {
    const { openNotesPanel } = await import("./panel.js");
    openNotesPanel({ ...context, placeByHand });
  };
  find("[data-notes-open]").addEventListener("click", openList);
  offerSampleNotes(context).catch((error) => console.error(error));
  Object.assign(reader.keys, { b: bookmarks.toggle, n: openList, u: telling.undo });
  const begin = async (surface, visible) => (await loadSelecting()).begin(surface, visible);
  return { context, notes, bookmarks, draw, drawAll, watch, begin, placeByHand };
};

export const addNotes = (reader) => {
  let surfaces = [];
  let started = null;
  let isLate = null; // the last place shown before the notes were read

  const watch = (surface) => {
    started.watch(surface);
    const redraw = () => surface.isShown() && started.draw(surface);
    new ResizeObserver(redraw).observe(surface.doc.body);
    surface.listen("scroll", redraw, true); // of a wide table
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
  reader.on("tables", () => started?.drawAll());

  reader.keys.h = () => started && reader.visible && started.begin(reader.visible.surface, reader.visible.range);

  reader.syncing.then((sync) => {
    const shown = () => surfaces.filter((surface) => surface.isShown());
    const labelOf = ({ start: [block, offset] }) => reader.labelOf({ block, offset });
    const titleOf = (part) => reader.settings.chapters[part].title;
    started = startNotes(reader, { sync, surfaces: shown, labelOf, titleOf });
    surfaces.forEach(watch);
    if (isLate) show(isLate);
    reader.notes = started.notes;
    return started.notes.load().then(async () => {
      if (!location.hash) return;
      const { followAddress } = await import("./address.js");
      followAddress({ reader, sync, notes: started.notes, placeByHand: started.placeByHand });
    });
  });
};
