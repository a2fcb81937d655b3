/* Where the reader is: the footer's slider and figure, the place that is saved, and the next chapter prefetched.

   Tells `moved` with {place, detail, isTurn}: `detail` is foliate's, and `isTurn` is false after jumps and new
   sizes. New sizes are no news of the place: it is kept, though the page may begin before it. */

import { wordsOf } from "./words.js";

const FROM_THE_MIDDLE = 0.5; // of a chapter on, the next one is fetched ahead

const placeOf = ({ settings, view }, detail, fraction) => {
  const index = detail.section.current;
  const before = view.getSectionFractions();
  const within = (fraction - before[index]) / Math.max(1e-9, (before[index + 1] ?? 1) - before[index]);
  return {
    chapter: settings.chapters[index].id,
    within_bps: Math.round(10000 * Math.max(0, Math.min(1, within))),
    fraction_bps: Math.round(10000 * fraction),
    cfi: detail.cfi ?? "",
    words: wordsOf(detail.range),
  };
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
    const place = placeOf(reader, detail, fraction);
    reader.tell("moved", { place, detail, isTurn: !reader.isJumping && !reader.isOpening && !reader.isReflow });
    if (!reader.isReflow) {
      reader.heldCfi = detail.cfi;
      reader.positions.remember(place, { isKept: reader.isKept });
    }
    if (place.within_bps >= 10000 * FROM_THE_MIDDLE)
      reader.book.sections[detail.section.current + 1]?.ready({ ahead: true }).catch(() => {});
  });

  range.dir = reader.settings.direction;
  range.addEventListener("input", () => (isScrubbing = true));
  range.addEventListener("change", () => {
    isScrubbing = false;
    reader.jump(reader.view.resolveNavigation({ fraction: range.value / 1000 }));
  });
};
