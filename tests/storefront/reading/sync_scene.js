/* Devices and a server for tests of the reader's sync: the browser's modules, and the contract of docs/reading.md in
   memory. Clocks, lost answers and repeated messages come from a seeded generator. */

import { applyAnswer, dueMessage, keepNote, stampsOf } from "$/exchange.js";
import { madeNote, shown, withChanges } from "$/merge.js";
import { inMemory } from "$/store.js";

export const chanceOf = (seed) => () => {
  seed = (seed + 0x6d2b79f5) | 0;
  let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
};

export const makeServer = (clock) => {
  const notes = new Map();
  let cursor = 0;
  const corrected = (stamp, shift, now, device) => {
    const mine = stamp.slice(19) === device;
    const ms = Math.min(Number(stamp.slice(0, 13)) - (mine ? shift : 0), now + 60000);
    return String(ms).padStart(13, "0") + stamp.slice(13);
  };
  /* Bodies that others wrote on the same base stay beside each other: `heads` are those that nothing was based on. */
  const putBody = (note, [text, stamp, ...bases]) => {
    if (note.known.has(stamp)) return;
    note.known.add(stamp);
    note.heads = note.heads.filter((head) => !bases.includes(head[1]) && !(head[1].slice(19) === stamp.slice(19) && head[1] < stamp));
    note.heads.push([text, stamp]);
    note.heads.sort((one, other) => (one[1] < other[1] ? 1 : -1));
  };
  const told = ({ known: _, heads, cursor: __, ...note }) => ({
    ...note,
    fields: { ...note.fields, ...(heads[0] ? { body: heads[0] } : {}), other_body: heads[1] && heads[1][0] && heads[1][0] !== heads[0][0] ? heads[1] : ["", ""] },
  });
  const server = {
    notes,
    post: (message) => {
      const now = clock();
      const ahead = message.now - now;
      const shift = ahead > 60000 ? Math.round(ahead / 60000) * 60000 : 0;
      const errors = [];
      message.changes.forEach((change, index) => {
        if (change.type !== "note") return;
        const note = notes.get(change.id) ?? { ...change, fields: {}, heads: [], known: new Set() };
        if (!note.target) return errors.push({ index, error: "unknown" });
        const fix = (stamp) => (stamp ? corrected(stamp, shift, now, message.device.id) : stamp);
        for (const [name, [value, ...stamps]] of Object.entries(change.fields)) {
          const [stamp, ...bases] = stamps.map(fix);
          if (name === "body") putBody(note, [value, stamp, ...bases]);
          else if (stamp > (note.fields[name]?.[1] ?? "")) note.fields[name] = [value, stamp];
        }
        notes.set(change.id, { ...note, cursor: (cursor += 1) });
      });
      const full = message.cursor === 0;
      const changes = [...notes.values()].filter((note) => note.cursor > message.cursor && !(full && note.fields.deleted?.[0])).map(told);
      return JSON.parse(JSON.stringify({ cursor, now, full, more: false, changes, anchors: {}, places: {}, rights: {}, errors }));
    },
  };
  return server;
};

export const makeDevice = (id, server, wall) => {
  const store = inMemory();
  const device = { id, name: id };
  const change = (act) =>
    store.transact(async (db) => {
      const stamps = await stampsOf(db, id, wall());
      await act(db, stamps);
      await stamps.done();
    });
  const due = (maxBytes = 200000) =>
    store.transact((db) => dueMessage(db, { person: "p", device, books: {}, wallNow: wall(), maxBytes }));
  const apply = (message, answer) => store.transact((db) => applyAnswer(db, message, answer, wall()));
  const about = (noteId, now) => ({ id: noteId, work: "w", kind: "highlight", target: { edition: "e", start: [0, 0], end: [0, 1] }, madeAt: now });
  return {
    store,
    due,
    apply,
    make: (noteId, values) => change((db, stamps) => keepNote(db, madeNote(about(noteId, stamps.now), values, stamps.next))),
    edit: (noteId, values, options) =>
      change(async (db, stamps) => keepNote(db, withChanges(await db.get("notes", noteId), values, stamps.next, options))),
    /* Exchange. The answer may be lost on the way, and the message may arrive twice. */
    sync: async ({ isLost = false, isTwice = false } = {}) => {
      const { message } = await due();
      if (isTwice) server.post(message);
      const answer = server.post(message);
      if (!isLost) await apply(message, answer);
    },
    notes: async () => {
      const all = await store.transact((db) => db.all("notes"));
      return all.map(shown).filter(({ isDeleted }) => !isDeleted).sort((one, other) => (one.id < other.id ? -1 : 1));
    },
  };
};
