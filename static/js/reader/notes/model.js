/* The notes of the open book, as they are on this device. */

import { madeNote, shown, spotIn, withChanges } from "../merge.js";
import { makeId } from "../sync.js";
import { blocksOf, placesOf, wordsBetween } from "../text.js";

const CONTEXT = 32; // characters before and after, for finding the words in another edition
const MAX_EXACT = 5000;
const MAX_TITLE = 300;

const points = (text) => [...text];
const last = (text, count) => points(text).slice(-count).join("");
const first = (text, count) => points(text).slice(0, count).join("");

/* What a note is about: the words of a range in a part of the book. Null if they are in no place of the book. */
export const targetOf = ({ settings, text, titleOf }, { root, part, range, page = "" }) => {
  const found = placesOf(range, root);
  const start = found && text.toBook(part, found.start);
  const end = found && text.toBook(part, found.end);
  if (!start || !end) return null;
  const blocks = blocksOf(root);
  const beginning = [Math.max(0, found.start[0] - 1), 0];
  const ending = [Math.min(blocks.length - 1, found.end[0] + 1), Infinity];
  return {
    edition: settings.edition,
    start,
    end,
    page,
    exact: first(wordsBetween(blocks, found.start, found.end), MAX_EXACT),
    prefix: last(wordsBetween(blocks, beginning, found.start), CONTEXT),
    suffix: first(wordsBetween(blocks, found.end, ending), CONTEXT),
    chapter: first(titleOf(part), MAX_TITLE),
  };
};

const compare = (one, other) => one[0] - other[0] || one[1] - other[1];

export const makeNotes = ({ settings, sync, text }) => {
  const events = new EventTarget();
  let known = new Map();

  const spotOf = (note) => {
    const spot = spotIn(note, settings.edition);
    return spot && spot.start ? spot : null;
  };
  const position = (note) => spotOf(note)?.start ?? note.target.start;
  const load = async () => {
    const stored = await sync.read((db) => db.notesOf(settings.work));
    known = new Map(stored.map((note) => [note.id, note]));
    events.dispatchEvent(new Event("changed"));
  };
  const keep = async (note) => {
    known.set(note.id, note);
    events.dispatchEvent(new Event("changed"));
  };
  const change = (id, values, options) =>
    sync
      .change(async (db) => {
        const note = withChanges(await db.get("notes", id), values, db.stamps.next, options);
        await db.keepNote(note);
        return note;
      })
      .then(keep);

  sync.on("changed", load);
  sync.on("answered", load);

  return {
    load,
    onChange: (act) => events.addEventListener("changed", act),
    /* The notes that are not deleted, in the order of the book. */
    all: () =>
      [...known.values()].map(shown).filter(({ isDeleted }) => !isDeleted).sort((one, other) => compare(position(one), position(other))),
    get: (id) => known.has(id) && shown(known.get(id)),
    /* Where a note is in this edition: {state, start, end}; null if it could not be placed. */
    spotOf,
    /* Where a note is in a part: {note, state, start, end} with places in it; null if it is elsewhere. */
    inPart: (note, part) => {
      const spot = spotOf(note);
      const [start, end] = spot ? [text.locate(spot.start), text.locate(spot.end)] : [];
      return start?.part === part && end?.part === part ? { note, state: spot.state, start: start.place, end: end.place } : null;
    },
    add: async (kind, target, values) => {
      const id = makeId();
      const note = await sync.change(async (db) => {
        const about = { id, work: settings.work, kind, target, madeAt: db.stamps.now };
        const made = madeNote(about, { deleted: false, ...values }, db.stamps.next);
        await db.keepNote(made);
        return made;
      });
      await keep(note);
      return id;
    },
    change,
    remove: (id) => change(id, { deleted: true }),
    restore: (id) => change(id, { deleted: false }),
  };
};
