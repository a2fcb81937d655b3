/* Puts a book on this device: one request for its archive, which is unpacked into a cache of its own. The pointer turns
   to that cache when it is whole; until then, and when anything fails, all is as before. */

import { cacheNameOf, askWorker, bookOf, point } from "./kept.js";
import { filesIn } from "./unzip.js";

const WANTED = /^(chapters|assets|pages)\/|^(style\.css|pages\.json)$/;
const TYPES = {
  css: "text/css", gif: "image/gif", jpeg: "image/jpeg", jpg: "image/jpeg", json: "application/json", png: "image/png",
  svg: "image/svg+xml", webp: "image/webp", xhtml: "application/xhtml+xml",
};

const fetched = async (address, signal) => {
  const answer = await fetch(address, { credentials: "same-origin", signal });
  if (!answer.ok) throw Object.assign(new Error(`${address}: ${answer.status}`), { status: answer.status });
  return answer;
};

const download = async (address, tell, signal) => {
  const answer = await fetched(address, signal);
  const whole = Number(answer.headers.get("Content-Length")) || 0;
  const parts = [];
  let length = 0;
  for (const reader = answer.body.getReader(); ; ) {
    const { done, value } = await reader.read();
    if (done) break;
    parts.push(value);
    length += value.length;
    if (whole) tell(length / whole / 2);
  }
  return new Blob(parts).arrayBuffer();
};

/* The worker of this release, with the pages of this region: before it is there, nothing can be opened. */
const readyWorker = async ({ worker, shelf }) => {
  await navigator.serviceWorker.register(worker, { scope: "/read/" });
  const { active } = await navigator.serviceWorker.ready;
  if (!(await askWorker(active, { act: "add-base", base: shelf }))) throw new Error("the reader did not load");
};

const noRoom = (bytes) => Object.assign(new Error("no room"), { name: "QuotaExceededError", bytes });
const checkRoom = async (bytes) => {
  const { quota = Infinity, usage = 0 } = (await navigator.storage?.estimate?.()) ?? {};
  if (quota - usage < bytes) throw noRoom(bytes);
};

const fill = async (cache, settings, { tell, signal }) => {
  const { files, keep } = settings;
  const found = filesIn(await download(keep.archive, tell, signal)).filter(({ name }) => WANTED.test(name));
  for (const [index, { name, blob }] of found.entries()) {
    signal.throwIfAborted();
    const type = TYPES[name.split(".").at(-1).toLowerCase()] ?? "application/octet-stream";
    await cache.put(files + name, new Response(await blob(), { headers: { "Content-Type": type } }));
    tell(0.5 + (index + 1) / found.length / 2);
  }
  const made = settings.is_pages ? ["text.json"] : ["text.json", "pagination.json"];
  for (const name of made) await cache.put(files + name, await fetched(files + name, signal));
  return found.length;
};

const pointerOf = (settings, cache) => {
  const { person, work, edition, title, root, keep, language, direction, is_pages: isPages } = settings;
  return { person, work, edition, title, root, language, direction, isPages, slug: keep.slug, base: keep.shelf, bytes: keep.bytes, cache, at: Date.now() };
};

/* `tell(share)` hears how far it is, from 0 to 1. Resolves to the pointer; fails with AbortError when it was cancelled,
   with QuotaExceededError when there is no room. */
export const keepBook = async (settings, { tell, signal }) => {
  const { keep } = settings;
  navigator.storage?.persist?.().catch(() => {}); // Firefox asks; that is not awaited
  await checkRoom(keep.bytes);
  await readyWorker(keep);
  const name = cacheNameOf(settings);
  return navigator.locks.request(name, async () => {
    try {
      const cache = await caches.open(name);
      await fill(cache, settings, { tell, signal });
      const book = pointerOf(settings, name);
      await cache.put(new URL("book.json", new URL(settings.root, location.href)), Response.json({ ...settings, kept: book }));
      signal.throwIfAborted();
      await point(book);
      return book;
    } catch (error) {
      await caches.delete(name);
      throw error.name === "QuotaExceededError" ? noRoom(keep.bytes) : error;
    }
  });
};

/* The facts of the edition that the shop has now, past what is kept; null without a line, or without a right. */
export const newest = async (root) => {
  const answer = await fetch(`${root}book.json?now`, { credentials: "same-origin" }).catch(() => null);
  return answer?.ok ? answer.json() : null;
};
export const isOld = (book, facts) => Boolean(facts?.keep) && facts.person === book.person && facts.edition !== book.edition;
export { bookOf };
