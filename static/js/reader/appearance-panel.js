/* The panel of settings. A change applies at once: the page beside the panel is the example. */

import { hasEffect, onPreferredTheme } from "./appearance.js";

const STEP = { smaller: -1, larger: 1 };

/* What a range says, in the words of the template: `data-words` with {n}, or `data-none` for 0. */
const wordsOf = (input) => {
  const { words, none, share } = input.dataset;
  if (none && Number(input.value) === 0) return none;
  const number = Number(input.value) / Number(share ?? 1);
  return words.replace("{n}", number.toLocaleString(document.documentElement.lang, { maximumFractionDigits: 2 }));
};

/* `changed` is called after each change; `store(name, value)` keeps one for the account. */
export const openAppearance = ({ form, preferences, book, changed, store }) => {
  const { look } = preferences;
  const status = form.querySelector("[data-appearance-status]");
  const part = (name) => form.querySelector(`[data-appearance-${name}]`);

  const showRange = (input) => {
    const words = wordsOf(input);
    input.setAttribute("aria-valuetext", words);
    input.closest(".range-field").querySelector("output").value = words;
  };
  const showActions = () => {
    part("share").hidden = !preferences.hasAccount() || !preferences.hasOwn();
    part("usual").hidden = !preferences.hasUsual() || !preferences.hasOwn();
    part("reset").hidden = preferences.isReset();
    part("own").hidden = part("share").hidden;
  };
  const show = () => {
    for (const [name, value] of Object.entries(look)) {
      const field = form.elements[name];
      if (!field) continue;
      field.value = value;
      if (field.type === "range") showRange(field);
    }
    for (const field of form.querySelectorAll("[data-setting]")) field.hidden = !hasEffect(field.dataset.setting, look, book);
    showActions();
  };
  const refresh = () => {
    show();
    changed();
  };
  const apply = (say = "") => {
    status.textContent = say;
    refresh();
  };
  const set = (name, value, say) => {
    preferences.set(name, value);
    apply(say);
  };
  /* The button that was pressed disappears, so the focus goes to the panel's first one. */
  const act = (name, run) =>
    part(name).addEventListener("click", () => {
      run();
      apply(part(name).dataset.done);
      form.closest("dialog").querySelector("[data-close]").focus();
    });

  form.addEventListener("input", ({ target }) => target.name && set(target.name, target.value));
  /* A finger that scrolls the panel may start on a slider, and moves it before the browser knows. */
  let before = "";
  form.addEventListener("pointerdown", ({ target }) => (before = target.value));
  form.addEventListener("pointercancel", ({ target }) => {
    if (target.type !== "range" || target.value === before) return;
    target.value = before;
    set(target.name, before);
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("click", ({ target }) => {
    const step = target.closest("[data-step]");
    if (!step) return;
    const input = step.closest(".range-field").querySelector("input");
    input.value = Number(input.value) + STEP[step.dataset.step] * input.step;
    set(input.name, input.value, wordsOf(input));
  });
  act("share", () => Object.entries(preferences.share()).forEach(([name, value]) => store(name, value)));
  act("usual", preferences.backToUsual);
  act("reset", preferences.reset);
  onPreferredTheme(() => changed());
  addEventListener("storage", ({ key }) => {
    if (key !== "reader") return;
    preferences.reload();
    refresh();
  });
  show();
  return show;
};

/* In the reader: `account` tells that the account's settings have come, and each is stored there by `setting`. */
export const addAppearance = (reader) => {
  const show = openAppearance({
    form: reader.find("[data-reader-settings]"),
    preferences: reader.preferences,
    book: reader.settings,
    changed: () => reader.tell("look", reader.look),
    store: (name, value) => reader.tell("setting", { name, value }),
  });
  reader.on("account", show);
};
