/* The boxes in which wide tables scroll (tables.js), and what is where in them. */

/* The box around a range or an element; null around others. */
export const boxAround = (target) => {
  const node = target?.startContainer ?? target;
  return (node?.closest ? node : node?.parentElement)?.closest("[data-scrolls]") ?? null;
};

export const cellAround = (box, node) => (node.closest ? node : node.parentElement).closest("td, th, caption, tr") ?? box.firstElementChild;

/* Where an element is in what scrolls, however far that is scrolled. */
export const placeIn = (box, element) => {
  let [left, top] = [-box.offsetLeft, -box.offsetTop];
  for (let at = element; at && at !== box.offsetParent; at = at.offsetParent) {
    left += at.offsetLeft;
    top += at.offsetTop;
  }
  return { left, top };
};

/* Whether a rectangle of the node is where its cell is: WebKit takes what is scrolled out of sight, above or below, for what
   is on the pages before or after. */
export const isInPlace = (box, node) => {
  const cell = cellAround(box, node);
  const from = box.getBoundingClientRect().left - box.scrollLeft + placeIn(box, cell).left;
  return ({ left, width }) => from <= left + width / 2 && left + width / 2 <= from + cell.offsetWidth;
};
