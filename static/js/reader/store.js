/* What a person has on this device: notes, places, settings and what waits to be sent. One database for each person, so
   that nothing of one is shown to, or sent for, the next; people without an account have one, too.

   A browser that refuses IndexedDB (some do in private windows) keeps everything in memory until the page is left. */

import { forgetLeft } from "./left-place.js";

const VERSION = 1;
const KEYS = { notes: "id", places: "work", settings: "name", meta: "name" };

export const databaseOf = (person) => `octavo-reading-${person || "browser"}`;

const answerOf = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

const open = (name) => {
  const request = indexedDB.open(name, VERSION);
  request.onupgradeneeded = () => {
    for (const [store, keyPath] of Object.entries(KEYS)) request.result.createObjectStore(store, { keyPath });
    request.transaction.objectStore("notes").createIndex("work", "work");
    request.transaction.objectStore("notes").createIndex("waits", "waits"); // 1, or not there
  };
  return answerOf(request);
};

/* Operations within one transaction: all of them happen, or none. */
const operationsOf = (transaction) => {
  const store = (name) => transaction.objectStore(name);
  return {
    get: (name, key) => answerOf(store(name).get(key)),
    all: (name) => answerOf(store(name).getAll()),
    notesOf: (work) => answerOf(store("notes").index("work").getAll(work)),
    waitingNotes: () => answerOf(store("notes").index("waits").getAll()),
    put: (name, value) => answerOf(store(name).put(value)),
    remove: (name, key) => answerOf(store(name).delete(key)),
  };
};

/* A page that is left may be kept as it is. In WebKit a transaction that is open then stays open, and no other page comes to
   the store any more: one that may be lost is ended, and none begins. */
const inDatabase = (database) => {
  const losable = new Set();
  let isLeft = false;
  addEventListener("pagehide", ({ persisted }) => {
    isLeft = persisted;
    if (isLeft) for (const transaction of losable) transaction.abort();
  });
  addEventListener("pageshow", () => (isLeft = false));

  return {
    /* Call `act` with the operations of one transaction. `act` may wait for these only. */
    transact: async (act, { mayBeLost = true } = {}) => {
      if (isLeft) throw new Error("the page is left");
      const transaction = database.transaction(Object.keys(KEYS), "readwrite");
      if (mayBeLost) losable.add(transaction);
      const done = new Promise((resolve, reject) => {
        transaction.oncomplete = resolve;
        transaction.onabort = () => reject(transaction.error ?? new Error("aborted"));
      }).finally(() => losable.delete(transaction));
      try {
        const result = await act(operationsOf(transaction));
        await done;
        return result;
      } catch (error) {
        done.catch(() => {});
        try { transaction.abort(); } catch { /* it has ended */ }
        throw error;
      }
    },
    close: () => database.close(),
  };
};

export const inMemory = () => {
  const stores = Object.fromEntries(Object.keys(KEYS).map((name) => [name, new Map()]));
  const copy = (value) => value && structuredClone(value);
  const all = (name) => [...stores[name].values()].map(copy);
  const operations = {
    get: async (name, key) => copy(stores[name].get(key)),
    all: async (name) => all(name),
    notesOf: async (work) => all("notes").filter((note) => note.work === work),
    waitingNotes: async () => all("notes").filter((note) => note.waits),
    put: async (name, value) => stores[name].set(value[KEYS[name]], copy(value)),
    remove: async (name, key) => stores[name].delete(key),
  };
  let last = Promise.resolve();
  return {
    transact: (act) => {
      const result = last.then(() => act(operations));
      last = result.catch(() => {});
      return result;
    },
    close: () => {},
  };
};

export const openStore = async (person) => {
  try {
    const database = await open(databaseOf(person));
    database.onversionchange = () => database.close(); // it is being deleted
    return inDatabase(database);
  } catch {
    return inMemory();
  }
};

/* One transaction in the store of somebody who is not the page's reader; "" is this browser's own. */
export const inStore = async (person, act) => {
  const store = await openStore(person);
  try {
    return await store.transact(act);
  } finally {
    store.close();
  }
};

export const deleteStore = (person) => {
  forgetLeft(person);
  return answerOf(indexedDB.deleteDatabase(databaseOf(person))).catch(() => {});
};
