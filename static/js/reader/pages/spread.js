/* What is shown of a book of pages: one page, or two side by side, as large as the room and the zoom make them.

   Adds to the reader: `stage`, `shown` (the pages in the document), `here`, `pagesHere`, `show`, `turnable`, `zoom`, `setZoom`,
   `stepZoom`. Tells `chapter` when the words of a page have come, `shown` with the indices, `resized`. */

import { foretell, makeLeaf } from "./leaf.js";
import { fitPages, groupPages, hasRoomForPairs } from "./spreads.js";

const ZOOMS = [1, 1.5, 2, 3, 4];
const EDGE_PX = 12; // between a page and the edge of the window

export const addSpread = (reader) => {
  const { find, look, settings, isRtl } = reader;
  const { pages, spread: pairing } = reader.book;
  const stage = find("[data-reader-stage]");
  let groups = [];
  let at = 0; // index of the first page shown
  let leaves = [];

  const room = () => {
    const edge = innerWidth < 600 ? 0 : EDGE_PX;
    return { width: Math.max(stage.clientWidth - 2 * edge, 80), height: Math.max(stage.clientHeight - 2 * edge, 80) };
  };
  const groupAt = (index) => groups.findIndex((group) => group.includes(index));
  const here = () => groups[groupAt(at)] ?? [0];
  const pagesOf = (group) => group.map((index) => pages[index]);
  const sizes = () => fitPages(pagesOf(here()), room(), reader.zoom);

  const resize = () => {
    const found = sizes();
    leaves.forEach((leaf, index) => leaf.resize(found[index]));
    stage.classList.toggle("is-zoomed", reader.zoom > 1);
    find("[data-zoom-output]").value = `${Math.round(reader.zoom * 100)} %`;
    reader.tell("resized");
  };
  const draw = () => {
    const group = here();
    leaves = pagesOf(group).map((page) => makeLeaf(page, settings.files, () => reader.tell("chapter")));
    reader.shown = leaves.map(({ leaf }, index) => ({ leaf, page: pages[group[index]], part: group[index] }));
    const spread = document.createElement("div");
    spread.className = group.length > 1 ? "spread is-pair" : "spread";
    spread.dir = settings.direction;
    spread.append(...leaves.map(({ leaf }) => leaf));
    stage.replaceChildren(spread);
    stage.scrollTo(isRtl ? stage.scrollWidth : 0, 0);
    resize();
    reader.tell("shown", group);
    for (const next of groups[groupAt(at) + 1] ?? []) foretell(pages[next], settings.files, sizes()[0].width);
  };
  const regroup = () => {
    const isPaired = look.pair !== "never" && hasRoomForPairs(pages, room(), pairing);
    groups = groupPages(pages, { direction: settings.direction, isPaired });
  };

  Object.assign(reader, {
    stage,
    zoom: 1,
    shown: [],
    here,
    pagesHere: () => pagesOf(here()),
    show: (index) => {
      at = Math.max(0, Math.min(pages.length - 1, index));
      draw();
    },
    /* The first page after or before those that are shown; undefined at the end. */
    turnable: (isForward) => groups[groupAt(at) + (isForward ? 1 : -1)]?.[0],
    setZoom: (wanted) => {
      const before = reader.zoom;
      reader.zoom = wanted;
      const middle = [stage.scrollLeft + stage.clientWidth / 2, stage.scrollTop + stage.clientHeight / 2];
      resize();
      stage.scrollTo((middle[0] * wanted) / before - stage.clientWidth / 2, (middle[1] * wanted) / before - stage.clientHeight / 2);
    },
    stepZoom: (step) => reader.setZoom(ZOOMS[Math.max(0, Math.min(ZOOMS.length - 1, ZOOMS.indexOf(reader.zoom) + step))]),
  });
  for (const [name, act] of [["in", () => reader.stepZoom(1)], ["out", () => reader.stepZoom(-1)], ["fit", () => reader.setZoom(1)]])
    find(`[data-zoom=${name}]`).addEventListener("click", act);
  regroup();
  reader.on("look", () => {
    regroup();
    if (leaves.length) draw();
  });
  reader.on("open", () =>
    new ResizeObserver(() => {
      const before = groups.length;
      regroup();
      if (groups.length === before) resize();
      else draw();
    }).observe(stage),
  );
};
