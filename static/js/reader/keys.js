/* Keys, on the page and in the chapter. Features add theirs to `reader.keys`: a key's name and what it does.

   An action that returns false leaves the key to the browser. */

const HELD_KEYS_WAIT = 2; // turns of a key held down that may wait for a chapter

/* Single-key shortcuts. Dictated words may trigger them, so people who use speech input can turn them off. */
const isSwitchedOff = (look, key) => look.keys === "off" && key.length === 1 && key !== " ";
const isTyping = (event) => event.target.closest?.("input, select, textarea, [contenteditable]");
const isScrolling = (event) => /^(Arrow|Home|End)/.test(event.key) && event.target.closest?.("[data-scrolls]");

/* The name of a key that is pressed for the reader, with Ctrl if that is held; "" for others. */
export const keyOf = (event, look) => {
  // Some keyboards write brackets with AltGr, which counts as Ctrl and Alt.
  const isWritten = event.getModifierState("AltGraph");
  const isOther = event.metaKey || (event.altKey && !isWritten) || isSwitchedOff(look, event.key);
  if (isOther || document.querySelector("dialog[open]") || isTyping(event) || isScrolling(event)) return "";
  return event.ctrlKey && !isWritten ? `Ctrl+${event.key}` : event.key;
};

export const addKeys = (reader) => {
  const step = (isForward, event) => {
    if (!event.repeat || reader.waiting() <= HELD_KEYS_WAIT) reader.queue(() => reader.step(isForward));
  };
  const toChapter = (isForward) => {
    const index = reader.indexNow() + (isForward ? 1 : -1);
    if (reader.book.sections[index]) reader.jump({ index, anchor: 0 });
  };
  const scrolls = () => reader.look.flow === "scrolled";
  reader.keys = {
    ArrowLeft: (event) => step(reader.isRtl, event),
    ArrowRight: (event) => step(!reader.isRtl, event),
    ArrowUp: () => scrolls() && reader.view.renderer.scrollLines(-1),
    ArrowDown: () => scrolls() && reader.view.renderer.scrollLines(1),
    PageUp: (event) => step(false, event),
    PageDown: (event) => step(true, event),
    " ": (event) => !event.target.closest?.("button, a") && step(!event.shiftKey, event),
    Home: () => reader.jump({ index: 0, anchor: 0 }),
    End: () => reader.jump({ index: reader.book.sections.length - 1, anchor: 1 }),
    "Ctrl+ArrowLeft": () => toChapter(reader.isRtl),
    "Ctrl+ArrowRight": () => toChapter(!reader.isRtl),
    "[": () => toChapter(reader.isRtl),
    "]": () => toChapter(!reader.isRtl),
    Escape: () => reader.closeEnd(),
    t: () => reader.openPanel("contents"),
    "?": () => reader.openPanel("keys"),
  };

  const onKey = (event) => {
    const act = reader.keys[keyOf(event, reader.look)];
    if (act && act(event) !== false) event.preventDefault();
  };
  reader.on("chapter", ({ doc }) => doc.addEventListener("keydown", onKey));
  reader.on("open", () => document.addEventListener("keydown", onKey));
};
