/* Stamps of a hybrid logical clock: `<milliseconds>-<counter>-<device>`, compared as strings (docs/reading.md). */

const MAX_AHEAD_MS = 60_000; // as the server allows
const MAX_COUNTER = 0xffff;

const stampOf = (milliseconds, counter, device) =>
  `${String(milliseconds).padStart(13, "0")}-${counter.toString(16).padStart(4, "0")}-${device}`;

/* The next stamp of a device: higher than `last`, the highest that it has made or received. */
export const nextStamp = (last, now, device) => {
  const [lastMs, counter] = [Number(last.slice(0, 13)), parseInt(last.slice(14, 18), 16)];
  if (!last || now > lastMs) return stampOf(now, 0, device);
  return counter < MAX_COUNTER ? stampOf(lastMs, counter + 1, device) : stampOf(lastMs + 1, 0, device);
};

export const higher = (one, other) => (one > other ? one : other);

/* By how much a device corrects its clock, given the server's time and its own when the answer came. */
export const shiftOf = (serverNow, wallNow) => (wallNow - serverNow > MAX_AHEAD_MS ? serverNow - wallNow : 0);
