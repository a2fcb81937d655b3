/* The web reader for books of pages. Without this script the page is a list of plain chapters, each with its pictures and
   text; with it, they are hidden and pages are shown side by side, or one at a time if there is no room. */

import { addDictionary } from "./add-dictionary.js";
import { addKeeping } from "./add-keeping.js";
import { addSearch } from "./add-search.js";
import { openAppearance } from "./appearance-panel.js";
import { themeOf } from "./appearance.js";
import { addBars } from "./bars.js";
import { pageOf } from "./contents.js";
import { settings } from "./facts.js";
import { addFullScreen } from "./full-screen.js";
import { keyOf } from "./keys.js";
import { foretell, makeLeaf } from "./leaf.js";
import { addPageNotes } from "./notes/page-notes.js";
import { showPageForm } from "./page-form.js";
import { openPanel, openPanels, panels } from "./panels.js";
import { askWhere } from "./places-question.js";
import { makePlaces } from "./places.js";
import { makePreferences } from "./preferences.js";
import { makeReturns } from "./returns.js";
import { fitPages, groupPages, hasRoomForPairs } from "./spreads.js";
import { addSwipes } from "./swipes.js";
import { addSync } from "./syncing.js";

const ZOOMS = [1, 1.5, 2, 3, 4];
const EDGE_PX = 12; // between a page and the edge of the window

const find = (selector) => document.querySelector(selector);
const stage = find("[data-reader-stage]");
const range = find("[data-reader-range]");
const end = find("[data-reader-end]");
const percent = find("[data-reader-percent]");
const returns = makeReturns({
  button: find("[data-reader-return]"),
  here: () => ({ cfi: book.pages[at].id, label: percent.value }),
  go: (id) => show(indexOf(id)),
});
const preferences = makePreferences(settings);
const { look } = preferences;
const isRtl = settings.direction === "rtl";

let book = { pages: [], toc: [], spread: "auto" };
let groups = [];
let at = 0; // index of the first page shown
let zoom = 1;
let shown = [];
let places = null;
let isOpening = true; // the place is known: opening the book there is no news

// ---------------------------------------------------------------- showing

const room = () => {
  const edge = innerWidth < 600 ? 0 : EDGE_PX;
  return { width: Math.max(stage.clientWidth - 2 * edge, 80), height: Math.max(stage.clientHeight - 2 * edge, 80) };
};
const groupAt = (index) => groups.findIndex((group) => group.includes(index));
const here = () => groups[groupAt(at)] ?? [0];
const pagesOf = (group) => group.map((index) => book.pages[index]);

const sizes = () => fitPages(pagesOf(here()), room(), zoom);

const resize = () => {
  const found = sizes();
  shown.forEach((leaf, index) => leaf.resize(found[index]));
  stage.classList.toggle("is-zoomed", zoom > 1);
  find("[data-zoom-output]").value = `${Math.round(zoom * 100)} %`;
  reader.tell("resized", {});
};

const draw = () => {
  const group = here();
  shown = pagesOf(group).map((page) => makeLeaf(page, settings.files, () => reader.tell("chapter", {})));
  reader.shown = shown.map(({ leaf }, index) => ({ leaf, page: book.pages[group[index]], part: group[index] }));
  const spread = document.createElement("div");
  spread.className = group.length > 1 ? "spread is-pair" : "spread";
  spread.dir = settings.direction;
  spread.append(...shown.map(({ leaf }) => leaf));
  stage.replaceChildren(spread);
  stage.scrollTo(isRtl ? stage.scrollWidth : 0, 0);
  resize();
  tell(group);
  for (const next of groups[groupAt(at) + 1] ?? []) foretell(book.pages[next], settings.files, sizes()[0].width);
};

/* Update the footer, the contents, the screen reader announcement and the saved position. */
const tell = (group) => {
  const [first, last] = [group[0], group.at(-1)];
  const label = pagesOf(group).map((page) => page.label).join("–");
  range.value = first;
  percent.value = `${label} / ${book.pages.at(-1).label}`;
  range.setAttribute("aria-valuetext", pagesOf(group).map((page) => page.title).join(", "));
  find("[data-pages-live]").textContent = pagesOf(group).map((page) => page.title).join(", ");
  markPlace(last);
  const found = settings.text.blocks[first] > 0 ? reader.bookText.toBook(first, [0, 0]) : null;
  const share = book.pages.length > 1 ? last / (book.pages.length - 1) : 1;
  const place = { block: found && found[0], offset: 0, page: book.pages[first].id, share_bps: Math.round(10000 * share) };
  places.remember(place, { isTurn: !isJumping, isOpening });
  reader.tell("moved", {});
};

