/* Places: where this device was last in the book, how far its person has read by turning pages, and the question where to
   go when another device, or another tab, was in the book later. */

import { keepLeft, takeLeft } from "./left-place.js";
import { inStore } from "./store.js";

const DELAY_MS = 700;
const PATIENCE_MS = 500; // with a book on this device, which may have no line
const FAR_CHARACTERS = 1500; // more than a page apart
const TURNS_AFTER_JUMP = 3; // from then on a reader who jumped ahead is reading there

const isAfter = (one, other) => !other || one[0] > other[0] || (one[0] === other[0] && one[1] > other[1]);

/* How far one has read: the end of the pages that were turned, not the largest number ever seen. */
export const makeFurthest = (known) => {
  let furthest = known;
  let turnsSinceJump = TURNS_AFTER_JUMP;
  return {
    value: () => furthest,
    /* `start` and `share` are those of the page that a turn has brought: what is before it is read. */
    turned: (start, share) => {
      if (!isAfter(start, furthest)) turnsSinceJump = TURNS_AFTER_JUMP; // back in what was read
      else turnsSinceJump += 1;
      if (turnsSinceJump >= TURNS_AFTER_JUMP && isAfter(start, furthest)) furthest = [...start, share];
    },
    jumped: () => (turnsSinceJump = 0),
  };
};

const distance = (text, one, other) =>
  (Math.abs(text.nearShare(one) - text.nearShare(other)) * text.total) / 10_000;

/* `ask(place, {go, stay})` asks the reader; `show(place)` goes there; `isFar` tells two places apart. */
export const makePlaces = ({ settings, sync, text, ask, show, isFar = (one, other) => distance(text, one, other) > FAR_CHARACTERS }) => {
  const { work, edition } = settings;
  let now = null; // where the reader is
  let kept = null; // as it is in the store
  let seenAt = 0; // until when this tab knows what others wrote
  let furthest = makeFurthest(null);
  let isFirst = false; // there was no place yet: opening the book is news
  let isHeld = false; // others may have read on: nothing is written until that is settled
  let isAsking = false; // the reader has not said yet where to go on
  let isLeft = false; // the page is gone, and begins nothing
  let timer = 0;

  const put = () =>
    sync.change(async (db) => {
      const row = (await db.get("places", work)) ?? { work };
      kept = { ...now, edition, at: db.stamps.now };
      seenAt = kept.at;
      await db.put("places", { ...row, place: kept, furthest: furthest.value(), waits: !sync.isLocal });
    }, { mayBeLost: true }); // a page that is left sends it
  const isKept = () => !now || (kept && now.block === kept.block && now.offset === kept.offset && now.page === kept.page);
  const save = () => {
    clearTimeout(timer);
    if (!isLeft && !isHeld && !isKept()) put().catch((error) => console.error(error));
  };

  const consider = (last) => {
    if (!last || last.at <= seenAt || !now) return;
    seenAt = last.at;
    if (!isFar(last, now)) return;
    isHeld = true;
    isAsking = true;
    const settle = (act) => () => {
      isHeld = false;
      isAsking = false;
      act();
    };
    ask(last, {
      isThisDevice: last.device === sync.device.id,
      go: settle(() => show(last)),
      stay: settle(() => {
        kept = null; // where one stays is the latest place
        save();
      }),
    });
  };

  /* Before a tab that comes to the front writes, it looks what others did. */
  const look = async () => {
    if (sync.isLocal || isHeld) return;
    isHeld = true;
    await sync.now();
    isHeld = false;
    consider((await readRow())?.server?.last);
    save(); // where the reader went meanwhile
  };
  const readRow = () => sync.read((db) => db.get("places", work));
  /* Where somebody was in the sample of the same edition before the book was theirs; null otherwise. */
  const placeInSample = async () => {
    const row = settings.person ? await inStore("", (db) => db.get("places", work)) : null;
    return row?.place.edition === edition ? row.place : null;
  };
  sync.on("changed", async () => {
    const row = await readRow();
    if (row?.place) consider({ ...row.place, device: sync.device.id });
  });
  /* The last place of any device: the page says it, but not that of a book which is kept here. */
  const placeOfOthers = async () => {
    if (settings.last !== undefined) return settings.last;
    await Promise.race([sync.now(), new Promise((done) => setTimeout(done, PATIENCE_MS))]);
    return (await readRow())?.server?.last ?? null;
  };
  document.addEventListener("visibilitychange", () => (document.visibilityState === "hidden" ? save() : look()));
  addEventListener("pagehide", () => {
    isLeft = true;
    if (isAsking || !now) return sync.leave(null);
    const isStored = isKept();
    if (isStored && !kept.at) return sync.leave(null); // where the book was opened
    const at = isStored ? kept.at : Date.now();
    const place = { type: "place", work, ...now, edition, at, ...(furthest.value() ? { furthest: furthest.value() } : {}) };
    keepLeft(settings, place);
    sync.leave(place); // also one that is in the store: whether it has been sent is not known at once
  });
  addEventListener("pageshow", ({ persisted }) => {
    isLeft = false;
    if (persisted && kept?.at) kept = null; // it may have been lost
    if (persisted) save();
  });
  const adoptLeft = async () => {
    const left = takeLeft(settings);
    if (!left) return;
    const { type: _, work: __, furthest: read, ...place } = left;
    await sync.change(async (db) => {
      const row = (await db.get("places", work)) ?? { work };
      if (row.place?.at > place.at) return;
      await db.put("places", { ...row, place, furthest: read ?? row.furthest, waits: !sync.isLocal });
    });
  };

  return {
    /* Where to open the book; null at its beginning. A device that has no place of its own takes that of another one. */
    recall: async () => {
      await adoptLeft();
      const row = await readRow();
      furthest = makeFurthest(row?.furthest ?? null);
      const own = row?.place?.edition === edition ? row.place : null;
      const place = own ?? (await placeOfOthers()) ?? (row?.place ? { ...row.place, block: null } : await placeInSample());
      seenAt = place?.at ?? 0;
      isFirst = !place;
      return place;
    },
    /* The book is open: ask if another device was in it later. */
    opened: look,
    /* The reader is at a place: {block, offset, page, share_bps}. While the book opens, that is no news. */
    remember: (place, { isTurn = false, isOpening = false } = {}) => {
      if (isOpening) kept = isFirst ? null : place;
      else if (!isTurn) furthest.jumped();
      else if (place.block !== null) furthest.turned([place.block, place.offset], place.share_bps);
      now = place;
      clearTimeout(timer);
      timer = setTimeout(save, DELAY_MS);
    },
  };
};
