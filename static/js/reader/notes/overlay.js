/* Highlights, drawn over a chapter or page beside its text, whose elements stay as they are.

   An overlay is an SVG in the chapter's own document, so it moves with the text in any frame. */

import { boxAround, isInPlace } from "../table-boxes.js";
import { piecesBetween } from "../text.js";

const SVG = "http://www.w3.org/2000/svg";
const COLOURS = ["yellow", "green", "blue", "pink", "purple"];
const LINE_PX = 2;

const make = (doc, name, attributes) => {
  const element = doc.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
};

/* The colours are those of the page around the chapter, which follow its theme; pages of pictures have their own. */
const styleOf = (container) => {
  const theme = getComputedStyle(container.ownerDocument === document ? container : document.documentElement);
  const value = (name) => theme.getPropertyValue(name).trim();
  const colours = COLOURS.map((name) => `.${name} { fill: ${value(`--note-${name}`)}; stroke: ${value(`--note-${name}-line`)}; }`);
  return `g { mix-blend-mode: ${value("--note-blend")}; }
    rect { stroke: none; }
    line { fill: none; stroke-width: ${LINE_PX}; visibility: hidden; }
    .has-body line { visibility: visible; }
    .changed line { visibility: visible; stroke-dasharray: 6 3; }
    ${colours.join("\n")}
    @media (forced-colors: active) {
      g { mix-blend-mode: normal; forced-color-adjust: none; stroke: Highlight; }
      rect { visibility: hidden; }
      line { visibility: visible; }
    }`;
};

/* What the box of a wide table shows of a rectangle in it. */
const shownIn = (box) => {
  const { left: x, top: y } = box.getBoundingClientRect();
  const [from, above] = [x + box.clientLeft, y + box.clientTop];
  return (rect) => {
    const [left, top] = [Math.max(rect.left, from), Math.max(rect.top, above)];
    const [right, bottom] = [Math.min(rect.right, from + box.clientWidth), Math.min(rect.bottom, above + box.clientHeight)];
    return new DOMRect(left, top, right - left, bottom - top);
  };
};

const rectsOf = (root, { start, end }) =>
  piecesBetween(root, start, end).flatMap(([node, from, to]) => {
    const range = node.ownerDocument.createRange();
    range.setStart(node, from);
    range.setEnd(node, to);
    const box = boxAround(range);
    const rects = [...range.getClientRects()];
    const seen = box ? rects.filter(isInPlace(box, node)).map(shownIn(box)) : rects;
    return seen.filter(({ width, height }) => width > 0 && height > 0);
  });

const lineOf = (doc, { left, right, top, bottom }, isVertical) => {
  const ends = isVertical ? { x1: left, x2: left, y1: top, y2: bottom } : { x1: left, x2: right, y1: bottom, y2: bottom };
  return make(doc, "line", ends);
};

/* `root` has the text; `container` is what the overlay lies over, with its origin at `origin()` of the window. */
export const makeOverlay = ({ root, container, origin = () => ({ left: 0, top: 0 }) }) => {
  const doc = container.ownerDocument;
  const svg = make(doc, "svg", { class: "octavo-notes", "aria-hidden": "true" });
  Object.assign(svg.style, { position: "absolute", top: 0, left: 0, width: "100%", height: "100%", overflow: "visible", pointerEvents: "none" });
  const style = svg.appendChild(make(doc, "style", {}));
  container.append(svg);
  let drawn = [];

  const draw = ({ note, start, end, state }) => {
    const { left, top } = origin();
    const isVertical = doc.defaultView.getComputedStyle(root.body ?? root).writingMode.startsWith("vertical");
    const group = make(doc, "g", { class: `${note.colour} ${state}${note.body ? " has-body" : ""}` });
    const rects = rectsOf(root, { start, end }).map((rect) => new DOMRect(rect.x - left, rect.y - top, rect.width, rect.height));
    for (const rect of rects) {
      const { x, y, width, height } = rect;
      group.append(make(doc, "rect", { x, y, width, height }), lineOf(doc, rect, isVertical));
    }
    svg.append(group);
    return { id: note.id, rects, group };
  };

  return {
    /* Draw the notes anew, each {note, start, end, state} with places in this root. */
    show: (spots) => {
      style.textContent = styleOf(container);
      for (const { group } of drawn) group.remove();
      drawn = spots.map(draw);
    },
    /* The note at a point of the window; of several, the shortest. */
    noteAt: (x, y) => {
      const { left, top } = origin();
      const isInside = (rect) => rect.left <= x - left && x - left < rect.right && rect.top <= y - top && y - top < rect.bottom;
      const found = drawn.filter(({ rects }) => rects.some(isInside));
      return found.sort((one, other) => one.rects.length - other.rects.length)[0]?.id ?? null;
    },
    rectOf: (id) => drawn.find((one) => one.id === id)?.rects[0] ?? null,
    remove: () => svg.remove(),
  };
};
