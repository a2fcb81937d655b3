/* Turning pages and jumping, by keys, clicks, swipes and the bars. Adds `turn`, `turnTo`, `jump` and `keys` to the reader. */

import { keyOf } from "../keys.js";
import { makeReturns } from "../returns.js";
import { isNothingSelected } from "../taps.js";
import { addSwipes } from "./swipes.js";

const chapterStarts = (lines) => lines.flatMap(({ page, children }) => [page, ...chapterStarts(children)]);

const addTurns = (reader) => {
  const { find, book } = reader;
  const end = find("[data-reader-end]");
  const label = () => find("[data-reader-percent]").value;
  const show = (index) => {
    end.hidden = true;
    reader.show(index);
  };
  const returns = makeReturns({
    button: find("[data-reader-return]"),
    here: () => ({ cfi: reader.pagesHere()[0].id, label: label() }),
    go: (id) => show(reader.indexOf(id)),
  });

  reader.isJumping = false;
  /* Jump elsewhere in the book, with a way back. A jump is not reading. */
  reader.jump = (index, { isNext = false } = {}) => {
    if (!isNext) returns.leave();
    reader.isJumping = true;
    show(index);
    reader.isJumping = false;
    returns.land();
  };
  reader.turn = (isForward) => {
    const next = reader.turnable(isForward);
    if (next === undefined && isForward) {
      end.hidden = false;
      end.querySelector("a, button").focus();
    } else if (!isForward && !end.hidden) end.hidden = true;
    else if (next !== undefined) {
      returns.turn();
      show(next);
    }
  };
  reader.turnTo = (side) => reader.turn((side === "right") !== reader.isRtl);
  reader.closeEnd = () => !end.hidden && (end.hidden = true);
  find("[data-close-end]").addEventListener("click", reader.closeEnd);
  for (const button of document.querySelectorAll("[data-turn]"))
    button.addEventListener("click", () => reader.turnTo(button.dataset.turn));

  const range = find("[data-reader-range]");
  range.dir = reader.settings.direction;
  range.max = book.pages.length - 1;
  range.addEventListener("change", () => reader.jump(Number(range.value)));
};

const addPageKeys = (reader) => {
  const { book, isRtl, jump, turn, turnTo, stepZoom } = reader;
  const toChapter = (isForward) => {
    const starts = chapterStarts(book.toc).sort((one, other) => one - other);
    const here = reader.here();
    const found = isForward ? starts.find((page) => page > here.at(-1)) : starts.findLast((page) => page < here[0]);
    if (found !== undefined) jump(found);
  };
  const isWhole = () => reader.zoom === 1;
  reader.keys = {
    ArrowLeft: () => isWhole() && turnTo("left"),
    ArrowRight: () => isWhole() && turnTo("right"),
    PageUp: () => turn(false),
    PageDown: () => turn(true),
    Home: () => jump(0),
    End: () => jump(book.pages.length - 1),
    "+": () => stepZoom(1),
    "=": () => stepZoom(1),
    "-": () => stepZoom(-1),
    0: () => reader.setZoom(1),
    " ": (event) => !event.target.closest?.("button, a") && turn(!event.shiftKey),
    "Ctrl+ArrowLeft": () => toChapter(isRtl),
    "Ctrl+ArrowRight": () => toChapter(!isRtl),
    "[": () => toChapter(isRtl),
    "]": () => toChapter(!isRtl),
    t: () => reader.openPanel("contents"),
    "?": () => reader.openPanel("keys"),
    Escape: reader.closeEnd,
  };
  reader.on("open", () =>
    document.addEventListener("keydown", (event) => {
      const act = reader.keys[keyOf(event, reader.look)];
      if (act && act(event) !== false) event.preventDefault();
    }),
  );
};

/* A click on the outer thirds turns the page, however fast the next one follows; between them a click is for the bars, and a
   double click enlarges the page. Selecting text does none of it. */
const addClicks = (reader) => {
  const { stage, turnTo } = reader;
  const sideOf = (event) => {
    const x = (event.clientX - stage.getBoundingClientRect().left) / stage.clientWidth;
    if (reader.zoom > 1 || (x >= 1 / 3 && x <= 2 / 3)) return "";
    return x < 1 / 3 ? "left" : "right";
  };
  const onClick = (event) => {
    const side = sideOf(event);
    if (event.detail > 1 && !side) reader.tapBars(event);
    if (event.defaultPrevented || reader.zoom > 1 || !isNothingSelected(document)) return;
    if (side) turnTo(side);
    else if (event.detail < 2) reader.tapBars(event);
  };
  stage.addEventListener("click", onClick);
  stage.addEventListener("dblclick", (event) => {
    if (!sideOf(event) && isNothingSelected(document)) reader.setZoom(reader.zoom > 1 ? 1 : 2);
  });
  addSwipes(stage, { isOff: () => reader.zoom > 1, turnTo });
};

export const addTurning = (reader) => {
  addTurns(reader);
  addPageKeys(reader);
  addClicks(reader);
};
