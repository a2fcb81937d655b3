/* The reading position: on the server for owned books, in this browser for samples.

   Another tab or device may have read on meanwhile. Then nothing is written until the reader has chosen a position: a
   tab asks when it comes to the front, and the server refuses to overwrite a position that is further on. */

const DELAY_MS = 1500;
const NEAR_BPS = 30; // some lines: no place of its own

/* `ask(place, {go, stay})` asks the reader. */
export const keeper = (settings, token, ask) => {
  const key = `position:${settings.root}files/`;
  let seen = settings.position?.seen ?? "";
  let latest = null;
  let now = null;
  let timer = 0;
  let isAsking = false;
  let sending = Promise.resolve();

  const put = (place) => {
    seen = place.seen;
    isAsking = false;
  };
  const compare = (place) => {
    if (!place || place.seen === seen) return;
    if (place.fraction_bps <= (now?.fraction_bps ?? 0) + NEAR_BPS) {
      put(place);
      return;
    }
    isAsking = true;
    ask(place, {
      go: () => {
        latest = null;
        put(place);
      },
      stay: () => {
        put(place);
        latest = now;
        send();
      },
    });
  };

  const post = async () => {
    if (!latest || isAsking) return;
    const told = latest;
    latest = null;
    const headers = { "Content-Type": "application/json", "X-CSRFToken": token };
    const body = JSON.stringify({ ...told, seen });
    try {
      const answer = await fetch(settings.save, { method: "POST", body, headers, keepalive: true, credentials: "same-origin" });
      if (answer.ok) seen = (await answer.json()).seen;
      if (answer.status !== 409) return;
      latest ??= told;
      compare((await answer.json()).place);
      if (!isAsking) await post();
    } catch {
      latest ??= told; // sent with the next, or when the line is back
    }
  };
  const keepHere = () => {
    try { localStorage.setItem(key, JSON.stringify(latest)); } catch { /* then the sample opens at its start */ }
    latest = null;
  };
  const send = () => {
    clearTimeout(timer);
    if (!settings.save && latest) keepHere();
    else if (settings.save) sending = sending.then(post);
  };
  /* Check what other tabs and devices wrote since. Pending writes also wait for the answer. */
  const look = () => {
    if (!settings.save || isAsking) return;
    sending = sending.then(async () => {
      const answer = await fetch(settings.save, { credentials: "same-origin" }).catch(() => null);
      if (answer?.ok) compare((await answer.json()).place);
    });
  };
  document.addEventListener("visibilitychange", () => (document.visibilityState === "hidden" ? send() : look()));
  // The page is closing, so this cannot wait for earlier requests. The server knows which position is further on.
  addEventListener("pagehide", () => (settings.save ? post() : send()));
  addEventListener("online", send);

  return {
    remember: (position, { isKept = false } = {}) => {
      now = { ...position, edition: settings.edition };
      if (isKept) return;
      latest = now;
      clearTimeout(timer);
      timer = setTimeout(send, DELAY_MS);
    },
    recall: () => {
      if (settings.position || settings.save) return settings.position;
      try {
        const kept = JSON.parse(localStorage.getItem(key));
        return kept && { ...kept, is_moved: kept.edition !== settings.edition };
      } catch { return null; }
    },
  };
};
