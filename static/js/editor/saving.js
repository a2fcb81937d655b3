/* Saving by itself: two seconds after the last key, with the revision that was read. Until the server has answered, what
   was typed is kept on this device. One request at a time.

   `chapter` gives and takes what is in the editor: write() is what to send, isChanged() whether it differs from what the
   server has, adopt(answer) brings the server's, onConflict, onRefused and so on show what happened. */

export const AUTOSAVE_MS = 2000;
const KEEP_MS = 400;
const LONGEST_MS = 15000; // without a save while somebody types on and on
const RETRY_MS = [3000, 6000, 12000, 30000, 60000];
const KEEPALIVE_BYTES = 60000; // browsers refuse more

const answerOf = async (response) => {
  const isJson = response.headers.get("Content-Type")?.includes("json");
  const body = isJson ? await response.json().catch(() => ({})) : {};
  // A login page comes instead of the answer when the session is over.
  const status = response.ok && (!isJson || response.redirected) ? 403 : response.status;
  return { status, body, retryAfter: Number(response.headers.get("Retry-After")) || 0 };
};

export const makeSaving = ({ url, token, chapter, copies, show }) => {
  let timer = 0;
  let keeper = 0;
  let tries = 0;
  let since = 0; // when the first change was made that is not saved
  let isBusy = false;
  let hold = ""; // why nothing is sent: "conflict", "loss", "refused", "replaced"
  let isKept = true;

  const keep = () => {
    clearTimeout(keeper);
    keeper = 0;
    if (chapter.isChanged()) isKept = copies.keep(chapter.base(), chapter.write({ isWhole: true }));
  };
  const plan = (ms) => {
    clearTimeout(timer);
    timer = setTimeout(save, ms);
  };

  const send = (body, isLeaving) =>
    fetch(url, {
      method: "POST",
      credentials: "same-origin",
      keepalive: isLeaving && new Blob([body]).size < KEEPALIVE_BYTES,
      headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": token() },
      body,
    }).then(answerOf, () => ({ status: 0, body: {}, retryAfter: 0 }));

  const onSaved = (sent, body) => {
    tries = 0;
    chapter.adopt(sent, body);
    if (chapter.isChanged()) {
      since = Date.now();
      plan(AUTOSAVE_MS);
    } else {
      since = 0;
      clearTimeout(keeper);
      copies.drop();
      show("saved");
    }
  };

  const retry = (name, retryAfter = 0) => {
    keep();
    show(isKept ? name : "notKept");
    plan(retryAfter ? retryAfter * 1000 : RETRY_MS[Math.min(tries, RETRY_MS.length - 1)]);
    tries += 1;
  };

  const onAnswer = (sent, { status, body, retryAfter }) => {
    if (status === 200) return onSaved(sent, body);
    if (status === 409 && body.document) {
      keep();
      hold = "conflict";
      return chapter.onConflict(body);
    }
    if (status === 409) return chapter.onReplaced();
    if (status === 422) {
      keep();
      hold = "refused";
      return chapter.onRefused(body);
    }
    if (status === 429) return retry("often", retryAfter || 30);
    if (status === 0 || status >= 500) return retry("offline");
    keep();
    hold = "refused";
    return show({ 413: "tooLarge", 404: "gone" }[status] ?? "loggedOut", body.message);
  };

  async function save({ isLeaving = false } = {}) {
    clearTimeout(timer);
    if (isBusy || hold || !chapter.isChanged()) return;
    const document = chapter.write();
    if (!isLeaving && chapter.asksFirst(document)) {
      hold = "loss";
      keep();
      return;
    }
    isBusy = true;
    if (isLeaving) keep();
    else show("saving");
    const sent = chapter.mark(document);
    const answer = await send(JSON.stringify({ revision: document.revision, document }), isLeaving);
    isBusy = false;
    onAnswer(sent, answer);
  }

  /* What was refused is undone: the text is as the server has it. */
  const settle = () => {
    hold = "";
    since = 0;
    tries = 0;
    clearTimeout(timer);
    clearTimeout(keeper);
    keeper = 0;
    copies.drop();
    chapter.settle();
    show("saved");
  };

  const onLeave = () => {
    keep();
    if (!chapter.asksFirst(chapter.write(), { isQuiet: true })) save({ isLeaving: true });
  };
  addEventListener("pagehide", onLeave);
  addEventListener("online", () => tries && save());
  document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && onLeave());
  addEventListener("beforeunload", (event) => {
    if (chapter.isChanged() && (!isKept || (hold && hold !== "replaced"))) event.preventDefault();
  });
  copies.hold();

  return {
    /* Something was typed. */
    changed: () => {
      if (!chapter.isChanged()) {
        // What was typed was taken back, or is what the server has by now.
        if (hold === "refused" || (since && !hold && !isBusy)) settle();
        return;
      }
      since ||= Date.now();
      if (hold === "refused") hold = "";
      keeper ||= setTimeout(keep, KEEP_MS);
      if (hold) return;
      if (!tries) show("typing");
      if (!tries && !isBusy) plan(Date.now() - since > LONGEST_MS ? 0 : AUTOSAVE_MS);
    },
    /* What was asked is decided; send what there is. */
    release: () => {
      hold = "";
      return save();
    },
    hold: (why) => {
      hold = why;
      clearTimeout(timer);
    },
    keep,
    now: () => {
      if (hold === "refused") hold = "";
      return save();
    },
  };
};
