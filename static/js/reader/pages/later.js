/* What a book of pages does not need to open: loaded once it is shown. */

import { addDictionary } from "../add-dictionary.js";
import { addAppearance } from "../appearance-panel.js";
import { addPageNotes } from "../notes/page-notes.js";
import { addEndQuestion } from "../on-demand.js";

export const addLater = (reader) => {
  addAppearance(reader);
  addDictionary(reader);
  addPageNotes(reader);
  addEndQuestion(reader);
};
