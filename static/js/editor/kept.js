/* What is typed and not saved yet, kept on this device until the server has it: by person, work, chapter and tab. */

const PREFIX = "octavo-editor";

/* `owner` names the person, the work and the chapter. */
export const keptCopies = (owner, store = localStorage) => {
  const start = `${PREFIX}:${owner}:`;
  const key = start + crypto.getRandomValues(new Uint32Array(1))[0].toString(36);
  const read = (name) => {
    try {
      const found = JSON.parse(store.getItem(name));
      return found?.base && found?.document ? found : null;
    } catch {
      return null;
    }
  };

  /* Held as long as the tab lives, so that another does not take its copy for one that was left behind. */
  const hold = () => navigator.locks?.request(key, () => new Promise(() => {}));

  return {
    hold,
    /* Whether it could be kept: a store may be full or refused. */
    keep: (base, document) => {
      try {
        store.setItem(key, JSON.stringify({ base, document, at: Date.now() }));
        return true;
      } catch {
        return false;
      }
    },
    drop: () => {
      try {
        store.removeItem(key);
      } catch {
        // There is nothing to remove where nothing may be stored.
      }
    },
    /* Take over the copies of tabs that are gone, and of others once they are: a tab that was just left may still hold its.
       `restore` gets the copy, and a function that removes it. */
    takeOver: (restore) => {
      const take = (name) => {
        const copy = read(name);
        if (copy) restore(copy, () => store.removeItem(name));
      };
      try {
        for (const name of Object.keys(store).filter((found) => found.startsWith(start) && found !== key)) {
          if (navigator.locks) navigator.locks.request(name, () => take(name));
          else take(name);
        }
      } catch {
        // Nothing is kept where nothing may be stored.
      }
    },
  };
};
