/* The note that the page's address names: #note-<id> opens the book there, #place-<id> asks where the note belongs. */

const ADDRESS = /^#(note|place)-([0-9a-f-]{36})$/;

const follow = ({ reader, notes, placeByHand }, action, note) => {
  const spot = notes.spotOf(note);
  if (action === "place" || !spot) return placeByHand(note.id);
  const [block, offset] = spot.start;
  return reader.jump(reader.bookText.targetOf({ block, offset }));
};

/* Another device's note, or its place in this edition, may only come with the first answer of the server. */
export const followAddress = (context) => {
  const [, action, id] = ADDRESS.exec(location.hash) ?? [];
  const { reader, notes, sync } = context;
  let isWaiting = Boolean(id);
  const go = (isLast) => {
    const note = isWaiting && notes.get(id);
    if (!note || note.isDeleted || (action === "note" && !notes.spotOf(note) && !isLast)) return;
    isWaiting = false;
    follow(context, action, note);
  };
  const start = () => {
    go(false);
    sync.on("answered", () => notes.load().then(() => go(true)));
  };
  if (isWaiting) reader.on("open", start);
};
