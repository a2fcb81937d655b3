/* The direction in which chapters follow each other: down, or to the left for vertical lines.

   Positions are pixels from the first chapter's start, whichever the direction. */

const DOWN = {
  side: "height",
  otherSide: "width",
  at: (box) => box.scrollTop,
  put: (box, to) => (box.scrollTop = to),
  room: (box) => box.clientHeight,
  whole: (box) => box.scrollHeight,
  /* How far a rectangle of a chapter is from the chapter's start. */
  within: (rect) => ({ start: rect.top, end: rect.bottom }),
  /* How far a frame's start is from the start of the box. */
  offset: (frame, box) => frame.top - box.top,
  scroll: (by) => ({ top: by }),
};

const LEFT = {
  side: "width",
  otherSide: "height",
  at: (box) => -box.scrollLeft,
  put: (box, to) => (box.scrollLeft = -to),
  room: (box) => box.clientWidth,
  whole: (box) => box.scrollWidth,
  within: (rect, length) => ({ start: length - rect.right, end: length - rect.left }),
  offset: (frame, box) => box.right - frame.right,
  scroll: (by) => ({ left: -by }),
};

export const axisOf = (isVertical) => (isVertical ? LEFT : DOWN);
