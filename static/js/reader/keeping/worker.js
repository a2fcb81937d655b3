/* The service worker of the reader (docs/reading.md, "Offline"). The server writes FILES and RELEASE above this line.

   It answers only with what a cache holds: the files of its release, and the books that somebody keeps here, for the one
   to whom they belong. Everything else goes to the network as if there were no worker. A new release waits until no book
   is open, which is what browsers do by themselves, or until its page asks for it. */

const KEPT = "octavo-kept"; // who was here last, and a pointer to each kept book
const BOOKS = "octavo-book-"; // then the person, the work and the edition
const RELEASES = "octavo-release-";
const HOME = "/read/";
const WHO = `${HOME}who.json`;
const PATIENCE_MS = 2000; // for the server, to say who is here
const PAGES = ["", "shell.html", "shell-pages.html"];
const PAGE = /^(\/read\/(?:[a-z]{2}-[A-Z]{2}\/)?)(?:([-\w]+)\/)?$/;
const BOOK_FILE = /^\/read\/(?:[a-z]{2}-[A-Z]{2}\/)?([-\w]+)\/(?:book\.json|files\/[-\w]+\/.+)$/;

const files = new Set(FILES);
let books = null; // the pointers, once read

const openRelease = () => caches.open(RELEASES + RELEASE);
const openKept = () => caches.open(KEPT);
const jsonOf = async (cache, key) => (await cache.match(key))?.json();

const readBooks = async () => {
  const cache = await openKept();
  const keys = (await cache.keys()).filter(({ url }) => !url.endsWith(WHO));
  return (books = (await Promise.all(keys.map((key) => jsonOf(cache, key)))).filter(Boolean));
};
const isKept = (slug) => books === null || books.some((book) => book.slug === slug);

const peopleBefore = async () => (await jsonOf(await openKept(), WHO))?.people ?? [];
/* Whose books may be opened: of those who are here by the server's word, or without a line, by its last. A session that
   ran out is no sign-out: the books stay. */
const people = async () => {
  try {
    const answer = await fetch(WHO, { cache: "no-store", signal: AbortSignal.timeout(PATIENCE_MS) });
    const found = answer.ok ? await answer.json() : { people: [] };
    if (found.people.length) await (await openKept()).put(WHO, Response.json(found));
  } catch { /* no line */ }
  return peopleBefore();
};

const fromRelease = async (request, key) => (await (await openRelease()).match(key)) ?? fetch(request);
const shelf = async (request, base) => {
  const cache = await openRelease();
  return (await cache.match(base)) ?? fetch(request).catch(() => cache.match(HOME));
};
const page = async (request, base, slug) => {
  const known = await people();
  const book = (await readBooks()).find((one) => one.slug === slug && known.includes(one.person));
  if (!book) return fetch(request);
  const cache = await openRelease();
  const name = book.isPages ? "shell-pages.html" : "shell.html";
  return (await cache.match(base + name)) ?? (await cache.match(HOME + name)) ?? fetch(request);
};
const bookFile = async (request) => {
  const known = await peopleBefore();
  const names = (await caches.keys()).filter((name) => known.some((person) => name.startsWith(`${BOOKS}${person}-`)));
  const current = (await readBooks()).map(({ cache }) => cache);
  names.sort((one, other) => current.includes(other) - current.includes(one));
  for (const name of names) {
    const found = await (await caches.open(name)).match(request, { ignoreSearch: true });
    if (found) return found;
  }
  return fetch(request);
};

const answerOf = (request) => {
  const { origin, pathname, search } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return null;
  if (files.has(pathname)) return fromRelease(request, pathname);
  if (pathname === WHO) return people().then((found) => Response.json({ people: found }));
  const [, base, slug] = (request.mode === "navigate" && PAGE.exec(pathname)) || [];
  if (base) return slug === undefined ? shelf(request, base) : isKept(slug) ? page(request, base, slug) : null;
  const [, of] = BOOK_FILE.exec(pathname) ?? [];
  return of && search !== "?now" && isKept(of) ? bookFile(request) : null;
};

const install = async () => {
  const bases = new Set([HOME, ...(await readBooks()).map(({ base }) => base)]);
  const addresses = [...FILES, ...[...bases].flatMap((base) => PAGES.map((name) => base + name))];
  await (await openRelease()).addAll(addresses.map((address) => new Request(address, { cache: "no-cache" })));
};
const activate = async () => {
  const old = (await caches.keys()).filter((name) => name.startsWith(RELEASES) && name !== RELEASES + RELEASE);
  await Promise.all(old.map((name) => caches.delete(name)));
  await clients.claim();
};
/* On "New version". Another open page of the reader would lose the files it has not loaded yet. */
const takeOver = async () => {
  const open = await clients.matchAll({ includeUncontrolled: true, type: "window" });
  if (open.filter(({ url }) => new URL(url).pathname.startsWith(HOME)).length > 1) return false;
  skipWaiting(); // comes true only once no old worker is busy
  return true;
};
/* The pages of a region, before a book is kept under it. */
const addBase = async (base) => {
  const cache = await openRelease();
  if (!(await cache.match(`${base}shell.html`))) await cache.addAll(PAGES.map((name) => base + name));
  return true;
};
const ACTS = { "take-over": takeOver, "add-base": ({ base }) => addBase(base), changed: async () => Boolean(await readBooks()) };

addEventListener("install", (event) => event.waitUntil(install()));
addEventListener("activate", (event) => event.waitUntil(activate()));
addEventListener("fetch", (event) => {
  const answer = answerOf(event.request);
  if (answer) event.respondWith(answer);
});
addEventListener("message", ({ data, ports: [port] }) => ACTS[data.act]?.(data).then((done) => port.postMessage(done), () => port.postMessage(false)));
