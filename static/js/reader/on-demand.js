/* The ways to what is loaded when it is first used, or first met. */

import { whenLater } from "./events.js";

const ofChapters = () => import("./search-chapters.js");
const aloudInChapters = () => import("./aloud-chapters.js");

/* Search in the book; `importSite` loads what it must know about this kind of book. */
export const addSearch = (reader, importSite = ofChapters) => {
  const panel = reader.panels.search;
  const status = panel.querySelector("[data-search-status]");
  const box = panel.querySelector("[data-search-box]");
  let search = null;

  const load = () => {
    search ??= Promise.all([import("./search.js"), importSite(), whenLater(reader)]).then(([{ makeSearch }, { makeSite }]) =>
      makeSearch(reader, makeSite(reader)),
    );
    search.catch(() => {
      search = null;
      status.textContent = status.dataset.failed;
    });
  };
  /* By its key, to type at once: over what was searched before. */
  const open = () => {
    load();
    reader.openPanel("search");
    box.focus();
    box.select();
  };
  document.querySelector("[data-open=search]").addEventListener("click", load); // panels.js opens the panel
  box.addEventListener("focus", load);
  panel.querySelector("form").addEventListener("submit", async (event) => {
    event.preventDefault();
    load();
    (await search)?.submit();
  });
  reader.keys["/"] = open;
};

/* Reading aloud; `importSite` loads the same for it. */
export const addAloud = (reader, importSite = aloudInChapters) => {
  const button = reader.find("[data-aloud]");
  const bar = reader.find("[data-aloud-bar]");
  let aloud = null;
  button.addEventListener("click", async () => {
    aloud ??= Promise.all([import("./aloud.js"), importSite(), whenLater(reader)]).then(([{ makeAloud }, { makeSite }]) =>
      makeAloud(reader, bar, makeSite),
    );
    try {
      (await aloud).toggle();
    } catch (error) {
      aloud = null;
      bar.hidden = false;
      const status = bar.querySelector("[role=status]");
      status.textContent = status.dataset.failed;
      console.error(error);
    }
  });
};

/* Features for what only some chapters have. */
const whenMet = (selector, importFeature) => (reader) => {
  let feature = null;
  reader.on("chapter", ({ doc }) => {
    if (!feature && doc.querySelector(selector)) feature = importFeature().then((add) => add(reader), (error) => console.error(error));
  });
};

export const addTables = whenMet("table", () => import("./tables.js").then((loaded) => loaded.addTables));
export const addPictures = whenMet("img[alt]:not([alt=''])", () => import("./enlarging.js").then((loaded) => loaded.addEnlarging));

/* The question at the end of the book, where there is one. */
export const addEndQuestion = (reader) => {
  if (reader.find("[data-end-question]")) import("./end-question.js").then(({ add }) => add(reader), (error) => console.error(error));
};
