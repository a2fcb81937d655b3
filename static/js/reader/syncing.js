/* Adds to the reader: `bookText`, the places of the whole book; `syncing`, a promise of what synchronises this device; and
   `labelOf(place)`, a place in words. */

import { makeBookText } from "./book-text.js";
import { makeSync, thisDevice } from "./sync.js";

export const addSync = (reader) => {
  const { settings, find } = reader;
  reader.bookText = makeBookText(settings);
  reader.labelOf ??= (place) => `${Math.round(reader.bookText.nearShare(place) / 100)} %`;
  reader.syncing = makeSync({
    address: settings.sync ?? "",
    person: settings.person ?? "",
    device: thisDevice(find("[data-device-name]").dataset.deviceName),
    books: { [settings.work]: settings.edition },
  });
  reader.syncing.then((sync) => {
    // Somebody logged out in another tab: this page shows what is theirs.
    sync.on("gone", () => location.reload());
    reader.on("open", () => sync.now());
  });
};
