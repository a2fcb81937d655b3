/* The web reader. Without this script the page is a list of plain chapters; with it, they are hidden and a book opens. */

import "../../vendor/foliate/view.js";
import { chapterStyle, keepAppearance, readAppearance, themeOf } from "./appearance.js";
import { makeArrivals } from "./arrivals.js";
import { makeBook } from "./book.js";
import { fillNote, isNoteReference } from "./notes.js";
import { openPanel, openPanels, panels, questionOf } from "./panels.js";
import { keeper } from "./position.js";
import { makeReturns } from "./returns.js";
import { rangeOf, wordsOf } from "./words.js";

const FROM_THE_MIDDLE = 0.5; // of a chapter on, the next one is fetched ahead
const HELD_KEYS_WAIT = 2; // turns of a key held down that may wait for a chapter

const find = (selector) => document.querySelector(selector);
const settings = JSON.parse(find("#reader-settings").textContent);
const token = find("[data-reader-token] input")?.value ?? "";
const range = find("[data-reader-range]");
const percent = find("[data-reader-percent]");
const end = find("[data-reader-end]");
const look = readAppearance();
const view = document.createElement("foliate-view");
const isRtl = settings.direction === "rtl";

const arrivals = makeArrivals({
  panel: find("[data-reader-trouble]"),
  settings,
  sections: () => book.sections,
  goBack: () => {
    // A page swiped past the chapter's edge would be blank.
    const { page, pages } = view.renderer;
    if (page < 1 || page > pages - 2) view.renderer.goTo({ index: indexNow(), anchor: page < 1 ? 0 : 1 });
  },
});
const never = new Promise(() => {});
const book = makeBook(settings, async (index) => (await arrivals.arrive(index, () => {})) || never);
const positions = keeper(settings, token, questionOf(settings, (place) => jump(targetOf(place))));
const returns = makeReturns({
  button: find("[data-reader-return]"),
  here: () => ({ cfi: view.lastLocation?.cfi, label: percent.value }),
  go: (cfi) =>
    queue(() => {
      end.hidden = true;
      return goTo(view.resolveNavigation(cfi));
    }),
});

// ---------------------------------------------------------------- appearance

const applyLook = () => {
  document.documentElement.dataset.readerTheme = themeOf(look);
  const { renderer } = view;
  renderer.setAttribute("flow", look.flow);
  renderer.setAttribute("max-inline-size", `${look.width}px`);
  renderer.setAttribute("max-column-count", "2");
  renderer.setAttribute("gap", "7%");
  renderer.setAttribute("margin", innerWidth < 600 ? "24px" : "40px");
  renderer.setStyles(chapterStyle(look));
  find("[data-size-output]").value = `${look.size} %`;
  find("[data-leading-output]").value = (look.leading / 10).toFixed(1);
};

