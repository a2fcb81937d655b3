/* Moving in the book: one movement at a time, so that what is pressed while a chapter opens is done afterwards.

   Adds `book`, `queue`, `goTo`, `jump`, `step`, `turn`, `indexNow`, `isBusy` and `returns` to the reader. */

import { makeArrivals } from "./arrivals.js";
import { makeBook } from "./book.js";
import { makeReturns } from "./returns.js";

const FACES_MS = 300; // a movement waits for them
const never = new Promise(() => {});

const addQueue = (reader) => {
  let moves = Promise.resolve();
  let waiting = 0;
  reader.queue = (move) => {
    waiting += 1;
    moves = moves
      .then(move)
      .catch((error) => console.error(error))
      .finally(() => (waiting -= 1));
    return moves;
  };
  reader.waiting = () => waiting;
};

/* What is around words or a picture that take no room, as one that has not come: the paginator does not go to these. */
const withRoom = (found) => {
  if (!found?.getClientRects || found.collapsed || found.getClientRects().length) return found;
  let around = found.startContainer ?? found;
  while (around && !around.getClientRects?.().length) around = around.parentElement;
  return around ?? 0;
};
/* A target as the paginator can go to it. What it leads to is remembered: it may be out of sight in a table that scrolls. */
const seen = (reader, target) => {
  reader.found = null;
  if (typeof target.anchor !== "function") return target;
  return { ...target, anchor: (doc) => withRoom((reader.found = target.anchor(doc))) };
};

/* When its faces have come, the chapter is laid out anew: a page turned before would be another one. */
const withFaces = ({ renderer }) => {
  const faces = renderer.getContents()[0]?.doc.fonts.ready;
  return Promise.race([faces, new Promise((done) => setTimeout(done, FACES_MS))]);
};

const addArrivals = (reader) => {
  const { settings, find, view } = reader;
  const arrivals = makeArrivals({
    panel: find("[data-reader-trouble]"),
    settings,
    sections: () => reader.book.sections,
    goBack: () => {
      // A page swiped past the chapter's edge would be blank.
      const { page, pages } = view.renderer;
      if (page < 1 || page > pages - 2) view.renderer.goTo({ index: reader.indexNow(), anchor: page < 1 ? 0 : 1 });
    },
  });
  reader.book = makeBook(settings, async (index) => (await arrivals.arrive(index, () => {})) || never);
  /* Until a chapter listens to taps, what is around its frame takes them. A tap ends where it has begun. */
  const show = async (target) => {
    const { renderer } = view;
    await reader.lifted();
    renderer.style.pointerEvents = "none";
    try {
      await renderer.goTo(seen(reader, target));
      await withFaces(view);
    } finally {
      await reader.lifted();
      renderer.style.pointerEvents = "";
    }
  };
  reader.goTo = (target) => target && arrivals.arrive(target.index, () => show(target));
  reader.isTroubled = arrivals.isWaiting;
};

const isAtEdge = ({ look, view }, isForward) => {
  const { page, pages, start, end: shownTo, viewSize } = view.renderer;
  if (look.flow === "scrolled") return isForward ? viewSize - shownTo <= 2 : start <= 0;
  return isForward ? page >= pages - 2 : page <= 1;
};

const addSteps = (reader) => {
  const { view } = reader;
  const end = reader.find("[data-reader-end]");

  /* Turn a page. Called within the queue. */
  reader.step = async (isForward) => {
    if (reader.isTroubled()) return;
    if (!end.hidden) {
      if (!isForward) end.hidden = true;
      return;
    }
    reader.returns.turn();
    if (!isAtEdge(reader, isForward)) return isForward ? view.next() : view.prev();
    const index = (view.renderer.edge?.(isForward) ?? reader.indexNow()) + (isForward ? 1 : -1);
    if (reader.book.sections[index]) return reader.goTo({ index, anchor: isForward ? 0 : 1 });
    if (!isForward) return;
    end.hidden = false;
    end.querySelector("a, button").focus();
  };
  /* Leave the page after the last one; false if it is not shown. */
  reader.closeEnd = () => !end.hidden && (end.hidden = true);
  reader.find("[data-close-end]").addEventListener("click", reader.closeEnd);
  reader.turn = (side) => reader.queue(() => reader.step((side === "right") !== reader.isRtl));
};

/* The paginator takes the end of each touch for that of a swipe: after a tap, or while a chapter comes, it would go somewhere
   else. */
const addTouches = (reader) => {
  const guard = (target) => {
    let isSwipe = false;
    const listen = (name, act) => target.addEventListener(name, act, { capture: true, passive: true });
    const refuse = (event) => event.stopImmediatePropagation();
    listen("touchstart", () => (isSwipe = false));
    listen("touchmove", (event) => (reader.waiting() ? refuse(event) : (isSwipe = true)));
    listen("touchend", (event) => (!isSwipe || reader.waiting()) && refuse(event));
  };
  guard(reader.view);
  reader.on("chapter", ({ doc }) => guard(doc));
  reader.on("renderer", (renderer) =>
    renderer.addEventListener("border", ({ detail: isForward }) => reader.queue(() => reader.step(isForward))),
  );
};

/* A jump is not reading: it does not count towards the furthest place. */
const addJumps = (reader) => {
  const { view } = reader;
  const end = reader.find("[data-reader-end]");
  /* The chapter's name until pages are counted: a way back needs a label. */
  const label = () =>
    reader.placeLabel?.() || reader.find("[data-reader-percent]").value || reader.find("[data-reader-place]").textContent;
  reader.isJumping = false;
  reader.leap = async (target) => {
    reader.isJumping = true;
    try {
      return await reader.goTo(target);
    } finally {
      reader.isJumping = false;
    }
  };
  reader.returns = makeReturns({
    button: reader.find("[data-reader-return]"),
    here: () => ({ cfi: view.lastLocation?.cfi, label: label() }),
    go: (cfi) =>
      reader.queue(() => {
        end.hidden = true;
        return reader.leap(view.resolveNavigation(cfi));
      }),
  });
  /* Jump elsewhere in the book, with a way back; `isNext`: the way back of the jump before this one stays. */
  reader.jump = (target, { isNext = false } = {}) =>
    reader.queue(async () => {
      if (!target) return;
      end.hidden = true;
      if (!isNext) reader.returns.leave();
      if (await reader.leap(target)) reader.returns.land();
    });
};

/* A link is a jump from the start. footnotes.js, which is loaded later, also opens notes. */
const addLinks = (reader) => {
  const { view } = reader;
  const follow = (event) => {
    event.preventDefault();
    reader.jump(view.resolveNavigation(event.detail.href));
  };
  view.addEventListener("link", follow);
  reader.on("later", () => view.removeEventListener("link", follow));
};

export const addMoving = (reader) => {
  reader.indexNow = () => reader.view.renderer.getContents()[0]?.index ?? 0;
  addQueue(reader);
  addArrivals(reader);
  addJumps(reader);
  addLinks(reader);
  addSteps(reader);
  addTouches(reader);
  reader.on("chapter", ({ doc, index }) => reader.book.sections[index].complete(doc));
  reader.on("renderer", (renderer) =>
    renderer.addEventListener("stuck", ({ detail }) => !reader.isTroubled() && reader.queue(() => reader.goTo(detail))),
  );
  reader.on("open", () => {
    for (const button of document.querySelectorAll("[data-turn]"))
      button.addEventListener("click", () => reader.turn(button.dataset.turn));
  });
};
