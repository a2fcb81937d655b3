/* The bars above and below the page can be hidden; this device remembers it. The text keeps its place and its size.

   Hidden, they are still there for screen readers, and are seen again while they have the focus or the mouse. */

const KEY = "reader-bars";
const HINT_MS = 6000;
const DOUBLE_MS = 250;

const isKeptHidden = () => {
  try {
    return localStorage.getItem(KEY) === "hidden";
  } catch {
    return false;
  }
};

const keep = (isHidden) => {
  try {
    localStorage.setItem(KEY, isHidden ? "hidden" : "shown");
  } catch {
    /* not stored, so it only lasts for this page */
  }
};

export const addBars = (reader) => {
  const { dataset } = document.documentElement;
  const hint = reader.find("[data-bars-hint]");
  const { label, labelTouch } = hint.dataset;
  const words = matchMedia("(hover: none)").matches ? labelTouch : label;
  const show = (isHidden) => (dataset.readerBars = isHidden ? "hidden" : "shown");

  reader.toggleBars = () => {
    const isHidden = dataset.readerBars !== "hidden";
    show(isHidden);
    keep(isHidden);
    if (document.activeElement?.closest("[data-reader-bar], [data-reader-foot]")) document.activeElement.blur();
    hint.textContent = isHidden ? words : "";
    setTimeout(() => (hint.textContent = ""), HINT_MS);
  };
  reader.keys.m = reader.toggleBars;
  /* A tap waits for a second one, which would select a word or enlarge the page. */
  let waiting = 0;
  reader.tapBars = ({ detail }) => {
    clearTimeout(waiting);
    if (detail < 2) waiting = setTimeout(reader.toggleBars, DOUBLE_MS);
  };
  show(isKeptHidden());
  const menu = reader.find("[data-reader-menu]");
  menu.addEventListener("click", ({ target }) => {
    if (menu.matches(":popover-open") && target.closest("button:not([data-zoom])")) menu.hidePopover();
  });
};

/* The whole screen for the book, where the browser can (iPhones cannot). */

export const addFullScreen = (reader) => {
  const root = document.documentElement;
  if (!document.fullscreenEnabled) return;
  const buttons = document.querySelectorAll("[data-full-screen]");
  const toggle = () => {
    (document.fullscreenElement ? document.exitFullscreen() : root.requestFullscreen()).catch(() => {});
  };
  for (const button of buttons) {
    button.hidden = false;
    button.addEventListener("click", toggle);
  }
  for (const line of document.querySelectorAll("[data-full-screen-key]")) line.hidden = false;
  document.addEventListener("fullscreenchange", () => {
    for (const button of buttons) button.setAttribute("aria-pressed", String(Boolean(document.fullscreenElement)));
  });
  reader.keys.f = toggle;
};
