/* Keys, on the page and in the chapter. Features add theirs to `reader.keys`: a key's name and what it does.

   An action that returns false leaves the key to the browser. */

const HELD_KEYS_WAIT = 2; // turns of a key held down that may wait for a chapter

/* Single-key shortcuts. Dictated words may trigger them, so people who use speech input can turn them off. */
const isSwitchedOff = (look, key) => look.keys === "off" && key.length === 1 && key !== " ";
const isTyping = (event) => event.target.closest?.("input, select, textarea, [contenteditable]");

export const addKeys = (reader) => {
  const step = (isForward, event) => {
    if (!event.repeat || reader.waiting() <= HELD_KEYS_WAIT) reader.queue(() => reader.step(isForward));
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
    t: () => reader.openPanel("contents"),
  };

  const onKey = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]") || isTyping(event)) return;
    const act = reader.keys[event.key];
    if (act && !isSwitchedOff(reader.look, event.key) && act(event) !== false) event.preventDefault();
  };
  reader.on("chapter", ({ doc }) => doc.addEventListener("keydown", onKey));
  reader.on("open", () => document.addEventListener("keydown", onKey));
};
