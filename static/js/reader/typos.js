/* The dialog in which a reader proposes the right words for a slip. Loaded when it is first opened. */

const FAILURES = { 403: "gone", 404: "gone", 429: "often" };

/* Show one of the sentences of the dialog, or an error in the server's words. */
const say = (dialog, name, words = "") => {
  for (const sentence of dialog.querySelectorAll("[data-typo-say]")) sentence.hidden = sentence.dataset.typoSay !== name;
  dialog.querySelector("[data-typo-error]").textContent = words;
};

/* A page that is kept on the device has no token, or an old one. */
const addToken = async (form) => {
  const page = await (await fetch(form.action, { credentials: "same-origin" })).text();
  const token = new DOMParser().parseFromString(page, "text/html").querySelector("[name=csrfmiddlewaretoken]");
  if (token) form.append(document.importNode(token));
};

const send = async (dialog, form) => {
  if (!form.elements.csrfmiddlewaretoken) await addToken(form).catch(() => {});
  const body = new URLSearchParams(new FormData(form));
  const headers = { Accept: "application/json" };
  const answer = await fetch(form.action, { method: "POST", credentials: "same-origin", headers, body }).catch(() => null);
  if (answer?.ok || answer?.status === 422) {
    const { errors } = await answer.json();
    const [first] = Object.values(errors).flat();
    form.hidden = answer.ok;
    say(dialog, answer.ok ? "sent" : "", first);
    if (answer.ok) dialog.querySelector("[data-close]").focus();
  } else say(dialog, (answer && FAILURES[answer.status]) ?? "line");
};

const onSubmit = (dialog) => async (event) => {
  event.preventDefault();
  const button = event.target.querySelector("[data-typo-send]");
  button.disabled = true;
  await send(dialog, event.target);
  button.disabled = false;
};

/* `target` is a note's: {edition, start: [block, offset], end: [block, offset], exact}. */
export const open = (reader, target) => {
  const dialog = reader.panels.typo;
  const form = dialog.querySelector("form");
  const [block, start] = target.start;
  const isOneBlock = target.end[0] === block;
  form.onsubmit = onSubmit(dialog);
  form.reset();
  form.hidden = !isOneBlock;
  say(dialog, isOneBlock ? "" : "paragraph");
  form.elements.edition.value = target.edition;
  form.elements.chapter.value = reader.settings.chapters[0].id;
  form.elements.words.value = target.exact;
  form.elements.place.value = `${block}:${start}:${target.end[1]}`;
  Object.assign(form.elements.replacement, { value: target.exact, lang: reader.settings.language });
  dialog.querySelector("[data-typo-passage]").textContent = target.exact;
  dialog.showModal();
  if (isOneBlock) form.elements.replacement.focus();
};
