/* In place of the worker while the shop keeps nothing on devices (READER_OFFLINE): it takes itself and all kept books
   away. Notes and places stay; pages that are open go on and are the server's from their next loading. */

addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil((async () => {
  const names = (await caches.keys()).filter((name) => name.startsWith("octavo-"));
  await Promise.all(names.map((name) => caches.delete(name)));
  await registration.unregister();
})()));
