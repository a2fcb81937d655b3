/* The shelf of the books on this device. The page names nobody: who is here and what is kept is found on the device, and
   with a line the server is asked for rights, notes and new editions. */

import { makeSync, thisDevice } from "../sync.js";
import { isOld, keepBook, newest } from "./keep.js";
import { askWorker, booksOf, forget, isPossible, sizeText, sweep, whoIsHere } from "./kept.js";

const AGAIN_MS = 200;

const find = (selector) => document.querySelector(selector);
const shelf = find("[data-shelf]");
const status = find("[data-shelf-status]");
const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
const fresh = new Map(); // facts of newer editions, by the work

const say = (name, values = {}) => (status.textContent = name ? fill(status.dataset[name], values) : "");

// ---------------------------------------------------------------- showing

const lineOf = (book) => {
  const line = find("[data-shelf-book]").content.firstElementChild.cloneNode(true);
  const at = (name) => line.querySelector(`[data-${name}]`);
  const date = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "medium" }).format(book.at);
  line.dataset.work = book.work;
  at("title").textContent = book.title;
  Object.assign(at("title"), { href: book.root, lang: book.language });
  at("about").textContent = fill(at("about").dataset.label, { size: sizeText(book.bytes), date });
  for (const name of at("of").querySelectorAll("[data-name]")) name.textContent = book.title;
  at("remove").addEventListener("click", () => remove(book));
  at("update").hidden = !fresh.has(book.work);
  at("update").addEventListener("click", () => update(book));
  return line;
};

const showRoom = async () => {
  const words = find("[data-shelf-room]");
  const { usage } = (await navigator.storage?.estimate?.()) ?? {};
  if (usage) words.textContent = fill(words.dataset.label, { size: sizeText(usage) });
};

const show = async (people) => {
  const books = (await booksOf(people)).sort((one, other) => one.title.localeCompare(other.title));
  shelf.replaceChildren(...books.map(lineOf));
  find("[data-shelf-empty]").hidden = books.length > 0;
  find("[data-shelf-notes]").hidden = books.length === 0;
  await showRoom();
  return books;
};

// ---------------------------------------------------------------- changing

const remove = async (book) => {
  await forget([book]);
  await show([book.person]);
  say("removed", { title: book.title });
  (shelf.querySelector("a") ?? find("h1")).focus();
};

const update = async (book) => {
  say("busy", { title: book.title });
  try {
    await keepBook(fresh.get(book.work), { tell: () => {}, signal: new AbortController().signal });
    fresh.delete(book.work);
    await show([book.person]);
    say("updated", { title: book.title });
  } catch (error) {
    say(error.name === "QuotaExceededError" ? "full" : "failed", { title: book.title, size: sizeText(error.bytes ?? 0) });
  }
};

/* What the server knows: notes go up, books whose right is gone leave. Resolves to the notes that still wait. */
const synchronise = async (person, books, device) => {
  const gone = [];
  const sync = await makeSync({
    address: shelf.dataset.sync, person, device, books: Object.fromEntries(books.map(({ work, edition }) => [work, edition])),
  });
  sync.on("gone", () => location.reload());
  sync.on("answered", ({ rights }) => gone.push(...Object.keys(rights).filter((work) => rights[work] === "gone")));
  await sync.now();
  const left = books.filter(({ work }) => gone.includes(work));
  if (left.length) await forget(left);
  return sync.countWaiting();
};

const findEditions = async (books) => {
  for (const book of books) {
    const facts = await newest(book.root);
    if (isOld(book, facts)) fresh.set(book.work, facts);
  }
};

/* Until the new worker is the active one, a page still comes from the old one. Chromium passes over an old one that is busy and
   looks again after half a minute, so the new one is asked again. False if it refuses. */
const takeOver = async (registration) => {
  while (registration.waiting) {
    if (!(await askWorker(registration.waiting, { act: "take-over" }))) return false;
    await new Promise((done) => setTimeout(done, AGAIN_MS));
  }
  return true;
};

/* A new release waits for a button, because this page is open. */
const offerRelease = (registration) => {
  const button = find("[data-shelf-release]");
  const look = () => (button.parentElement.hidden = !registration.waiting);
  button.addEventListener("click", async () => {
    if (await takeOver(registration)) location.reload();
    else say("others");
  });
  registration.addEventListener("updatefound", () => registration.installing?.addEventListener("statechange", look));
  look();
};

const start = async () => {
  find("[data-shelf-scripts]").hidden = true;
  if (!isPossible()) return (find("[data-shelf-impossible]").hidden = false);
  navigator.serviceWorker.register(shelf.dataset.worker, { scope: "/read/" }).then(offerRelease, () => {});
  if (navigator.vendor.startsWith("Apple")) find("[data-shelf-days]").hidden = false;
  const people = await whoIsHere();
  let books = await show(people);
  await sweep();
  let waiting = 0;
  const device = thisDevice(shelf.dataset.deviceName);
  for (const person of people)
    waiting += await synchronise(person, books.filter((book) => book.person === person), device);
  books = await booksOf(people);
  await findEditions(books);
  await show(people);
  if (waiting) say(waiting === 1 ? "oneWaits" : "wait", { count: waiting });
};

start();
