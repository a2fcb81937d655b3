/* What a device knows of a note, as pure functions.

   A stored note is {id, work, kind, target, made_at, fields, pending, anchor}. `fields` are the registers as the server sent
   them last, `pending` are changes of this device that wait; a pending field covers the server's until it is sent. The
   server merges, so every device comes to the same note. Each field is [value, stamp], and a pending body also names the
   stamps of the bodies it was based on. */

const EMPTY = { colour: "yellow", body: "", other_body: "", deleted: false, placed: null };

const valueOf = (note, name) => (note.pending[name] ?? note.fields[name] ?? [EMPTY[name]])[0];

/* The note as it is shown. */
export const shown = (note) => ({
  id: note.id,
  work: note.work,
  kind: note.kind,
  target: note.target,
  madeAt: note.made_at,
  anchor: note.anchor ?? null,
  refused: note.refused ?? "",
  colour: valueOf(note, "colour"),
  body: valueOf(note, "body"),
  otherBody: (note.pending.body?.length ?? 0) > 3 ? "" : valueOf(note, "other_body"),
  isDeleted: valueOf(note, "deleted"),
  placed: valueOf(note, "placed"),
});

export const isWaiting = (note) => Object.keys(note.pending).length > 0 && !note.refused;

const basesOf = (note, isSettled) => {
  const waiting = note.pending.body;
  const known = note.fields.body?.[1] ?? "";
  const other = note.fields.other_body;
  const bases = waiting ? waiting.slice(2) : [known];
  return isSettled && other?.[0] && bases.length === 1 ? [...bases, other[1]] : bases;
};

/* The note with changed fields. `makeStamp` gives a new stamp; `isSettled`: the body takes the other version's place, too. */
export const withChanges = (note, values, makeStamp, { isSettled = false } = {}) => {
  const pending = { ...note.pending };
  for (const [name, value] of Object.entries(values))
    pending[name] = name === "body" ? [value, makeStamp(), ...basesOf(note, isSettled)] : [value, makeStamp()];
  return { ...note, pending };
};

/* A note that this device makes. */
export const madeNote = ({ id, work, kind, target, madeAt }, values, makeStamp) =>
  withChanges({ id, work, kind, target, made_at: madeAt, fields: {}, pending: {}, anchor: null, isNew: true }, values, makeStamp);

/* The change to send. Of a note that the server knows, it needs only the fields. */
export const changeOf = ({ id, work, kind, target, made_at, pending, isNew }) => ({
  type: "note",
  id,
  work,
  ...(isNew ? { kind, target, made_at } : {}),
  fields: pending,
});

/* The stamp under which the server has a body that this device sent; it may have corrected the stamp. */
const stampOfSent = (fields, [text, stamp]) =>
  [fields.body, fields.other_body].find((one) => one?.[1] && one[0] === text)?.[1] ?? stamp;

/* The fields that still wait after `sent` has arrived, given what the server then had. */
const stillWaiting = (pending, sent, fields) => {
  const left = {};
  for (const [name, value] of Object.entries(pending)) {
    const was = sent?.[name];
    if (was && was[1] === value[1]) continue;
    // Written again meanwhile: it is based on what has arrived.
    left[name] = name === "body" && was ? [value[0], value[1], stampOfSent(fields, was)] : value;
  }
  return left;
};

/* What was sent is the server's until it says otherwise. */
const withSent = (fields, sent) => {
  const known = { ...fields };
  for (const [name, [value, stamp]] of Object.entries(sent ?? {})) known[name] = [value, stamp];
  return known;
};

/* The note after an exchange: `sent` are the fields that went up with it, `received` is the server's note, if it came. */
export const afterExchange = (note, { sent = null, received = null, error = "" } = {}) => {
  const { id, work, kind, target, made_at } = received ?? note;
  const same = { id, work, kind, target, made_at, anchor: note?.anchor ?? null };
  if (error && !received) return { ...note, refused: error };
  const fields = received?.fields ?? withSent(note.fields, sent);
  const after = { ...same, fields, pending: stillWaiting(note?.pending ?? {}, sent, fields) };
  return note?.isNew && !received && !sent ? { ...after, isNew: true } : after;
};

/* The same pending fields with new stamps: the device's clock was wrong. */
export const restamped = (note, makeStamp) => ({
  ...note,
  pending: Object.fromEntries(
    Object.entries(note.pending).map(([name, [value, , ...bases]]) => [name, [value, makeStamp(), ...bases]]),
  ),
});

const isEmpty = ({ start, end }) => start[0] === end[0] && start[1] === end[1];

/* Where the note is in an edition: {state, start, end}, or null if that is not known yet. An imported note whose words
   were not found has an empty target. */
export const spotIn = ({ kind, placed, anchor, target }, edition) => {
  if (placed?.edition === edition) return { state: "placed", start: placed.start, end: placed.end };
  const isThere = !placed && target.edition === edition && (kind === "bookmark" || !isEmpty(target));
  if (isThere) return { state: "exact", start: target.start, end: target.end };
  return anchor?.edition === edition && anchor.state !== "unplaced" ? anchor : null;
};
