/* Where the reader is: the footer's slider and figure, the place that is saved, and the next chapter prefetched.

   Tells `moved` with {place, detail, isTurn}: `detail` is foliate's, and `isTurn` is false after jumps and new
   sizes. New sizes are no news of the place: it is kept, though the page may begin before it. */

import { placeOf, placesOf } from "./text.js";

const FROM_THE_MIDDLE = 0.5; // of a chapter on, the next one is fetched ahead

/* The place of the first word that is shown: a blank before it is still at the end of the page before. A chapter without
   text has only a share of the book. */
const placeNow = ({ bookText }, { range, section }, fraction) => {
  const part = section.current;
  const inPart = range && (placesOf(range)?.start ?? placeOf(range.startContainer, range.startOffset));
  const found = inPart && bookText.toBook(part, inPart);
  if (!found) return { block: null, offset: 0, page: "", share_bps: Math.round(10000 * fraction) };
  const root = range.startContainer.ownerDocument ?? range.startContainer;
  return { block: found[0], offset: found[1], page: "", share_bps: bookText.shareOf(part, root, inPart) };
};

const shareOfChapter = ({ view }, { section }, fraction) => {
  const before = view.getSectionFractions();
  const [start, end] = [before[section.current], before[section.current + 1] ?? 1];
  return (fraction - start) / Math.max(1e-9, end - start);
};

export const addProgress = (reader) => {
  const range = reader.find("[data-reader-range]");
  const percent = reader.find("[data-reader-percent]");
  let isScrubbing = false;

  reader.view.addEventListener("relocate", ({ detail }) => {
    const fraction = Math.min(1, detail.fraction ?? 0);
    if (!isScrubbing) range.value = Math.round(fraction * 1000);
    percent.value = `${Math.round(fraction * 100)} %`;
    range.setAttribute("aria-valuetext", percent.value);
    const place = placeNow(reader, detail, fraction);
    reader.tell("moved", { place, detail, isTurn: !reader.isJumping && !reader.isOpening && !reader.isReflow });
    if (!reader.isReflow) reader.heldCfi = detail.cfi;
    if (shareOfChapter(reader, detail, fraction) >= FROM_THE_MIDDLE)
      reader.book.sections[detail.section.current + 1]?.ready({ ahead: true }).catch(() => {});
  });

  range.dir = reader.settings.direction;
  range.addEventListener("input", () => (isScrubbing = true));
  range.addEventListener("change", () => {
    isScrubbing = false;
    reader.jump(reader.view.resolveNavigation({ fraction: range.value / 1000 }));
  });
};

/* Tells screen readers which chapter has opened, and keeps the links to the plain pages at the place that is read. */

export const addLive = (reader) => {
  const live = reader.find("[data-reader-live]");
  let index = -1;
  reader.on("moved", ({ detail, place }) => {
    const { id, title } = reader.settings.chapters[detail.section.current];
    const at = place.block === null ? "" : `#b-${place.block}`;
    for (const link of document.querySelectorAll("[data-plain-link]")) link.href = `${reader.settings.root}${id}/${at}`;
    if (detail.section.current === index) return;
    index = detail.section.current;
    live.textContent = title;
  });
};
