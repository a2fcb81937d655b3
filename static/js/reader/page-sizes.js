/* The sizes of the page for the paginator. Lengths follow the size of the text, so that a line keeps its letters. */

export const TEXT_EM = 1.16; // of the browser's own size, at 100 %
const LINE_EM = { short: 28, medium: 34.5, long: 44 };
const GAP_PERCENT = { narrow: 3, normal: 7, wide: 12 };
const EDGE_PX = { narrow: 12, normal: 40, wide: 64 };
const SMALL_EDGE_PX = { narrow: 10, normal: 24, wide: 36 };
const SMALL_PX = 600;
const PAIR_EM = { lines: 24, bands: 30 }; // from which on two columns, or two bands of vertical lines, are made
const LEAST_EM = 10; // of a column, if two are asked for
const TIGHT_EM = 12; // a shorter line has no room for justified text and indents
const FEW_LINES_EM = 20; // a page of vertical lines that is less wide has no room for wide headings

const countColumns = (look, { width, height, isVertical, em }) => {
  const half = (isVertical ? height : width) / 2 / em;
  if (look.flow === "scrolled" || look.columns === "1") return 1;
  if (look.columns === "2") return half >= LEAST_EM ? 2 : 1;
  if (isVertical) return half >= PAIR_EM.bands ? 2 : 1;
  return width > height && half >= PAIR_EM.lines ? 2 : 1;
};

/* `width` and `height` are those of the stage, in pixels; `rem` is the browser's own size of text. */
export const pageSizes = (look, { width, height, isVertical = false, rem = 16 }) => {
  const em = rem * TEXT_EM * (look.size / 100);
  const length = isVertical ? height : width;
  const columns = countColumns(look, { width, height, isVertical, em });
  const share = GAP_PERCENT[look.margin] / 100;
  const room = isVertical ? length : (length * (1 - (columns + 1) * share)) / columns;
  const line = Math.min(LINE_EM[look.width] * em, columns === 2 ? length / 2 : Infinity);
  return {
    columns,
    inline: Math.round(line),
    gap: GAP_PERCENT[look.margin],
    margin: (width < SMALL_PX ? SMALL_EDGE_PX : EDGE_PX)[look.margin],
    isTight: Math.min(line, room) / em < TIGHT_EM,
    hasFewLines: isVertical && width / em < FEW_LINES_EM,
  };
};
