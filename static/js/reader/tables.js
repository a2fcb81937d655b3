/* Tables wider than the text scroll in themselves, by touch and by arrow keys; others are as the book has them. */

/* The paginator would take a touch for a turn of the page. */
const guardTouches = (box) => {
  for (const name of ["touchstart", "touchmove", "touchend"])
    box.addEventListener(name, (event) => box.hasAttribute("data-scrolls") && event.stopPropagation());
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

/* Scroll a table so that what a jump has led to is in its middle. */
const reveal = (found) => {
  const node = found?.startContainer ?? found;
  const box = (node?.parentElement ?? node)?.closest?.("[data-scrolls]");
  if (!box) return;
  const [hit, frame] = [found.getBoundingClientRect(), box.getBoundingClientRect()];
  box.scrollBy((hit.left + hit.right - frame.left - frame.right) / 2, (hit.top + hit.bottom - frame.top - frame.bottom) / 2);
};

export const addTables = (reader) => {
  const stage = reader.find("[data-reader-stage]");
  const boxes = new WeakMap(); // of each document
  const measure = (doc) => {
    for (const box of boxes.get(doc) ?? []) {
      leave(box);
      const table = box.firstElementChild;
      if (table.getBoundingClientRect().width <= box.clientWidth + 1) continue;
      const margin = parseFloat(reader.view.renderer.getAttribute("margin"));
      letScroll(box, table.caption?.textContent.trim() || stage.dataset.table, stage.clientHeight - 2.5 * margin);
    }
    reveal(reader.found);
    if (boxes.get(doc)?.length) reader.tell("tables");
  };
  const measureAll = () => {
    for (const { doc } of reader.view.renderer?.getContents() ?? []) measure(doc);
  };

  reader.on("chapter", ({ doc }) => {
    boxes.set(doc, [...doc.querySelectorAll("[data-table-box]")]);
    boxes.get(doc).forEach(guardTouches);
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
  reader.on("open", () => addEventListener("resize", () => requestAnimationFrame(measureAll)));
};
