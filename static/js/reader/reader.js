/* The web reader. Without this script the page is a list of plain chapters; with it, they are hidden and a book opens.

   This file only puts the parts together. Each feature is a function of the `reader` object, which docs/reading.md
   describes; it adds its own listeners, keys and properties. */

import "../../vendor/foliate/view.js";
import { addAccountSettings } from "./account-settings.js";
import { addAloud } from "./add-aloud.js";
import { addDictionary } from "./add-dictionary.js";
import { addKeeping } from "./add-keeping.js";
import { addSearch } from "./add-search.js";
import { addAppearance } from "./appearance-panel.js";
import { themeOf } from "./appearance.js";
import { addBars } from "./bars.js";
import { addContents } from "./contents.js";
import { addEnd } from "./end.js";
import { addEnlarging } from "./enlarging.js";
import { settings } from "./facts.js";
import { addFlow } from "./flow.js";
import { addFootnotes } from "./footnotes.js";
import { addFullScreen } from "./full-screen.js";
import { addKeys } from "./keys.js";
import { addLayout } from "./layout.js";
import { addLive } from "./live.js";
import { addMoving } from "./moving.js";
import { addNotes } from "./notes/notes.js";
import { addOpening } from "./opening.js";
import { openPanel, openPanels, panels } from "./panels.js";
import { addPagesLeft } from "./pages-left.js";
import { makePreferences } from "./preferences.js";
import { addProgress } from "./progress.js";
import { addSync } from "./syncing.js";
import { addTables } from "./tables.js";
import { addTaps } from "./taps.js";

/* In this order: a feature may use what those before it have added. */
const FEATURES = [
  addMoving, addFlow, addSync, addOpening, addPagesLeft, addProgress, addLayout, addAppearance, addContents, addKeys,
  addBars, addFullScreen, addAccountSettings, addNotes, addEnlarging, addTables, addTaps, addEnd,
  addFootnotes, addSearch, addDictionary, addAloud, addLive, addKeeping,
];

const find = (selector) => document.querySelector(selector);
const preferences = makePreferences(settings);
const reader = {
  settings,
  find,
  panels,
  openPanel,
  view: document.createElement("foliate-view"),
  events: new EventTarget(),
  preferences,
  look: preferences.look,
  isRtl: settings.direction === "rtl",
  tell: (name, detail) => reader.events.dispatchEvent(new CustomEvent(name, { detail })),
  on: (name, act) => reader.events.addEventListener(name, ({ detail }) => act(detail)),
};

const start = async () => {
  document.documentElement.dataset.readerTheme = themeOf(reader.look);
  for (const part of ["stage", "foot", "tools"]) find(`[data-reader-${part}]`).hidden = false;
  for (const feature of FEATURES) feature(reader);
  find("[data-reader-stage]").append(reader.view);
  reader.view.addEventListener("load", ({ detail: { doc, index } }) => reader.tell("chapter", { doc, index }));
  await reader.openView();
  await reader.openAtLastPlace();
  openPanels();
  addEventListener("pagehide", () => reader.tell("closing"));
  reader.tell("open");
  document.documentElement.dataset.reader = "open";
  document.documentElement.classList.replace("reader-late", "reader-js");
};

// Without a working reader, the chapters are still available as plain pages.
start().catch((error) => {
  document.documentElement.classList.replace("reader-js", "reader-late");
  throw error;
});
