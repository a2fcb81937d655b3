/* The line that says whether all is saved, for eyes and screen readers, and the banner above the text for what needs the
   author. */

import { button, element } from "./forms.js";

/* States that concern the author: they stand above the text until they are over. */
const BANNERS = new Set(["offline", "often", "notKept", "tooLarge", "gone", "loggedOut", "refused", "conflict", "loss", "restored", "replaced", "left"]);
const GRAVE = new Set(["notKept", "tooLarge", "gone", "loggedOut", "refused"]);

export const makeStatus = (words) => {
  const line = element("p", { class: "editor-status", role: "status", "aria-live": "polite" });
  const banner = element("div", { class: "editor-banner message", role: "group", "aria-label": words.notice, hidden: true });
  const hint = element("p", { class: "visually-hidden", role: "status", "aria-live": "polite" });

  /* Show a state by name; `actions` are [label, what it does]. */
  const show = (state, message = "", actions = []) => {
    const sentence = message || words.states[state];
    // Said once, not at every key.
    if (line.dataset.state !== state) line.textContent = words.short[state] ?? words.states[state];
    // What stands above about the files and readers was true of the text before.
    const files = state === "saved" && line.dataset.state === "saving" && document.querySelector("[data-text-changed]");
    if (files) files.textContent = files.dataset.textChanged;
    line.dataset.state = state;
    const isShown = BANNERS.has(state);
    banner.hidden = !isShown;
    if (!isShown) return;
    banner.classList.toggle("message-error", GRAVE.has(state));
    banner.classList.toggle("message-warning", !GRAVE.has(state));
    const tools = actions.map(([label, act]) => {
      const tool = button(label);
      tool.addEventListener("click", act);
      return tool;
    });
    banner.replaceChildren(element("p", {}, sentence), ...(tools.length ? [element("div", { class: "actions" }, ...tools)] : []));
  };

  let clearing = 0;
  /* Say something once: why a key did nothing. */
  const say = (sentence) => {
    hint.textContent = sentence;
    hint.classList.remove("visually-hidden");
    hint.classList.add("editor-hint");
    clearTimeout(clearing);
    clearing = setTimeout(() => {
      hint.classList.add("visually-hidden");
      hint.classList.remove("editor-hint");
      hint.textContent = "";
    }, 6000);
  };
  return { line, banner, hint, show, say };
};
