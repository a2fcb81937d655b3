/* Logging out: what is not saved yet goes up first, then all that is this person's leaves the browser. */

import { deleteStore } from "../store.js";
import { makeSync, thisDevice } from "../sync.js";
import { forgetPeople, whoIsHere } from "./kept.js";

const patience = (ms) => new Promise((done) => setTimeout(done, ms));

const countLeft = async (people, address) => {
  let left = 0;
  for (const person of people) {
    const sync = await makeSync({ address, person, device: thisDevice("{browser}"), books: {} });
    await sync.now();
    left += await sync.countWaiting();
  }
  return left;
};

/* Whether to log out although notes would be lost. */
const ask = (dialog, count) =>
  new Promise((done) => {
    const words = dialog.querySelector("[data-one]");
    words.textContent = (count === 1 ? words.dataset.one : words.dataset.many).replace("{count}", count);
    dialog.addEventListener("close", () => done(dialog.returnValue === "leave"), { once: true });
    dialog.returnValue = "";
    dialog.showModal();
  });

const logOut = (form) =>
  fetch(form.action, { method: "POST", body: new FormData(form), credentials: "same-origin", redirect: "manual" });

/* Delete the databases once other tabs have closed them. */
const clear = async (people) => {
  for (const person of people) {
    const channel = new BroadcastChannel(`octavo-reading-${person}`);
    channel.postMessage("gone");
    channel.close();
  }
  if ("caches" in globalThis) await forgetPeople(people);
  await Promise.race([Promise.all(people.map(deleteStore)), patience(3000)]);
};

export const leave = async (form, dialog) => {
  const people = await whoIsHere();
  const left = await countLeft(people, dialog.dataset.sync);
  if (left && !(await ask(dialog, left))) return;
  const answer = await logOut(form);
  if (!answer.ok && answer.type !== "opaqueredirect") throw new Error(`log out: ${answer.status}`);
  await clear(people);
  location.assign(dialog.dataset.home);
};
