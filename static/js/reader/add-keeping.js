/* Keeping the book on this device: the way to its panel, and what must be known from the start. The rest loads later. */

const hasKept = () => {
  try { return localStorage.getItem("reader-kept") === "1"; } catch { return false; }
};

export const addKeeping = (reader) => {
  const { settings, find, panels } = reader;
  const opener = find("[data-open=keep]");
  if (!opener || !settings.keep || !("serviceWorker" in navigator)) return;
  let loading = null;
  const load = () => (loading ??= import("./keeping/panel.js").then(({ makePanel }) => makePanel(reader)));
  opener.hidden = false;
  opener.addEventListener("click", load); // panels.js opens the panel
  if (location.hash === "#keep") load().then(() => panels.keep.showModal());
  // A book that is given back, or withdrawn for this person, leaves the device.
  reader.syncing.then((sync) => sync.on("answered", async ({ rights }) => {
    const gone = Object.keys(rights).filter((work) => rights[work] === "gone");
    if (gone.length) (await import("./keeping/panel.js")).leave(reader, gone);
  }));
  if (settings.kept || hasKept()) load();
};
