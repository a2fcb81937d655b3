/* The panel that keeps the book on this device, and takes it away again. Loaded when it is first opened, and with a book
   that is kept. */

import { isOld, keepBook, newest } from "./keep.js";
import { bookOf, booksOf, forget, hold, isPossible, sizeText } from "./kept.js";

const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);

/* The sentence for what went wrong. */
const reasonOf = (error) => {
  if (error.name === "QuotaExceededError") return "room";
  if (error.status === 403 || error.status === 404) return "gone";
  return error.status === undefined && error instanceof TypeError ? "line" : "failed";
};

/* Other books on this device get their notes, places and rights together with the open one. */
const addOthers = async ({ books, settings }) => {
  for (const { work, edition } of await booksOf([settings.person])) books[work] ??= edition;
};

export const leave = async ({ books, settings }, works) => {
  await forget((await booksOf([settings.person])).filter(({ work }) => works.includes(work)));
  for (const work of works) if (work !== settings.work) delete books[work];
  if (works.includes(settings.work)) location.replace(settings.root);
};

export const makePanel = async (reader) => {
  const { settings } = reader;
  const panel = reader.panels.keep;
  const part = (name) => panel.querySelector(`[data-keep="${name}"]`);
  const error = panel.querySelector("[data-keep-error]");
  const status = panel.querySelector("[data-keep-status]");
  const progress = panel.querySelector("progress");
  let facts = settings; // of the edition that would be kept
  let running = null;

  const show = (state) => {
    for (const one of panel.querySelectorAll("[data-keep]")) one.hidden = one.dataset.keep !== state;
    for (const words of part(state).querySelectorAll("[data-label]"))
      words.textContent = fill(words.dataset.label, { size: sizeText(facts.keep.bytes) });
  };
  const say = (words) => (status.textContent = words ?? "");
  const restState = async () => {
    const book = await bookOf(settings);
    if (!book) return "offer";
    return isOld(book, facts) ? "update" : book.edition === settings.edition ? "kept" : "updated";
  };
  const rest = async () => show(await restState());

  const keep = async () => {
    running = new AbortController();
    error.textContent = "";
    show("busy");
    part("busy").querySelector("button").focus();
    say(status.dataset.busy);
    const tell = (share) => (progress.value = share);
    tell(0);
    try {
      await keepBook(facts, { tell, signal: running.signal });
      say(status.dataset.done);
    } catch (failure) {
      say("");
      if (failure.name === "AbortError") say(status.dataset.cancelled);
      else error.textContent = fill(error.dataset[reasonOf(failure)], { size: sizeText(facts.keep.bytes) });
    }
    running = null;
    await rest();
    if (panel.open) panel.querySelector("[data-keep]:not([hidden]) .button")?.focus();
  };
  const remove = async () => {
    const book = await bookOf(settings);
    if (book) await forget([book]);
    facts = settings;
    say(status.dataset.removed);
    await rest();
    part("offer").querySelector("button").focus();
  };

  for (const button of panel.querySelectorAll("[data-keep-start]")) button.addEventListener("click", keep);
  panel.querySelector("[data-keep-cancel]").addEventListener("click", () => running?.abort());
  for (const button of panel.querySelectorAll("[data-keep-remove]")) button.addEventListener("click", remove);
  panel.querySelector("[data-keep-reload]").addEventListener("click", () => location.reload());

  if (!isPossible()) return show("impossible");
  await addOthers(reader);
  await rest();
  if (!settings.kept) return;
  hold(settings.kept.cache);
  const known = await newest(settings.root);
  if (!isOld(settings.kept, known)) return;
  facts = known;
  await rest();
  reader.find("[data-keep-news]").hidden = false;
};
