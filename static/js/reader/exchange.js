/* One exchange with the server, without the network: the message that is due, and what its answer changes in the store
   (docs/reading.md, "Sync"). */

import { higher, nextStamp, shiftOf } from "./clock.js";
import { afterExchange, changeOf, isWaiting, restamped } from "./merge.js";

const CLOCK_CHANGED_MS = 60_000;
const size = (value) => new TextEncoder().encode(JSON.stringify(value)).length;

const valueOf = async (db, name, otherwise) => (await db.get("meta", name))?.value ?? otherwise;
const setValue = (db, name, value) => db.put("meta", { name, value });

export const keepNote = (db, note) => {
  const { waits: _, ...rest } = note;
  return db.put("notes", isWaiting(rest) ? { ...rest, waits: 1 } : rest);
};

/* A maker of stamps within a transaction; `done` keeps the last one. */
export const stampsOf = async (db, device, wallNow) => {
  let last = await valueOf(db, "stamp", "");
  const now = wallNow + (await valueOf(db, "shift", 0));
  return {
    now,
    next: () => (last = nextStamp(last, now, device)),
    done: () => setValue(db, "stamp", last),
  };
};

const placeChange = ({ work, place, furthest }) => ({ type: "place", work, ...place, ...(furthest ? { furthest } : {}) });
const settingChange = ({ name, pending: [value, stamp] }) => ({ type: "setting", name, value, stamp });

const dueChanges = async (db) => [
  ...(await db.all("places")).filter(({ waits }) => waits).map(placeChange),
  ...(await db.all("settings")).filter(({ pending }) => pending).map(settingChange),
  ...(await db.waitingNotes()).map(changeOf),
];

/* The message that is due: as many changes as fit into `maxBytes`. `isRest`: there are more. */
export const dueMessage = async (db, { person, device, books, wallNow, maxBytes }) => {
  const message = {
    person,
    device,
    cursor: await valueOf(db, "cursor", 0),
    now: wallNow + (await valueOf(db, "shift", 0)),
    books,
    changes: [],
  };
  let left = maxBytes - size(message);
  const due = await dueChanges(db);
  for (const change of due) {
    left -= size(change) + 1;
    if (left < 0) break;
    message.changes.push(change);
  }
  return { message, isRest: message.changes.length < due.length };
};

export const countWaiting = async (db) => (await db.waitingNotes()).length;

// ---------------------------------------------------------------- the answer

const applyNotes = async (db, { changes: sent }, { changes, errors, anchors }) => {
  const errorAt = new Map(errors.map(({ index, error }) => [index, error]));
  const told = new Map();
  const about = (id) => told.get(id) ?? told.set(id, {}).get(id);
  sent.forEach((change, index) => {
    if (change.type === "note") Object.assign(about(change.id), { sent: change.fields, error: errorAt.get(index) });
  });
  for (const change of changes) if (change.type === "note") about(change.id).received = change;
  for (const [id, news] of told) {
    const note = await db.get("notes", id);
    if (note || news.received) await keepNote(db, afterExchange(note, news));
  }
  for (const [id, anchor] of Object.entries(anchors)) {
    const note = await db.get("notes", id);
    if (note) await keepNote(db, { ...note, anchor });
  }
};

/* A full answer names all notes: one that is neither in it nor waiting is gone. It may come in several parts. */
const applyFull = async (db, answer) => {
  const isFull = answer.full || (await valueOf(db, "full", false));
  if (!isFull) return;
  const received = new Set(answer.changes.map(({ id }) => id));
  if (answer.full)
    for (const note of await db.all("notes"))
      if (!received.has(note.id) && !isWaiting(note) && !note.refused) await keepNote(db, { ...note, isStale: true });
  if (!answer.more)
    for (const note of await db.all("notes")) if (note.isStale && !isWaiting(note)) await db.remove("notes", note.id);
  await setValue(db, "full", answer.more);
};

const applySettings = async (db, { changes: sent }, { changes }) => {
  const stampSent = new Map(sent.filter(({ type }) => type === "setting").map(({ name, stamp }) => [name, stamp]));
  const news = new Map(changes.filter(({ type }) => type === "setting").map((change) => [change.name, change]));
  for (const name of new Set([...stampSent.keys(), ...news.keys()])) {
    const known = (await db.get("settings", name)) ?? { name };
    const isSent = known.pending && known.pending[1] === stampSent.get(name);
    const value = news.has(name) ? news.get(name).value : isSent ? known.pending[0] : known.value;
    await db.put("settings", { name, value, ...(known.pending && !isSent ? { pending: known.pending } : {}) });
  }
};

const applyPlaces = async (db, { changes: sent }, { places }) => {
  for (const change of sent.filter(({ type }) => type === "place")) {
    const row = await db.get("places", change.work);
    if (row?.place.at === change.at) await db.put("places", { ...row, waits: false });
  }
  for (const [work, { last, furthest }] of Object.entries(places))
    await db.put("places", { ...(await db.get("places", work)), work, server: { last, furthest } });
};

const stampsIn = (change) =>
  change.type === "note" ? Object.values(change.fields).map(([, stamp]) => stamp ?? "") : [change.stamp ?? ""];

/* A clock that was wrong is corrected by the server's, and what waits is stamped anew. */
const applyClock = async (db, device, answer, wallNow) => {
  const received = answer.changes.flatMap(stampsIn).reduce(higher, await valueOf(db, "received", ""));
  await setValue(db, "received", received);
  const shift = shiftOf(answer.now, wallNow);
  if (Math.abs(shift - (await valueOf(db, "shift", 0))) <= CLOCK_CHANGED_MS) {
    await setValue(db, "stamp", higher(received, await valueOf(db, "stamp", "")));
    return;
  }
  await setValue(db, "shift", shift);
  await setValue(db, "stamp", received);
  const stamps = await stampsOf(db, device, wallNow);
  for (const note of await db.waitingNotes()) await keepNote(db, restamped(note, stamps.next));
  for (const row of await db.all("settings"))
    if (row.pending) await db.put("settings", { ...row, pending: [row.pending[0], stamps.next()] });
  await stamps.done();
};

/* Put an answer into the store. False if the store has gone on since the message was made (another tab's answer came
   first): then it must be asked for again. */
export const applyAnswer = async (db, message, answer, wallNow) => {
  if ((await valueOf(db, "cursor", 0)) !== message.cursor) return false;
  await applyNotes(db, message, answer);
  await applyFull(db, answer);
  await applySettings(db, message, answer);
  await applyPlaces(db, message, answer);
  await applyClock(db, message.device.id, answer, wallNow);
  await setValue(db, "cursor", answer.cursor);
  return true;
};
