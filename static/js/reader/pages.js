/* The web reader for books of pages. Without this script the page is a list of plain chapters, each with its pictures and
   text; with it, they are hidden and pages are shown side by side, or one at a time if there is no room.

   Like reader.js, it only puts the parts together; features that both share work with the same `reader` object. */

import { addAccountSettings } from "./account-settings.js";
import { addKeeping } from "./add-keeping.js";
import { themeOf } from "./appearance.js";
import { addBars, addFullScreen } from "./bars.js";
import { loadLater, makeEvents } from "./events.js";
import { settings } from "./facts.js";
import { addSearch } from "./on-demand.js";
import { addPageContents } from "./pages/contents.js";
import { addListening } from "./pages/listening.js";
import { addPagePlaces } from "./pages/places.js";
import { addSpread } from "./pages/spread.js";
import { addTurning } from "./pages/turning.js";
import { openPanel, openPanels, panels } from "./panels.js";
import { makePreferences } from "./preferences.js";
import { addSync } from "./syncing.js";

/* In this order: a feature may use what those before it have added. */
const FEATURES = [
  addSpread, addTurning, addPageContents, addPagePlaces, addSync, addBars, addFullScreen, addAccountSettings, addKeeping,
  addListening,
];

const { dataset, classList } = document.documentElement;
const find = (selector) => document.querySelector(selector);
const preferences = makePreferences(settings);
const reader = {
  settings,
  find,
  panels,
  openPanel,
  preferences,
  look: preferences.look,
  isRtl: settings.direction === "rtl",
  pages: () => reader.book.pages,
  indexOf: (id) => reader.book.pages.findIndex((page) => page.id === id),
  ...makeEvents(),
};

const showTheme = () => (dataset.readerTheme = themeOf(reader.look));

const start = async () => {
  showTheme();
  const answer = await fetch(`${settings.files}pages.json`, { credentials: "same-origin" });
  if (!answer.ok) throw new Error(`pages.json: ${answer.status}`);
  reader.book = await answer.json();
  for (const part of ["stage", "foot", "tools"]) find(`[data-reader-${part}]`).hidden = false;
  for (const feature of FEATURES) feature(reader);
  addSearch(reader, () => import("./search-pages.js"));
  await reader.openAtLastPlace();
  openPanels();
  reader.on("look", showTheme);
  reader.tell("open");
  dataset.reader = "open";
  classList.replace("reader-late", "reader-js");
  loadLater(reader, () => import("./pages/later.js"));
};

// Without a working reader, the chapters are still available as plain pages.
start().catch((error) => {
  classList.replace("reader-js", "reader-late");
  classList.add("reader-failed");
  throw error;
});
