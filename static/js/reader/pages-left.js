/* Pages and what is left: the figure in the footer, which shows something else at each press, and the way to a page.

   Adds to the reader: `pagination` (null until it has loaded), `here`, `targetAt`, `pageAt`, and places in words: `labelOf`,
   `pageLabel`, `placeLabel`. */

import { showPageForm } from "./page-form.js";
import { makePace } from "./pace.js";
import { makePagination } from "./pagination.js";
import { blocksOf, lengthOf, makeBlockCounter, placeOf, rangeOf } from "./text.js";

const KEY = "reader-figure";
const FIGURES = ["page", "pages-left", "chapter-time", "book-time", "percent"];
const HOUR = 60; // minutes

const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);

/* Characters of the chapter before one of its places. */
const charactersBefore = (doc, [block, offset]) =>
  blocksOf(doc).slice(0, block).reduce((sum, one) => sum + lengthOf(one), offset);

const readChoice = () => {
  try {
    return Math.max(0, FIGURES.indexOf(localStorage.getItem(KEY)));
  } catch {
    return 0;
  }
};

const keepChoice = (choice) => {
  try {
    localStorage.setItem(KEY, FIGURES[choice]);
  } catch {
    /* not stored, so it only lasts for this page */
  }
};

const timeText = ({ dataset }, minutes) => {
  const whole = Math.max(1, Math.round(minutes));
  if (whole < HOUR) return fill(dataset.minutes, { minutes: whole });
  return fill(dataset.hours, { hours: Math.floor(whole / HOUR), minutes: whole % HOUR });
};

const pagesLeftText = ({ dataset }, count) => {
  const words = { 0: dataset.noPagesLeft, 1: dataset.onePageLeft }[count] ?? dataset.pagesLeft;
  return fill(words, { count });
};

/* The text of a figure at a place {part, page, read}; "" for the share in per cent. */
const textOf = (name, button, { pagination, pace }, { part, page, read }) => {
  const { dataset } = button;
  if (name === "page") return fill(dataset.page, { page: pagination.label(page), last: pagination.last });
  if (name === "pages-left") return pagesLeftText(button, pagination.pagesLeft(part, page));
  if (name === "percent") return "";
  const left = pagination.charactersLeft(part, read);
  const minutes = pace.minutes(name === "chapter-time" ? left.chapter : left.book);
  if (minutes === null) return dataset.unmeasured;
  return fill(name === "chapter-time" ? dataset.chapterTime : dataset.bookTime, { time: timeText(button, minutes) });
};

const addFigure = (reader, pace) => {
  const button = reader.find("[data-reader-figure]");
  const text = button.querySelector("[data-figure-text]");
  const percent = reader.find("[data-reader-percent]");
  const range = reader.find("[data-reader-range]");
  let choice = readChoice();

  const show = () => {
    const { pagination, here } = reader;
    const known = pagination && here;
    const figure = known ? textOf(FIGURES[choice], button, { pagination, pace }, here) : "";
    text.textContent = figure || percent.value;
    if (known) range.setAttribute("aria-valuetext", textOf("page", button, { pagination }, here));
  };
  button.addEventListener("click", () => {
    choice = (choice + 1) % FIGURES.length;
    keepChoice(choice);
    show();
  });
  reader.pageLabel = (page) => fill(button.dataset.place, { page: reader.pagination.label(page) });
  reader.placeLabel = () => (reader.pagination && reader.here ? reader.pageLabel(reader.here.page) : percent.value);
  return show;
};

const addPageForm = (reader) => {
  const { label, last, named, start } = reader.pagination;
  const go = (page) => {
    reader.pageWanted = page;
    reader.jump(reader.targetAt(...start(page)));
  };
  showPageForm(reader, { first: label(0), last, named, go });
};

export const addPagesLeft = (reader) => {
  const { settings } = reader;
  const counter = makeBlockCounter(settings.text.blocks);
  const pace = makePace(settings.language, localStorage);
  reader.pagination = null;
  reader.here = null;
  reader.pageWanted = -1; // by the form, while it is on the screen
  /* Where to go for a block of this archive, counted over all chapters, and the words from one offset to another. */
  reader.targetAt = (block, start = 0, end = start + 1) => {
    const [index, inChapter] = counter.locate(block);
    return { index, anchor: (doc) => rangeOf(doc, inChapter, start, end) ?? 0 };
  };
  /* The label of the page on which a block's offset is; "" until the pages are known. */
  reader.pageAt = (block, offset = 0) => {
    const { pagination } = reader;
    return pagination ? pagination.label(pagination.pageAt(block, offset)) : "";
  };
  /* A place of the book in words, for notes and other devices; a sample is a part of the book. */
  reader.labelOf = (place) => {
    const { pagination, bookText } = reader;
    const found = (place.block ?? null) !== null && bookText.locate([place.block, place.offset ?? 0]);
    if (!pagination || !found) return `${Math.round(bookText.nearShare(place) / 100)} %`;
    const [block, offset] = found.place;
    return reader.pageLabel(pagination.pageAt(counter.firstOf(found.part) + block, offset));
  };
  const showFigure = addFigure(reader, pace);
  let moved = null;

  /* A screen may begin before the page that was asked for, and the last page of the book may begin on the last screen. */
  const pageOf = (part, [block, offset], end) => {
    const first = counter.firstOf(part);
    const { pageAt, count } = reader.pagination;
    const [page, last] = [pageAt(first + block, offset), pageAt(first + end[0], end[1])];
    if (page <= reader.pageWanted && reader.pageWanted <= last) return reader.pageWanted;
    if (moved.isTurn) reader.pageWanted = -1;
    return last === count - 1 && moved.detail.section.current === settings.chapters.length - 1 ? last : page;
  };
  const update = () => {
    const range = moved?.detail.range;
    const place = range && placeOf(range.startContainer, range.startOffset);
    if (place && reader.pagination) {
      const part = moved.detail.section.current;
      const page = pageOf(part, place, placeOf(range.endContainer, range.endOffset, { isEnd: true }));
      reader.here = { part, page, read: charactersBefore(range.startContainer.ownerDocument, place) };
      measure();
    }
    showFigure();
  };
  const measure = () => {
    const { part, read } = reader.here;
    const character = reader.pagination.charactersBefore(part) + read;
    if (moved.isTurn && !reader.isSpeaking) pace.turned(character, performance.now());
    else pace.reset(character, performance.now());
  };
  reader.on("moved", (detail) => {
    moved = detail;
    update();
  });
  document.addEventListener("visibilitychange", () => pace.reset());
  reader.on("open", async () => {
    const answer = await fetch(`${settings.files}pagination.json`, { credentials: "same-origin" }).catch(() => null);
    if (!answer?.ok) return; // then the share in per cent stays
    reader.pagination = makePagination(await answer.json(), settings.text);
    addPageForm(reader);
    update();
    reader.tell("pagination", reader.pagination);
  });
};
