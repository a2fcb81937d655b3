/* The web reader. Without this script the page is a list of plain chapters; with it, they are hidden and a book opens. */

import "../../vendor/foliate/view.js";
import { chapterStyle, keepAppearance, readAppearance, themeOf } from "./appearance.js";
import { makeBook } from "./book.js";
import { fillNote, isNoteReference } from "./notes.js";
import { keeper } from "./position.js";

const find = (selector) => document.querySelector(selector);
const settings = JSON.parse(find("#reader-settings").textContent);
const token = find("[data-reader-token] input")?.value ?? "";
const panels = Object.fromEntries([...document.querySelectorAll("[data-panel]")].map((one) => [one.dataset.panel, one]));
const range = find("[data-reader-range]");
const end = find("[data-reader-end]");
const book = makeBook(settings);
const positions = keeper(settings, token);
const look = readAppearance();
const view = document.createElement("foliate-view");

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
  // What books of pages keep beside it has no place here.
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
    end.hidden = true;
    view.goTo(link.dataset.href);
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

const isAtEnd = () => view.renderer.atEnd && (look.flow !== "scrolled" || view.renderer.viewSize - view.renderer.end < 3);

const turn = (side) => {
  const forward = (side === "right") === (settings.direction !== "rtl");
  if (forward && isAtEnd()) {
    end.hidden = false;
    end.querySelector("a, button").focus();
    return;
  }
  if (!end.hidden) {
    end.hidden = true;
    return;
  }
  if (side === "right") view.goRight();
  else view.goLeft();
};

const KEYS = { ArrowLeft: "left", ArrowRight: "right", PageUp: "back", PageDown: "on" };

const onKey = (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  if (event.target.closest?.("input, select, textarea")) return;
  const act = event.key === " " && !event.target.closest?.("button, a") ? (event.shiftKey ? "back" : "on") : KEYS[event.key];
  if (act) {
    if (look.flow === "scrolled" && (act === "back" || act === "on") && event.key !== " ") return;
    event.preventDefault();
    const forwardSide = settings.direction === "rtl" ? "left" : "right";
    const backSide = settings.direction === "rtl" ? "right" : "left";
    turn(act === "on" ? forwardSide : act === "back" ? backSide : act);
  } else if (event.key === "t" && look.keys !== "off") panels.contents.showModal();
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

// ---------------------------------------------------------------- what the book tells

view.addEventListener("load", ({ detail: { doc } }) => {
  doc.addEventListener("keydown", onKey);
  doc.addEventListener("click", onPageClick);
  const title = settings.chapters[view.renderer.getContents()[0]?.index ?? 0]?.title ?? settings.title;
  doc.defaultView.frameElement.title = title;
});

let scrubbing = false;
view.addEventListener("relocate", ({ detail }) => {
  const fraction = Math.min(1, detail.fraction ?? 0);
  if (!scrubbing) range.value = Math.round(fraction * 1000);
  const percent = `${Math.round(fraction * 100)} %`;
  find("[data-reader-percent]").value = percent;
  range.setAttribute("aria-valuetext", percent);
  markPlace(detail.tocItem);
  const index = detail.section.current;
  const before = view.getSectionFractions();
  const within = (fraction - before[index]) / Math.max(1e-9, (before[index + 1] ?? 1) - before[index]);
  positions.remember({
    chapter: settings.chapters[index].id,
    within_bps: Math.round(10000 * Math.max(0, Math.min(1, within))),
    fraction_bps: Math.round(10000 * fraction),
    cfi: detail.cfi ?? "",
  });
});

view.addEventListener("link", (event) => {
  const { a, href } = event.detail;
  if (!isNoteReference(a)) return;
  event.preventDefault();
  fillNote(book, href, find("[data-note-text]")).then((found) => {
    if (!found) return view.goTo(href);
    find("[data-note-go]").onclick = () => {
      panels.note.close();
      view.goTo(href);
    };
    panels.note.showModal();
  });
});

// ---------------------------------------------------------------- opening

const openAtLastPlace = async () => {
  const last = positions.recall();
  const index = last ? settings.chapters.findIndex((one) => one.id === last.chapter) : -1;
  if (index < 0) return view.goTo(0);
  if (last.cfi && last.edition === settings.edition) {
    if (await view.goTo(last.cfi)) return;
  }
  await view.renderer.goTo({ index, anchor: (last.within_bps ?? 0) / 10000 });
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
  // Two frames on, the pages lie where they stay.
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));

  document.addEventListener("keydown", onKey);
  addEventListener("resize", applyLook);
  for (const button of document.querySelectorAll("[data-open]"))
    button.addEventListener("click", () => panels[button.dataset.open].showModal());
  for (const button of document.querySelectorAll("[data-close]"))
    button.addEventListener("click", () => button.closest("dialog").close());
  for (const panel of Object.values(panels))
    panel.addEventListener("click", (event) => event.target === panel && panel.close());
  for (const button of document.querySelectorAll("[data-turn]"))
    button.addEventListener("click", () => turn(button.dataset.turn));
  find("[data-close-end]").addEventListener("click", () => (end.hidden = true));
  range.addEventListener("input", () => (scrubbing = true));
  range.addEventListener("change", () => {
    scrubbing = false;
    end.hidden = true;
    view.goToFraction(range.value / 1000);
  });
  document.documentElement.dataset.reader = "open";
  document.documentElement.classList.replace("reader-late", "reader-js");
};

// Without a working reader the chapters are still there, as plain pages.
start().catch((error) => {
  document.documentElement.classList.replace("reader-js", "reader-late");
  throw error;
});
