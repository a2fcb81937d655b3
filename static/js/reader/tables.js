/* Tables wider than the text scroll in themselves, by touch and by arrow keys; others are as the book has them. So do those
   longer than the page which Firefox does not divide: what is below the page would never be seen. */

import { boxAround, cellAround, isInPlace, placeIn } from "./table-boxes.js";

/* The paginator would take a touch for a turn of the page, and go back to a table that a tap on it has left: it shows
   whatever gets the focus. */
const guard = (box) => {
  for (const name of ["touchstart", "touchmove", "touchend"])
    box.addEventListener(name, (event) => box.hasAttribute("data-scrolls") && event.stopPropagation());
  box.addEventListener("focusin", (event) => event.target === box && !box.matches(":focus-visible") && event.stopPropagation());
};

const letScroll = (box, name, tallest) => {
  box.dataset.scrolls = "";
  box.tabIndex = 0;
  box.setAttribute("role", "region");
  box.setAttribute("aria-label", name);
  // A box that scrolls is not divided between pages.
  if (box.firstElementChild.caption) box.firstElementChild.caption.style.textAlign = "start"; // the middle is out of sight
  Object.assign(box.style, { overflow: "auto", maxHeight: `${tallest}px`, outlineOffset: "-2px" });
};

const leave = (box) => {
  for (const name of ["data-scrolls", "tabindex", "role", "aria-label", "style"]) box.removeAttribute(name);
};

/* How far to scroll, from the start, to words that begin and end there: not at all if they are seen then; else they are in
   the middle; or if they are longer than the box, from their beginning. */
const scrollTo = (from, to, shown) => (to <= shown ? 0 : Math.min(from, (from + to - shown) / 2));

/* Scroll to the cell of what was found, and down in it, until it is measured where it is. */
const approach = (box, found) => {
  const node = found.startContainer ?? found;
  const cell = cellAround(box, node);
  const { top } = placeIn(box, cell);
  for (let y = top; y < top + cell.offsetHeight; y += box.clientHeight) {
    box.scrollTop = y;
    if ([...found.getClientRects()].slice(0, 1).some(isInPlace(box, node))) return;
  }
};

/* Scroll a table to what a jump has led to. */
const reveal = (found) => {
  const box = boxAround(found);
  if (!box) return;
  approach(box, found);
  const [hit, frame] = [found.getBoundingClientRect(), box.getBoundingClientRect()];
  const { direction, writingMode } = getComputedStyle(box);
  const top = scrollTo(hit.top - frame.top + box.scrollTop, hit.bottom - frame.top + box.scrollTop, box.clientHeight);
  const fromRight = (x) => frame.left + box.clientWidth - x - box.scrollLeft;
  const fromLeft = (x) => x - frame.left + box.scrollLeft;
  const left =
    direction === "rtl" || writingMode === "vertical-rl"
      ? -scrollTo(fromRight(hit.right), fromRight(hit.left), box.clientWidth)
      : scrollTo(fromLeft(hit.left), fromLeft(hit.right), box.clientWidth);
  box.scrollTo(left, top);
};

export const addTables = (reader) => {
  const stage = reader.find("[data-reader-stage]");
  const boxes = new WeakMap(); // of each document
  const measure = (doc) => {
    const margin = parseFloat(reader.view.renderer.getAttribute("margin"));
    const page = reader.look.flow === "scrolled" ? Infinity : stage.clientHeight - 2 * margin;
    for (const box of boxes.get(doc) ?? []) {
      const { scrollLeft, scrollTop } = box;
      leave(box);
      const table = box.firstElementChild;
      const isWide = table.getBoundingClientRect().width > box.clientWidth + 1;
      const isLong = box.getBoundingClientRect().height > page + 1;
      if (!isWide && !isLong) continue;
      letScroll(box, table.caption?.textContent.trim() || stage.dataset.table, stage.clientHeight - 2.5 * margin);
      box.scrollTo(scrollLeft, scrollTop);
    }
    if (!boxes.get(doc)?.length) return;
    reader.view.renderer.render?.(); // the paginator does not see by itself that its words are on another page now
    reveal(reader.found);
    reader.tell("tables");
  };
  const measureAll = () => {
    for (const { doc } of reader.view.renderer?.getContents() ?? []) measure(doc);
  };

  reader.on("chapter", ({ doc }) => {
    boxes.set(doc, [...doc.querySelectorAll("[data-table-box]")]);
    boxes.get(doc).forEach(guard);
    // In a chapter that is shown already, since this came with its first table.
    if (reader.view.renderer?.getContents().some((one) => one.doc === doc)) requestAnimationFrame(() => measure(doc));
  });
  reader.view.addEventListener("create-overlay", ({ detail: { index } }) => {
    const shown = reader.view.renderer.getContents().find((one) => one.index === index);
    requestAnimationFrame(() => (shown ? measure(shown.doc) : measureAll()));
  });
  reader.on("moved", ({ isTurn }) => {
    if (isTurn) reader.found = null;
    reveal(reader.found);
  });
  reader.on("look", () => requestAnimationFrame(measureAll));
  // With the window, and with the bars: a box that is taller than the page would be divided.
  new ResizeObserver(() => requestAnimationFrame(measureAll)).observe(stage);
};