const indexOf = (id) => book.pages.findIndex((page) => page.id === id);

const show = (index) => {
  at = Math.max(0, Math.min(book.pages.length - 1, index));
  end.hidden = true;
  draw();
};

/* Jump elsewhere in the book, with a way back. A jump is not reading. */
let isJumping = false;
const jump = (index, { isNext = false } = {}) => {
  if (!isNext) returns.leave();
  isJumping = true;
  show(index);
  isJumping = false;
  returns.land();
};

const regroup = () => {
  const isPaired = look.pair !== "never" && hasRoomForPairs(book.pages, room(), book.spread);
  groups = groupPages(book.pages, { direction: settings.direction, isPaired });
};

// ---------------------------------------------------------------- moving

const turn = (isForward) => {
  const next = groupAt(at) + (isForward ? 1 : -1);
  if (isForward && next >= groups.length) {
    end.hidden = false;
    end.querySelector("a, button").focus();
  } else if (!isForward && !end.hidden) end.hidden = true;
  else if (groups[next]) {
    returns.turn();
    show(groups[next][0]);
  }
};
const turnTo = (side) => turn((side === "right") !== isRtl);

const setZoom = (wanted) => {
  const before = zoom;
  zoom = wanted;
  const middle = [stage.scrollLeft + stage.clientWidth / 2, stage.scrollTop + stage.clientHeight / 2];
  resize();
  stage.scrollTo((middle[0] * zoom) / before - stage.clientWidth / 2, (middle[1] * zoom) / before - stage.clientHeight / 2);
};
const stepZoom = (step) => setZoom(ZOOMS[Math.max(0, Math.min(ZOOMS.length - 1, ZOOMS.indexOf(zoom) + step))]);

const chapterStarts = (lines) => lines.flatMap(({ page, children }) => [page, ...chapterStarts(children)]);
const toChapter = (isForward) => {
  const starts = chapterStarts(book.toc).sort((one, other) => one - other);
  const found = isForward ? starts.find((page) => page > here().at(-1)) : starts.findLast((page) => page < here()[0]);
  if (found !== undefined) jump(found);
};

const KEYS = {
  ArrowLeft: () => zoom === 1 && turnTo("left"),
  ArrowRight: () => zoom === 1 && turnTo("right"),
  PageUp: () => turn(false),
  PageDown: () => turn(true),
  Home: () => jump(0),
  End: () => jump(book.pages.length - 1),
  "+": () => stepZoom(1),
  "=": () => stepZoom(1),
  "-": () => stepZoom(-1),
  0: () => setZoom(1),
  " ": (event) => !event.target.closest?.("button, a") && turn(!event.shiftKey),
  "Ctrl+ArrowLeft": () => toChapter(isRtl),
  "Ctrl+ArrowRight": () => toChapter(!isRtl),
  "[": () => toChapter(isRtl),
  "]": () => toChapter(!isRtl),
  t: () => openPanel("contents"),
  "?": () => openPanel("keys"),
  Escape: () => (end.hidden = true),
};

/* What features shared with books of chapters work with. */
const reader = {
  settings,
  find,
  panels,
  openPanel,
  stage,
  jump,
  keys: KEYS,
  pages: () => book.pages,
  events: new EventTarget(),
  labelOf: (place) => book.pages[indexOfPlace(place)].label,
  jumpTo: (place) => jump(indexOfPlace(place)),
  tell: (name, detail) => reader.events.dispatchEvent(new CustomEvent(name, { detail })),
  on: (name, act) => reader.events.addEventListener(name, ({ detail }) => act(detail)),
};

const onKey = (event) => {
  const act = KEYS[keyOf(event, look)];
  if (act && act(event) !== false) event.preventDefault();
};

/* A click on the outer thirds turns the page, a double click enlarges it; selecting text does neither. */
const onClick = (event) => {
  if (event.detail > 1) reader.tapBars(event);
  if (event.defaultPrevented || zoom > 1 || !getSelection().isCollapsed || event.detail > 1) return;
  const x = (event.clientX - stage.getBoundingClientRect().left) / stage.clientWidth;
  if (x < 1 / 3) turnTo("left");
  else if (x > 2 / 3) turnTo("right");
  else reader.tapBars(event);
};

// ---------------------------------------------------------------- panels

