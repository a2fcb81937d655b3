/* What a book of chapters does not need to open: loaded once it is shown. */

import { addDictionary } from "./add-dictionary.js";
import { addAppearance } from "./appearance-panel.js";
import { addFootnotes } from "./footnotes.js";
import { addNotes } from "./notes/notes.js";
import { addEndQuestion, addPictures, addTables } from "./on-demand.js";
import { addPagesLeft } from "./pages-left.js";

/* In this order: a feature may use what those before it have added. */
const FEATURES = [addPagesLeft, addAppearance, addDictionary, addNotes, addFootnotes, addPictures, addTables, addEndQuestion];

export const addLater = (reader) => {
  for (const feature of FEATURES) feature(reader);
};
