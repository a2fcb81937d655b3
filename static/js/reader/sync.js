/* Keeps what a person has on this device the same as on the server and in other tabs (docs/reading.md, "Sync").

   Without an address to send to (samples, books that staff inspect) everything stays in this browser. */

import { openStore } from "./store.js";

const DELAY_MS = 1500;
const RETRY_MS = 60_000;
const MAX_BYTES = 200_000;
const MAX_BYTES_LEAVING = 60_000; // browsers send at most 64 kB of a page that is left
const MAX_ROUNDS = 200;

/* Opening a book needs the store only. Once it is loaded there is no wait, as there is no time when a page is left. */
let loaded = null;
const loadExchange = async () => (loaded ??= await import("./exchange.js"));

export const makeId = () => {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
};

/* This browser. Its name is for the reader: "Firefox on Android". */
export const thisDevice = (wording) => {
  const agent = navigator.userAgent;
  const named = (pairs) => pairs.find(([sign]) => agent.includes(sign))?.[1] ?? "";
  const browser = named([["Edg", "Edge"], ["OPR", "Opera"], ["Firefox", "Firefox"], ["FxiOS", "Firefox"], ["Chrom", "Chrome"], ["CriOS", "Chrome"], ["Safari", "Safari"]]);
  const system = named([["Android", "Android"], ["iPhone", "iPhone"], ["iPad", "iPad"], ["Windows", "Windows"], ["Mac OS", "Mac"], ["CrOS", "ChromeOS"], ["Linux", "Linux"]]);
  let id = makeId();
  try {
    id = localStorage.getItem("reader-device") ?? id;
    localStorage.setItem("reader-device", id);
  } catch { /* then each page is a device */ }
  return { id, name: browser && system ? wording.replace("{browser}", browser).replace("{system}", system) : browser || system };
};

const send = (address, message, isLeaving) =>
  fetch(address, {
    method: "POST",
    body: JSON.stringify(message),
    headers: { "Content-Type": "application/json" },
    credentials: "same-origin",
    keepalive: isLeaving,
  });

/* `address` is where to send; `books` are the works open here with their edition. Tells `changed` after what came from
   elsewhere, `answered` with each answer, `gone` when the person logs out in another tab. */
export const makeSync = async ({ address, person, device, books, wall = Date.now }) => {
  const store = await openStore(person);
  const events = new EventTarget();
  const channel = new BroadcastChannel(`octavo-reading-${person || "browser"}`);
  const tell = (name, detail) => events.dispatchEvent(new CustomEvent(name, { detail }));
  let isSignedOut = false;
  let timer = 0;
  let prepared = null; // what is sent when the page is left: then there is no time to read the store
  let running = null;

  const due = async (maxBytes) => {
    const { dueMessage } = loaded ?? (await loadExchange());
    return store.transact((db) => dueMessage(db, { person, device, books, wallNow: wall(), maxBytes }));
  };
  const later = (wait) => {
    clearTimeout(timer);
    timer = setTimeout(() => sync.now(), wait);
  };

  /* Exchange once; returns whether there is more to exchange. */
  const round = async () => {
    const { message, isRest } = await due(MAX_BYTES);
    const response = await send(address, message, false);
    if (response.status === 403) isSignedOut = (await response.json().catch(() => ({}))).error === "signed_out";
    if (response.status === 429) later(1000 * Number(response.headers.get("Retry-After") || 60));
    if (!response.ok) throw Object.assign(new Error(`sync: ${response.status}`), { isAnswered: true });
    const answer = await response.json();
    const isApplied = await store.transact((db) => loaded.applyAnswer(db, message, answer, wall()));
    if (!isApplied) return true;
    if (answer.changes.length) channel.postMessage("changed");
    tell("answered", answer);
    return answer.more || isRest;
  };
  const rounds = async () => {
    for (let count = 0; count < MAX_ROUNDS && (await round()); count += 1);
    prepared = (await due(MAX_BYTES_LEAVING)).message;
  };

  const sync = {
    device,
    isLocal: !address,
    isSignedOut: () => isSignedOut,
    on: (name, act) => events.addEventListener(name, ({ detail }) => act(detail)),

    /* Exchange now. Resolves to whether the server answered. */
    now: async () => {
      clearTimeout(timer);
      if (!address || isSignedOut) return false;
      if (running) {
        await running.catch(() => {});
        return sync.now();
      }
      running = rounds();
      try {
        await running;
        return true;
      } catch (error) {
        if (!error.isAnswered) later(RETRY_MS);
        return false;
      } finally {
        running = null;
      }
    },

    /* Change the store: `act` gets its operations, with `keepNote` and `stamps`. It is sent soon. `mayBeLost`: when the
       page is left. */
    change: async (act, { mayBeLost = false } = {}) => {
      const { keepNote, stampsOf } = loaded ?? (await loadExchange());
      const result = await store.transact(async (db) => {
        const stamps = await stampsOf(db, device.id, wall());
        const value = await act({ ...db, keepNote: (note) => keepNote(db, note), stamps });
        await stamps.done();
        return value;
      }, { mayBeLost });
      channel.postMessage("changed");
      if (address) {
        prepared = (await due(MAX_BYTES_LEAVING)).message;
        later(DELAY_MS);
      }
      return result;
    },
    read: (act) => store.transact(act),
    countWaiting: async () => store.transact((loaded ?? (await loadExchange())).countWaiting),

    /* Called when the page is left. `place` is a change that is not in the store yet. */
    leave: (place) => {
      if (!address || isSignedOut) return;
      // Before the first exchange, only the place is known. Nobody reads the answer, so any cursor will do.
      const message = prepared ?? { person, device, cursor: 0, now: wall(), books: {}, changes: [] };
      const rest = message.changes.filter(({ type, work }) => !place || type !== "place" || work !== place.work);
      const changes = [...(place ? [place] : []), ...rest];
      if (changes.length) send(address, { ...message, changes }, true).catch(() => {});
    },
  };

  channel.addEventListener("message", ({ data }) => {
    if (data === "gone") store.close();
    tell(data);
  });
  addEventListener("online", () => sync.now());
  return sync;
};
