/* Opening a chapter that may not load: no connection, a busy server, a book that is no longer available.

   After five seconds the reader says so, offers the plain page and keeps trying; a chapter that loads late still opens. */

const PATIENCE_MS = 5000;
const LONGEST_PAUSE_MS = 60000;

/* `goBack` returns to the previous page; `panel` is the element that shows the message. */
export const makeArrivals = ({ panel, settings, sections, goBack }) => {
  let current = null;

  const say = (why) => {
    for (const line of panel.querySelectorAll("[data-why]")) line.hidden = line.dataset.why !== why;
    panel.querySelector("[data-retry]").hidden = why === "slow";
    panel.querySelector("[data-plain]").href = `${settings.root}${settings.chapters[current.index].id}/`;
    if (!panel.hidden) return;
    panel.hidden = false;
    panel.querySelector("[data-plain]").focus();
  };
  const settle = (hasCome) => {
    const { done, timers } = current;
    timers.forEach(clearTimeout);
    current = null;
    panel.hidden = true;
    done(hasCome);
  };

  const attempt = async (one) => {
    try {
      await sections()[one.index].ready();
    } catch (error) {
      if (current !== one) return;
      say(error.status === 404 ? "gone" : "line");
      one.pause = Math.min(2 * one.pause, LONGEST_PAUSE_MS);
      one.timers.push(setTimeout(attempt, one.pause, one));
      return;
    }
    if (current !== one) return;
    await one.act();
    if (current === one) settle(true);
  };

  panel.querySelector("[data-retry]").addEventListener("click", () => current && attempt(current));
  panel.querySelector("[data-back]").addEventListener("click", () => {
    settle(false);
    goBack();
  });
  addEventListener("online", () => current && !panel.hidden && attempt(current));

  return {
    /* Load the chapter, then call `act`. Resolves to true if it loaded, to false if the reader went back instead. */
    arrive: (index, act) =>
      new Promise((done) => {
        if (current) settle(false);
        const one = { index, act, done, pause: PATIENCE_MS / 2, timers: [] };
        current = one;
        one.timers.push(setTimeout(() => say("slow"), PATIENCE_MS));
        attempt(one);
      }),
    isWaiting: () => !panel.hidden,
  };
};
