/* Adds to the reader: `bookText`, the places of the whole book; `syncing`, a promise of what synchronises this device;
   `books`, the works here with their editions; and `labelOf(place)`, a place in words: its page, or its share while the pages are not known. */

import { makeBookText } from "./book-text.js";
import { makeSync, thisDevice } from "./sync.js";

export const addSync = (reader) => {
  const { settings, find } = reader;
  reader.bookText = makeBookText(settings);
  reader.labelOf ??= (place) => {
    const block = place.block === null ? null : reader.bookText.here(place.block);
    const page = block === null ? "" : reader.pageAt?.(block, place.offset);
    const share = `${Math.round(reader.bookText.nearShare(place) / 100)} %`;
    return page ? find("[data-reader-figure]").dataset.place.replace("{page}", page) : share;
  };
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
