/* Offers the notes that were made in the sample, once in a bar, and always in the list of notes. Loaded if there are any. */

import { adoptSampleNotes, countSampleNotes, discardSampleNotes, restoreSampleNotes } from "../sample-notes.js";

const KEY = "reader-sample-notes"; // of the works whose notes were not wanted in the bar

const putOff = () => {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? "[]");
  } catch {
    return [];
  }
};

const putOffWork = (work) => {
  try {
    localStorage.setItem(KEY, JSON.stringify([...new Set([...putOff(), work])]));
  } catch {
    /* not stored, so the bar comes again */
  }
};

export const offerSampleNotes = async ({ settings, sync, notes, say }) => {
  const offers = [...document.querySelectorAll("[data-sample-notes]")];
  const [bar] = offers; // the other is in the list of notes
  const hideAll = () => offers.forEach((offer) => (offer.hidden = true));
  const show = async () => {
    const count = await countSampleNotes(settings);
    for (const offer of offers) {
      const words = offer.querySelector("[data-many]");
      words.textContent = count === 1 ? words.dataset.one : words.dataset.many.replace("{count}", count);
      offer.hidden = !count || (offer === bar && putOff().includes(settings.work));
    }
  };
  const acts = {
    add: async () => {
      hideAll();
      await adoptSampleNotes(settings, sync);
      await notes.load();
      say("adopted", { isShown: true });
    },
    later: () => {
      bar.hidden = true;
      putOffWork(settings.work);
    },
    discard: async () => {
      hideAll();
      const discarded = await discardSampleNotes(settings);
      say("discarded", { act: () => restoreSampleNotes(discarded).then(show) });
    },
  };
  for (const offer of offers)
    offer.addEventListener("click", ({ target }) => acts[target.closest("[data-offer]")?.dataset.offer]?.());
  await show();
};
