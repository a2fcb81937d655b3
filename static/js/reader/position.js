/* Where reading stopped: on the server for a book of one's own, in this browser for a sample. */

const DELAY_MS = 1500;

export const keeper = (settings, token) => {
  const key = `position:${settings.files}`;
  let latest = null;
  let timer = 0;

  const send = () => {
    clearTimeout(timer);
    if (!latest) return;
    const body = JSON.stringify(latest);
    latest = null;
    if (!settings.save) {
      try { localStorage.setItem(key, body); } catch { /* then the sample opens at its start */ }
      return;
    }
    const headers = { "Content-Type": "application/json", "X-CSRFToken": token };
    fetch(settings.save, { method: "POST", body, headers, keepalive: true, credentials: "same-origin" }).catch(() => {});
  };
  document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && send());
  addEventListener("pagehide", send);

  return {
    remember: (position) => {
      latest = { ...position, edition: settings.edition };
      clearTimeout(timer);
      timer = setTimeout(send, DELAY_MS);
    },
    recall: () => {
      if (settings.position || settings.save) return settings.position;
      try { return JSON.parse(localStorage.getItem(key)); } catch { return null; }
    },
  };
};
