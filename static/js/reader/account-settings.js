/* The account's settings, in this device's store and synchronised (docs/reading.md, "Settings"). Nobody logged in: none. */

const withoutStamps = (rows) => Object.fromEntries(rows.map(({ name, value, pending }) => [name, pending ? pending[0] : value]));

const keep = (sync, { name, value }) =>
  sync.change(async (db) => {
    const known = (await db.get("settings", name)) ?? { name };
    await db.put("settings", { ...known, pending: [value, db.stamps.next()] });
  });

export const addAccountSettings = async (reader) => {
  const sync = await reader.syncing;
  if (sync.isLocal) return;
  const tell = async () => {
    const values = withoutStamps(await sync.read((db) => db.all("settings")));
    reader.preferences.useAccount(values);
    reader.tell("account", values);
    reader.tell("look", reader.look);
  };
  reader.on("setting", (setting) => keep(sync, setting));
  sync.on("changed", tell); // in another tab
  sync.on("answered", ({ changes }) => changes.some(({ type }) => type === "setting") && tell());
  await tell();
};
