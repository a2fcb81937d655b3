/* What somebody left in the sample before the book was theirs: a place, in the store of this browser that has no person. */

import { openStore } from "./store.js";

const inBrowser = async (act) => {
  const store = await openStore("");
  try {
    return await store.transact(act);
  } finally {
    store.close();
  }
};

/* The place in the sample of the same edition; null without one. */
export const placeInSample = async ({ person, work, edition }) => {
  if (!person) return null;
  const row = await inBrowser((db) => db.get("places", work));
  return row?.place.edition === edition ? row.place : null;
};
