/* The web reader. Without this script the page is a list of plain chapters; with it, they are hidden and a book opens.

   This file only puts the parts together. Each feature is a function of the `reader` object, which docs/reading.md
   describes; it adds its own listeners, keys and properties. Only what a book needs to open is here: `later.js` has the
   rest, which is loaded once the book is shown. */

import "../../vendor/foliate/view.js";
import { addAccountSettings } from "./account-settings.js";
import { addKeeping } from "./add-keeping.js";
import { themeOf } from "./appearance.js";
import { addBars, addFullScreen } from "./bars.js";
import { addContents } from "./contents.js";
import { loadLater, makeEvents } from "./events.js";
import { settings } from "./facts.js";
import { addFlow } from "./flow.js";
import { addKeys } from "./keys.js";
import { addLayout } from "./layout.js";
import { addMoving } from "./moving.js";
import { addAloud, addSearch } from "./on-demand.js";
import { addOpening } from "./opening.js";
import { openPanel, openPanels, panels } from "./panels.js";
import { makePreferences } from "./preferences.js";
import { addLive, addProgress } from "./progress.js";
import { addSync } from "./syncing.js";
import { addTaps } from "./taps.js";

/* In this order: a feature may use what those before it have added. */
const FEATURES = [
  addMoving, addFlow, addSync, addOpening, addProgress, addLive, addLayout, addContents, addKeys, addBars, addFullScreen,
  addAccountSettings, addTaps, addSearch, addAloud, addKeeping,
];

const find = (selector) => document.querySelector(selector);
const preferences = makePreferences(settings);
const view = document.createElement("foliate-view");
const reader = {
  settings,
  find,
  panels,
  openPanel,
  view,
  preferences,
  look: preferences.look,
  isRtl: settings.direction === "rtl",
  ...makeEvents({ chapter: () => (view.renderer?.getContents() ?? []).map(({ doc, index }) => ({ doc, index })) }),
};

const start = async () => {
  document.documentElement.dataset.readerTheme = themeOf(reader.look);
  for (const part of ["stage", "foot", "tools"]) find(`[data-reader-${part}]`).hidden = false;
  for (const feature of FEATURES) feature(reader);
  find("[data-reader-stage]").append(view);
  view.addEventListener("load", ({ detail: { doc, index } }) => reader.tell("chapter", { doc, index }));
  await reader.openView();
  await reader.openAtLastPlace();
  openPanels();
  addEventListener("pagehide", () => reader.tell("closing"));
  reader.tell("open");
  document.documentElement.dataset.reader = "open";
  document.documentElement.classList.replace("reader-late", "reader-js");
  loadLater(reader, () => import("./later.js"));
};

// Without a working reader, the chapters are still available as plain pages.
start().catch((error) => {
  const { classList } = document.documentElement;
  classList.replace("reader-js", "reader-late");
  classList.add("reader-failed");
  throw error;
});
