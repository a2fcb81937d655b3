/* The bar of tools: one stop of the Tab key, arrows within it, each tool with its name and key. */

import { redo, undo } from "prosemirror-history";
import { NodeSelection } from "prosemirror-state";
import { addSceneBreak, KINDS, kindAt, move } from "./blocks.js";
import { element } from "./forms.js";
import { byCommand } from "./guard.js";
import { KEYS, keyName } from "./keys.js";
import { isOn, toggle } from "./marks.js";
import { FORM_OF_NODE } from "./openers.js";

const IS_MAC = /Mac|iPhone|iPad/.test(navigator.platform);
const SVG = "http://www.w3.org/2000/svg";
const MARKS = ["emphasis", "strong", "small_caps", "underline", "strike", "superscript", "subscript", "code"];
/* On a grid of 20. */
const DRAWINGS = {
  link: "M8.5 11.5a3.5 3.5 0 0 0 5 0l3-3a3.5 3.5 0 0 0-5-5l-1 1M11.5 8.5a3.5 3.5 0 0 0-5 0l-3 3a3.5 3.5 0 0 0 5 5l1-1",
  language: "M10 2.5a7.5 7.5 0 1 0 0 15 7.5 7.5 0 0 0 0-15zM2.5 10h15M10 2.5c2.5 2 3 5 3 7.5s-.5 5.5-3 7.5c-2.5-2-3-5-3-7.5s.5-5.5 3-7.5z",
  sceneBreak: "M3 5h14M3 15h14M6 10h.01M10 10h.01M14 10h.01",
  newTable: "M3 4h14v12H3zM3 8h14M3 12h14M10 4v12",
  newPicture: "M3 4h14v12H3zM3 14l4-4 3 3 3-3 4 4M13.5 7.5h.01",
  up: "M10 16V4M5 9l5-5 5 5",
  down: "M10 4v12M5 11l5 5 5-5",
  undo: "M7 4 3 8l4 4M3.5 8H12a4.5 4.5 0 0 1 0 9H8",
  redo: "M13 4l4 4-4 4M16.5 8H8a4.5 4.5 0 0 0 0 9h4",
  form: "M4 16.5 4.5 13 13 4.5l3 3L7.5 16z",
};
/* Letters that show what they do. The sheet draws them: they are no part of the tool's name. */
const LETTERS = { emphasis: "I", strong: "B", small_caps: "Sc", underline: "U", strike: "S", superscript: "x²", subscript: "x₂", code: "‹›" };

const drawing = (name) => {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 20 20");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", DRAWINGS[name]);
  svg.append(path);
  return svg;
};

const makeTool = (name, words) => {
  const key = KEYS[name] && keyName(name, { isMac: IS_MAC, words });
  const label = words.tools[name];
  const sign = DRAWINGS[name] ? drawing(name) : element("span", { "aria-hidden": "true", "data-sign": name, "data-letters": LETTERS[name] });
  return element("button", { type: "button", class: "editor-tool", "data-tool": name, "aria-label": label, title: key ? `${label} (${key})` : label, tabindex: -1 }, sign);
};

const makeKinds = (words) => {
  const options = Object.keys(KINDS).map((kind) => element("option", { value: kind }, words.kinds[kind]));
  const none = element("option", { value: "", hidden: true }, words.kinds.none);
  return element("select", { class: "editor-kinds", "aria-label": words.kind, title: words.kind, tabindex: -1 }, none, ...options);
};

/* Arrows, Home and End move among the tools; Escape goes back to the text. */
const rove = (bar, controls, leave) => {
  const usable = () => controls.filter((control) => control.checkVisibility());
  const focus = (control) => {
    for (const other of controls) other.tabIndex = other === control ? 0 : -1;
    control.focus();
  };
  bar.addEventListener("keydown", (event) => {
    const found = usable();
    const at = found.indexOf(document.activeElement);
    const isRtl = getComputedStyle(bar).direction === "rtl";
    const steps = { ArrowRight: isRtl ? -1 : 1, ArrowLeft: isRtl ? 1 : -1 };
    if (event.key === "Escape") leave();
    else if (event.key === "Home") focus(found[0]);
    else if (event.key === "End") focus(found.at(-1));
    else if (steps[event.key]) focus(found[(at + steps[event.key] + found.length) % found.length]);
    else return;
    event.preventDefault();
  });
  bar.addEventListener("focusin", ({ target }) => {
    if (controls.includes(target)) for (const other of controls) other.tabIndex = other === target ? 0 : -1;
  });
  return { enter: () => focus(usable().find((control) => control.tabIndex === 0) ?? usable()[0]) };
};

const groupOf = (...controls) => element("span", { class: "editor-tools" }, ...controls);

export const makeToolbar = ({ words, openers, view }) => {
  const free = (command) => command(view().state, byCommand(view().dispatch), view());
  const commands = {
    ...Object.fromEntries(MARKS.map((name) => [name, toggle(name)])),
    sceneBreak: addSceneBreak,
    up: move(-1),
    down: move(1),
    undo,
    redo,
  };
  const tools = Object.fromEntries([...Object.keys(commands), "link", "language", "newTable", "newPicture", "form"].map((name) => [name, makeTool(name, words)]));
  const kinds = makeKinds(words);
  tools.newPicture.hidden = !openers.newPicture;
  const order = [tools.undo, tools.redo, kinds, ...MARKS.slice(0, 3).map((name) => tools[name]), tools.link, tools.language, ...MARKS.slice(3).map((name) => tools[name]), tools.form, tools.sceneBreak, tools.newTable, tools.newPicture, tools.up, tools.down];
  const bar = element(
    "div",
    { class: "editor-bar", role: "toolbar", "aria-label": words.toolbar, "aria-orientation": "horizontal" },
    groupOf(tools.undo, tools.redo),
    groupOf(kinds),
    groupOf(...MARKS.slice(0, 3).map((name) => tools[name]), tools.link, tools.language),
    groupOf(...MARKS.slice(3).map((name) => tools[name])),
    groupOf(tools.form, tools.sceneBreak, tools.newTable, tools.newPicture, tools.up, tools.down),
  );
  const { enter } = rove(bar, order, () => view().focus());
  kinds.tabIndex = 0;

  const selected = () => {
    const { selection } = view().state;
    return selection instanceof NodeSelection ? FORM_OF_NODE[selection.node.type.name] : undefined;
  };
  bar.addEventListener("click", ({ target, detail }) => {
    const name = target.closest("[data-tool]")?.dataset.tool;
    if (!name) return;
    if (name === "form") openers[selected()](view(), () => view().state.selection.from);
    else if (openers[name]) openers[name](view());
    else {
      free(commands[name]);
      // By a key, or with a mouse; a finger's tap would call up the keyboard.
      if (!detail || !matchMedia("(pointer: coarse)").matches) view().focus();
    }
  });
  kinds.addEventListener("change", () => {
    free(KINDS[kinds.value]);
    view().focus();
  });
  // A tap on a tool leaves the selection, and a phone's keyboard, as they are.
  bar.addEventListener("mousedown", (event) => event.target.closest("button") && event.preventDefault());

  /* Show what holds at the cursor. */
  const update = (state) => {
    for (const name of MARKS) tools[name].setAttribute("aria-pressed", String(isOn(state, name)));
    for (const name of ["link", "language"]) tools[name].classList.toggle("is-on", isOn(state, name));
    for (const name of ["undo", "redo", "up", "down", "sceneBreak"]) tools[name].setAttribute("aria-disabled", String(!commands[name](state)));
    tools.form.hidden = !selected();
    kinds.value = kindAt(state);
  };
  return { bar, update, enter };
};
