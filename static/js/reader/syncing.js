/* Adds to the reader: `bookText`, the places of the whole book; `syncing`, a promise of what synchronises this device;
   `books`, the works here with their editions; and `labelOf(place)`, a place in words: its share of the book, until the
   pages are known. */

import { makeBookText } from "./book-text.js";
import { makeSync, thisDevice } from "./sync.js";

export const addSync = (reader) => {
  const { settings, find } = reader;
  reader.bookText = makeBookText(settings);
  reader.labelOf ??= (place) => `${Math.round(reader.bookText.nearShare(place) / 100)} %`;
  reader.books = { [settings.work]: settings.edition };
  reader.syncing = makeSync({
    address: settings.sync ?? "",
    person: settings.person ?? "",
    device: thisDevice(find("[data-device-name]").dataset.deviceName),
    books: reader.books,
  });
  reader.syncing.then((sync) => {
    // Somebody logged out in another tab: this page shows what is theirs.
    sync.on("gone", () => location.reload());
  });
};
