/* How fast somebody reads: the median of the last turns, in characters a minute. Kept on the device, by language.

   A turn counts if the page was looked at for 3 seconds to 3 minutes: shorter is leafing, longer is a cup of tea. */

const KEY = "reader-pace";
const MIN_MS = 3000;
const MAX_MS = 180_000;
const TURNS = 20;
const ENOUGH_TURNS = 5;
const MINUTE_MS = 60_000;

const median = (values) => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
};

const readAll = (storage) => {
  try {
    return JSON.parse(storage.getItem(KEY)) ?? {};
  } catch {
    return {};
  }
};

export const makePace = (language, storage) => {
  const name = language.split("-")[0].toLowerCase() || "und";
  const kept = readAll(storage)[name];
  let turns = Array.isArray(kept) ? kept.filter((one) => one > 0).slice(-TURNS) : [];
  let since = null; // {at, character} where the page began that is being read

  const keep = () => {
    try {
      storage.setItem(KEY, JSON.stringify({ ...readAll(storage), [name]: turns }));
    } catch {
      /* not stored, so it is only known on this page */
    }
  };

  return {
    /* A page was turned to, which begins with this character of the book. */
    turned: (character, at) => {
      const [time, read] = since ? [at - since.at, character - since.character] : [0, 0];
      since = { at, character };
      if (time < MIN_MS || time > MAX_MS || read <= 0) return;
      turns = [...turns, Math.round((read * MINUTE_MS) / time)].slice(-TURNS);
      keep();
    },
    /* After a jump, or while nobody looks, no time is measured. */
    reset: (character = null, at = 0) => (since = character === null ? null : { at, character }),
    /* Minutes for that many characters; null while too few turns are known. */
    minutes: (characters) => (turns.length < ENOUGH_TURNS ? null : characters / median(turns)),
  };
};
