/* Notes that somebody made in the sample before the book was theirs, which they can take along. They are in the store of
   this browser that has no person. */

import { madeNote, shown } from "./merge.js";
import { makeId } from "./sync.js";
import { inStore } from "./store.js";

const inBrowser = (act) => inStore("", act);

const isLive = (note) => !shown(note).isDeleted;

export const countSampleNotes = async ({ work }) => (await inBrowser((db) => db.notesOf(work))).filter(isLive).length;

/* Returns the notes, so that they can be put back. */
export const discardSampleNotes = ({ work }) =>
  inBrowser(async (db) => {
    const discarded = await db.notesOf(work);
    for (const note of discarded) await db.remove("notes", note.id);
    return discarded;
  });

export const restoreSampleNotes = (discarded) =>
  inBrowser(async (db) => {
    for (const note of discarded) await db.put("notes", note);
  });

/* Make the sample's notes the person's own. They leave the browser's store once they are in the person's. */
export const adoptSampleNotes = async ({ work }, sync) => {
  const left = (await inBrowser((db) => db.notesOf(work))).filter(isLive).map(shown);
  await sync.change(async (db) => {
    for (const { kind, target, madeAt, colour, body } of left) {
      const about = { id: makeId(), work, kind, target, madeAt };
      await db.keepNote(madeNote(about, { colour, body, deleted: false }, db.stamps.next));
    }
  });
  await discardSampleNotes({ work });
  return left.length;
};