const openSettings = () => {
  const form = find("[data-reader-settings]");
  // Settings for fixed-layout books do not apply here.
  for (const [name, value] of Object.entries({ ...look, theme: themeOf(look) }))
    if (form.elements[name]) form.elements[name].value = value;
  form.addEventListener("input", (event) => {
    look[event.target.name] = event.target.value;
    keepAppearance(look);
    applyLook();
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", applyLook);
};

// ---------------------------------------------------------------- contents

const tocList = (items) => {
  const list = document.createElement("ol");
  for (const item of items) {
    const line = list.appendChild(document.createElement("li"));
    const link = line.appendChild(document.createElement("a"));
    link.href = `#${item.href}`;
    link.textContent = item.label;
    link.dataset.href = item.href;
    if (item.subitems) line.append(tocList(item.subitems));
  }
  return list;
};

const openContents = () => {
  const toc = find("[data-reader-toc]");
  toc.append(tocList(settings.toc));
  toc.addEventListener("click", (event) => {
    const link = event.target.closest("[data-href]");
    if (!link) return;
    event.preventDefault();
    panels.contents.close();
    jump(view.resolveNavigation(link.dataset.href));
  });
};

const markPlace = (item) => {
  find("[data-reader-place]").textContent = item?.label ?? "";
  for (const link of document.querySelectorAll("[data-reader-toc] a")) {
    if (link.dataset.href === item?.href) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
};

// ---------------------------------------------------------------- moving

let moves = Promise.resolve();
let waiting = 0;

/* One movement at a time: what is pressed while a chapter opens is done afterwards. */
const queue = (move) => {
  waiting += 1;
  moves = moves
    .then(move)
    .catch((error) => console.error(error))
    .finally(() => (waiting -= 1));
};

const indexNow = () => view.renderer.getContents()[0]?.index ?? 0;
const goTo = (target) => target && arrivals.arrive(target.index, () => view.renderer.goTo(target));

/* Jump elsewhere in the book, with a way back. */
const jump = (target) =>
  queue(async () => {
    if (!target) return;
    end.hidden = true;
    returns.leave();
    if (await goTo(target)) returns.land();
  });

const isAtEdge = (isForward) => {
  const { page, pages, start, end: shownTo, viewSize } = view.renderer;
  if (look.flow === "scrolled") return isForward ? viewSize - shownTo <= 2 : start <= 0;
  return isForward ? page >= pages - 2 : page <= 1;
};

const step = async (isForward) => {
  if (arrivals.isWaiting()) return;
  if (!end.hidden) {
    if (!isForward) end.hidden = true;
    return;
  }
  returns.turn();
  if (!isAtEdge(isForward)) return isForward ? view.next() : view.prev();
  const index = indexNow() + (isForward ? 1 : -1);
  if (book.sections[index]) return goTo({ index, anchor: isForward ? 0 : 1 });
  if (!isForward) return;
  end.hidden = false;
  end.querySelector("a, button").focus();
};

const turn = (side) => queue(() => step((side === "right") !== isRtl));

const KEYS = { ArrowLeft: "left", ArrowRight: "right", PageUp: "back", PageDown: "on" };

const onKey = (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  if (event.target.closest?.("input, select, textarea")) return;
  const act = event.key === " " && !event.target.closest?.("button, a") ? (event.shiftKey ? "back" : "on") : KEYS[event.key];
  if (act) {
    if (look.flow === "scrolled" && (act === "back" || act === "on") && event.key !== " ") return;
    event.preventDefault();
    if (event.repeat && waiting > HELD_KEYS_WAIT) return;
    if (act === "on" || act === "back") queue(() => step(act === "on"));
    else turn(act);
  } else if (event.key === "t" && look.keys !== "off") openPanel("contents");
  else if (event.key === "Escape" && !end.hidden) end.hidden = true;
};

/* A click on the outer thirds of the page turns it; one on a link or a selection does not. */
const onPageClick = (event) => {
  const doc = event.target.ownerDocument;
  if (look.flow === "scrolled" || event.target.closest("a") || !doc.getSelection().isCollapsed) return;
  const x = event.clientX + doc.defaultView.frameElement.getBoundingClientRect().left;
  if (x < innerWidth / 3) turn("left");
  else if (x > (innerWidth * 2) / 3) turn("right");
};

// ---------------------------------------------------------------- events of the book

view.addEventListener("load", ({ detail: { doc, index } }) => {
  doc.addEventListener("keydown", onKey);
  doc.addEventListener("click", onPageClick);
  doc.defaultView.frameElement.title = settings.chapters[index]?.title ?? settings.title;
});

let scrubbing = false;
let isKept = false; // the place is on the server as it is: opening the book there is no news
view.addEventListener("relocate", ({ detail }) => {
  const fraction = Math.min(1, detail.fraction ?? 0);
  if (!scrubbing) range.value = Math.round(fraction * 1000);
  percent.value = `${Math.round(fraction * 100)} %`;
  range.setAttribute("aria-valuetext", percent.value);
  markPlace(detail.tocItem);
  const index = detail.section.current;
  const before = view.getSectionFractions();
  const within = (fraction - before[index]) / Math.max(1e-9, (before[index + 1] ?? 1) - before[index]);
  const place = {
    chapter: settings.chapters[index].id,
    within_bps: Math.round(10000 * Math.max(0, Math.min(1, within))),
    fraction_bps: Math.round(10000 * fraction),
    cfi: detail.cfi ?? "",
    words: wordsOf(detail.range),
  };
  positions.remember(place, { isKept });
  if (within >= FROM_THE_MIDDLE) book.sections[index + 1]?.ready({ ahead: true }).catch(() => {});
});

view.addEventListener("link", (event) => {
  const { a, href } = event.detail;
  event.preventDefault();
  const target = view.resolveNavigation(href);
  if (!isNoteReference(a)) return jump(target);
  fillNote(book, href, find("[data-note-text]")).then((found) => {
    if (!found) return jump(target);
    find("[data-note-go]").onclick = () => {
      panels.note.close();
      jump(target);
    };
    panels.note.showModal();
  }, () => jump(target));
});

// ---------------------------------------------------------------- opening

const targetOf = ({ chapter, cfi, is_moved: isMoved, words = "", within_bps: within = 0 }) => {
  const index = settings.chapters.findIndex((one) => one.id === chapter);
  const byCfi = cfi && !isMoved && view.resolveNavigation(cfi);
  const share = within / 10000;
  const anchor = (doc) => (byCfi?.index === index && byCfi.anchor(doc)) || rangeOf(doc, words, share) || share;
  return index < 0 ? null : { index, anchor };
};

/* The position in an earlier edition's sample is stored in this browser only. */
const foundInSample = async (place) => {
  for (const [index, { chapter, createDocument }] of book.sections.entries())
    if (rangeOf(await createDocument(), place.words ?? "", 0)) return targetOf({ ...place, chapter, index });
  return view.resolveNavigation({ fraction: (place.fraction_bps ?? 0) / 10000 });
};

const openAtLastPlace = async () => {
  const last = positions.recall();
  isKept = Boolean(last && !last.is_moved);
  const target = (last?.is_moved && !settings.save ? await foundInSample(last) : last && targetOf(last)) || { index: 0 };
  await book.sections[target.index].ready();
  await view.renderer.goTo(target);
};

const start = async () => {
  document.documentElement.dataset.readerTheme = themeOf(look);
  for (const part of ["stage", "foot", "tools"]) find(`[data-reader-${part}]`).hidden = false;
  range.dir = settings.direction;
  find("[data-reader-stage]").append(view);
  await view.open(book);
  openSettings();
  openContents();
  applyLook();
  await openAtLastPlace();
  // After two frames, the pages are in their final place.
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  isKept = false;

  document.addEventListener("keydown", onKey);
  addEventListener("resize", applyLook);
  openPanels();
  for (const button of document.querySelectorAll("[data-turn]"))
    button.addEventListener("click", () => turn(button.dataset.turn));
  find("[data-close-end]").addEventListener("click", () => (end.hidden = true));
  range.addEventListener("input", () => (scrubbing = true));
  range.addEventListener("change", () => {
    scrubbing = false;
    jump(view.resolveNavigation({ fraction: range.value / 1000 }));
  });
  document.documentElement.dataset.reader = "open";
  document.documentElement.classList.replace("reader-late", "reader-js");
};

// Without a working reader, the chapters are still available as plain pages.
start().catch((error) => {
  document.documentElement.classList.replace("reader-js", "reader-late");
  throw error;
});
