/* What happens with selected words and with highlights: one choice at a time, for which the bar is open. */

import { isNothingSelected } from "../taps.js";
import { makeBar } from "./bar.js";
import { changeSelection, selectFirstSentence } from "./keyboard.js";
import { targetOf } from "./model.js";

const SETTLED_MS = 250; // after the last change of a selection by touch or keys

export const makeSelecting = (context) => {
  const { find, notes, say, edit, settings, pointer } = context;
  let chosen = null; // {surface, target} for selected words, {surface, id} for a highlight
  let placing = null; // the note that is placed by hand
  let isByKeys = false;
  let isBelowMiddle = false; // where the words are

  const selectionOf = (surface) => surface.doc.getSelection();
  const close = () => {
    if (chosen?.target) selectionOf(chosen.surface)?.removeAllRanges();
    chosen = null;
    isByKeys = false;
    bar.hide();
  };
  const wordsOf = () => chosen.target?.exact ?? notes.get(chosen.id).target.exact;

  const highlight = async (colour) => {
    const { target, id } = chosen;
    close();
    if (id) await notes.change(id, { colour });
    else await notes.add("highlight", target, { colour, body: "" });
    say(id ? "coloured" : "highlighted");
  };
  const writeNote = () => {
    const { target, id } = chosen;
    close();
    edit(id ? notes.get(id) : { target, body: "" });
  };
  const copy = async () => {
    const words = wordsOf();
    close();
    await navigator.clipboard.writeText(words);
    say("copied");
  };
  const share = async () => {
    const words = wordsOf();
    close();
    await navigator.share({ text: words }).catch(() => {}); // the reader thought better of it
  };
  /* The words stay selected until the dictionary is closed. */
  const lookUp = () => {
    const { surface } = chosen;
    bar.hide();
    const closed = () => {
      close();
      surface.focus();
    };
    context.reader.dictionary.open(wordsOf(), { isBelow: isBelowMiddle, closed });
    return true;
  };
  const putThere = async () => {
    const { target } = chosen;
    const id = placing;
    placing = null;
    close();
    await notes.change(id, { placed: { edition: target.edition, start: target.start, end: target.end } });
    say("placed", { isShown: true });
  };
  const reportTypo = async () => {
    const { target } = chosen;
    close();
    const { open } = await import("../typos.js");
    open(context, target);
  };
  const acts = {
    colour: highlight,
    note: writeNote,
    copy,
    share,
    define: lookUp,
    typo: reportTypo,
    remove: () => {
      const { id } = chosen;
      close();
      context.remove(id);
    },
    place: putThere,
    close,
  };
  const takesTypos = settings.takes_typos !== false; // facts that a device keeps may be older than this one
  const bar = makeBar(find, takesTypos, (name, value) => Promise.resolve(acts[name](value)).catch((error) => console.error(error)));

  const show = (rect) => {
    const note = chosen.id ? notes.get(chosen.id) : null;
    const inWindow = rect && chosen.surface.toWindow(rect);
    isBelowMiddle = Boolean(inWindow) && inWindow.top > innerHeight / 2;
    const mayDefine = context.reader.dictionary?.suits(wordsOf());
    bar.show({ rect: inWindow, mayDefine, isNote: Boolean(note), colour: note?.colour, body: note?.body, isHinting: isByKeys, isPlacing: Boolean(placing && !note) });
  };

  const selected = (surface) => {
    const selection = selectionOf(surface);
    const range = isNothingSelected(surface.doc) ? null : selection.getRangeAt(0);
    if (!range || !surface.root.contains(range.commonAncestorContainer)) {
      if (chosen?.target && chosen.surface === surface) close();
      return;
    }
    const target = targetOf(context, { ...surface, range });
    if (!target) return say("nowhere", { isShown: true });
    chosen = { surface, target };
    if (isByKeys) say("selected", { words: target.exact });
    const rects = range.getClientRects();
    show(rects[0]);
  };

  const enter = () => bar.enter(() => chosen?.surface.focus());

  /* Keys while words are selected. */
  const onKey = (surface, event) => {
    if (event.target.closest?.("button, a, input, select")) return; // beside the words, in a book of pages
    if (event.ctrlKey || event.metaKey || event.altKey || chosen?.surface !== surface || document.querySelector("dialog[open]")) return;
    if (event.key === "Escape") close();
    else if (event.key === "Enter") enter();
    else if (!chosen.target || isNothingSelected(surface.doc) || !changeSelection(surface.root, event, settings.language)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  };

  const onClick = (surface, event) => {
    if (event.target.closest("a") || !isNothingSelected(surface.doc)) return;
    const wasOpen = bar.isOpen();
    const id = surface.overlay.noteAt(event.clientX, event.clientY);
    if (!id && !wasOpen) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    close();
    if (id) openNote(surface, id);
  };
  const openNote = (surface, id) => {
    chosen = { surface, id };
    show(surface.overlay.rectOf(id));
  };

  /* Listen to a surface: a chapter or page with its text. */
  const watch = (surface) => {
    let timer = 0;
    /* A chapter that has left has no selection. */
    const soon = () => {
      clearTimeout(timer);
      timer = setTimeout(() => !pointer.isDown && surface.isShown() && selected(surface), SETTLED_MS);
    };
    const on = (name, act, isCapturing = false) => surface.listen(name, act, isCapturing);
    on("selectionchange", soon);
    on("pointerdown", () => (isByKeys = false));
    on("pointerup", soon);
    on("keydown", (event) => onKey(surface, event), true);
    on("click", (event) => onClick(surface, event), true);
    soon(); // words may be selected already
  };

  return {
    watch,
    openNote,
    close,
    /* Look up what is chosen; false if nothing is. */
    lookUp: () => Boolean(chosen) && lookUp(),
    /* Select the first sentence on the page. */
    begin: (surface, visible) => {
      isByKeys = selectFirstSentence(surface.root, visible, settings.language);
      if (isByKeys) surface.focus();
      return isByKeys;
    },
    placeByHand: (id) => {
      placing = id;
      say("select", { isShown: true });
    },
    stopPlacing: () => (placing = null),
  };
};