const tocList = (items) => {
  const list = document.createElement("ol");
  for (const { title, page, children } of items) {
    const line = list.appendChild(document.createElement("li"));
    const link = line.appendChild(document.createElement("a"));
    link.href = `#${book.pages[page].id}`;
    link.append(title, pageOf(book.pages[page].label));
    link.dataset.page = page;
    if (children.length) line.append(tocList(children));
  }
  return list;
};

const openContents = () => {
  const toc = find("[data-reader-toc]");
  const whole = [{ title: settings.title, page: 0, children: [] }];
  toc.append(tocList(book.toc.length ? book.toc : whole));
  toc.addEventListener("click", (event) => {
    const link = event.target.closest("[data-page]");
    if (!link) return;
    event.preventDefault();
    panels.contents.close();
    jump(Number(link.dataset.page));
  });
  const labels = book.pages.map(({ label }) => label.toLowerCase());
  const named = (text) => labels.indexOf(text.trim().toLowerCase());
  showPageForm({ find, panels }, { first: book.pages[0].label, last: book.pages.at(-1).label, named, go: jump });
};

const markPlace = (index) => {
  const links = [...document.querySelectorAll("[data-reader-toc] a")];
  const current = links.filter((link) => Number(link.dataset.page) <= index).at(-1);
  find("[data-reader-place]").textContent = current?.firstChild.data ?? "";
  for (const link of links) {
    if (link === current) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
};

const openSettings = () => {
  const changed = () => {
    document.documentElement.dataset.readerTheme = themeOf(look);
    regroup();
    draw();
  };
  openAppearance({ form: find("[data-reader-settings]"), preferences, book: settings, changed, store: () => {} });
};

const openTools = () => {
  for (const button of document.querySelectorAll("[data-turn]")) button.addEventListener("click", () => turnTo(button.dataset.turn));
  find("[data-zoom=in]").addEventListener("click", () => stepZoom(1));
  find("[data-zoom=out]").addEventListener("click", () => stepZoom(-1));
  find("[data-zoom=fit]").addEventListener("click", () => setZoom(1));
  find("[data-close-end]").addEventListener("click", () => (end.hidden = true));
  range.max = book.pages.length - 1;
  range.addEventListener("change", () => jump(Number(range.value)));
};

// ---------------------------------------------------------------- opening

/* The page of a place, which may know its page, a block of its words, or only the share of the book. */
const indexOfPlace = ({ page = "", block = null, offset = 0, share_bps: share = 0 }) => {
  const index = indexOf(page);
  if (index >= 0) return index;
  const found = block === null ? null : reader.bookText.locate([block, offset]);
  return found ? found.part : Math.round((share / 10000) * (book.pages.length - 1));
};

const openPlaces = async () => {
  const sync = await reader.syncing;
  places = makePlaces({
    settings,
    sync,
    text: reader.bookText,
    ask: askWhere(find, reader.labelOf),
    show: reader.jumpTo,
    isFar: (one, other) => indexOfPlace(one) !== indexOfPlace(other),
  });
  return places.recall();
};

const start = async () => {
  document.documentElement.dataset.readerTheme = themeOf(look);
  const answer = await fetch(`${settings.files}pages.json`, { credentials: "same-origin" });
  if (!answer.ok) throw new Error(`pages.json: ${answer.status}`);
  book = await answer.json();
  for (const part of ["stage", "foot", "tools"]) find(`[data-reader-${part}]`).hidden = false;
  range.dir = settings.direction;
  openContents();
  openSettings();
  openPanels();
  openTools();
  addBars(reader);
  addFullScreen(reader);
  addSwipes(stage, { isOff: () => zoom > 1, turnTo });
  addSearch(reader, () => import("./search-pages.js"));
  addDictionary(reader);
  addSync(reader);
  addPageNotes(reader);
  addKeeping(reader);
  regroup();
  const last = await openPlaces();
  show(last ? indexOfPlace(last) : 0);
  isOpening = false;
  places.opened();

  document.addEventListener("keydown", onKey);
  stage.addEventListener("click", onClick);
  stage.addEventListener("dblclick", () => getSelection().isCollapsed && setZoom(zoom > 1 ? 1 : 2));
  new ResizeObserver(() => {
    const before = groups.length;
    regroup();
    if (groups.length === before) resize();
    else draw();
  }).observe(stage);
  document.documentElement.dataset.reader = "open";
  document.documentElement.classList.replace("reader-late", "reader-js");
};

// Without a working reader, the chapters are still available as plain pages.
start().catch((error) => {
  document.documentElement.classList.replace("reader-js", "reader-late");
  throw error;
});
