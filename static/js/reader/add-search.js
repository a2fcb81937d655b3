/* The way to the search in the book. What it does is loaded when it is first opened. */

const ofChapters = () => import("./search-chapters.js");

/* `importSite` loads what search must know about this kind of book. */
export const addSearch = (reader, importSite = ofChapters) => {
  const panel = reader.panels.search;
  const status = panel.querySelector("[data-search-status]");
  let search = null;

  const load = () => {
    search ??= Promise.all([import("./search.js"), importSite()]).then(([{ makeSearch }, { makeSite }]) =>
      makeSearch(reader, makeSite(reader)),
    );
    search.catch(() => {
      search = null;
      status.textContent = status.dataset.failed;
    });
  };
  const open = () => {
    load();
    reader.openPanel("search");
  };
  document.querySelector("[data-open=search]").addEventListener("click", load); // panels.js opens the panel
  panel.querySelector("[data-search-box]").addEventListener("focus", load);
  panel.querySelector("form").addEventListener("submit", async (event) => {
    event.preventDefault();
    load();
    (await search)?.submit();
  });
  reader.keys["/"] = open;
};
