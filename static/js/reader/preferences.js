/* Whose settings apply: the shop's, then those of the account, then this device's own.

   What is changed in the reader is this device's own until it is shared. Names that are unknown here are kept, so that a
   tab of an older version drops nothing. The account's settings come with the synchronisation (`useAccount`). */

import { defaultsFor, known, VALUES } from "./appearance.js";

const KEY = "reader";

const stored = () => {
  try {
    const found = JSON.parse(localStorage.getItem(KEY) ?? "{}");
    return found && typeof found === "object" ? found : {};
  } catch {
    return {};
  }
};

const store = (own) => {
  try {
    localStorage.setItem(KEY, JSON.stringify(own));
  } catch {
    /* not stored, so it only lasts for this page */
  }
};

const without = (values, names) => Object.fromEntries(Object.entries(values).filter(([name]) => !names.includes(name)));

/* `book` has `language` and `vertical`, on which a few defaults depend. */
export const makePreferences = (book) => {
  const defaults = defaultsFor(book);
  const look = {};
  let account = null; // its settings, if anybody is logged in
  let own = stored();

  const usual = () => ({ ...defaults, ...known(account ?? {}) });
  const settle = () => Object.assign(look, usual(), known(own));
  /* A value that is the usual one anyway is no setting of this device's own. */
  const keepOwn = (changes) => {
    const before = usual();
    const needless = Object.keys(changes).filter((name) => changes[name] === before[name]);
    own = without({ ...own, ...changes }, needless);
    store(own);
    settle();
  };
  const ownNames = () => Object.keys(known(own)).filter((name) => own[name] !== usual()[name]);

  settle();
  return {
    /* The settings that apply: always the same object. */
    look,
    set(name, value) {
      own = { ...own, ...stored() }; // what another tab has set meanwhile
      keepOwn({ [name]: value });
    },
    reload() {
      own = stored();
      settle();
    },
    useAccount(values) {
      account = values;
      settle();
    },
    hasAccount: () => account !== null,
    hasUsual: () => Object.keys(known(account ?? {})).length > 0,
    hasOwn: () => ownNames().length > 0,
    isReset: () => Object.keys(VALUES).every((name) => look[name] === defaults[name]),
    /* Makes this device's settings those of the account, and returns what to store there. */
    share() {
      const shared = Object.fromEntries(ownNames().map((name) => [name, own[name]]));
      account = { ...account, ...shared };
      keepOwn(shared);
      return shared;
    },
    backToUsual: () => keepOwn(usual()),
    reset: () => keepOwn(defaults),
  };
};
