/* The books on this device: a cache for each person, work and edition, and pointers to those that are whole. */

const KEPT = "octavo-kept";
const BOOKS = "octavo-book-";
const FLAG = "reader-kept"; // in localStorage, so that other pages need not look into caches

export const WHO = "/read/who.json";
export const isPossible = () => "serviceWorker" in navigator && "caches" in globalThis && "locks" in navigator && "DecompressionStream" in globalThis;

const keyOf = ({ person, work }) => `/read/kept/${person}/${work}`;
export const cacheNameOf = ({ person, work, edition }) => `${BOOKS}${person}-${work}-${edition}-${Date.now()}`;

const flag = (isSet) => {
  try {
    if (isSet) localStorage.setItem(FLAG, "1");
    else localStorage.removeItem(FLAG);
  } catch { /* then the shop's other pages do not know */ }
};

/* Ask the worker; false without one, or if it did not do it. */
export const askWorker = (worker, message) =>
  new Promise((done) => {
    if (!worker) return done(false);
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }) => done(data);
    worker.postMessage(message, [port2]);
  });
const tellWorker = () => askWorker(navigator.serviceWorker?.controller, { act: "changed" });

export const allBooks = async () => {
  const cache = await caches.open(KEPT);
  const keys = (await cache.keys()).filter(({ url }) => !url.endsWith(WHO));
  return Promise.all(keys.map(async (key) => (await cache.match(key)).json()));
};
export const booksOf = async (people) => (await allBooks()).filter(({ person }) => people.includes(person));
export const bookOf = async ({ person, work }) => (await allBooks()).find((one) => one.person === person && one.work === work);

/* Who is logged in here; without a line, who was. The worker answers that, if there is one. */
export const whoIsHere = async () => {
  try {
    const { people } = await (await fetch(WHO, { cache: "no-store" })).json();
    return people;
  } catch {
    return (await (await (await caches.open(KEPT)).match(WHO))?.json())?.people ?? [];
  }
};

/* Turn the pointer to a book that is whole. */
export const point = async (book) => {
  const cache = await caches.open(KEPT);
  await cache.put(keyOf(book), Response.json(book));
  if (!(await cache.match(WHO))) await cache.put(WHO, Response.json({ people: [book.person] }));
  flag(true);
  await tellWorker();
  await sweep();
};

/* Take books away. The pointer goes first, so that nothing half is ever opened. */
export const forget = async (books) => {
  const cache = await caches.open(KEPT);
  for (const book of books) await cache.delete(keyOf(book));
  flag((await allBooks()).length > 0);
  await tellWorker();
  for (const { cache: name } of books) await caches.delete(name);
};

/* What people leave behind when they log out. */
export const forgetPeople = async (people) => {
  await forget(await booksOf(people));
  await (await caches.open(KEPT)).delete(WHO);
  const theirs = (name) => people.some((person) => name.startsWith(`${BOOKS}${person}-`));
  for (const name of (await caches.keys()).filter(theirs)) await caches.delete(name);
};

/* Caches that no pointer leads to: of earlier editions, and of what was broken off. Those in use are held by a lock. */
export const sweep = async () => {
  const current = new Set((await allBooks()).map(({ cache }) => cache));
  const left = (await caches.keys()).filter((name) => name.startsWith(BOOKS) && !current.has(name));
  for (const name of left)
    await navigator.locks.request(name, { ifAvailable: true }, (lock) => lock && caches.delete(name));
};

/* Hold a book's cache as long as this page lives. */
export const hold = (name) => navigator.locks.request(name, { mode: "shared" }, () => new Promise(() => {}));

export const sizeText = (bytes) => {
  const language = document.documentElement.lang || undefined;
  const megabytes = bytes / 1_000_000;
  const unit = megabytes < 0.1 ? ["kilobyte", bytes / 1000] : ["megabyte", megabytes];
  const digits = unit[1] < 10 ? 1 : 0;
  return new Intl.NumberFormat(language, { style: "unit", unit: unit[0], unitDisplay: "short", maximumFractionDigits: digits }).format(unit[1]);
};
