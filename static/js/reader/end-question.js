/* The question at the end of a book: shown once, and answered from where the reader is. Loaded where a book asks. */

const post = (url, form, button) =>
  fetch(url, { method: "POST", credentials: "same-origin", body: new URLSearchParams(new FormData(form, button)) });

export const add = (reader) => {
  const form = reader.find("[data-end-question]");
  const end = reader.find("[data-reader-end]");
  const note = () => {
    if (end.hidden) return;
    seen.disconnect();
    post(form.dataset.endQuestion, form).catch(() => {});
  };
  const seen = new MutationObserver(note);
  seen.observe(end, { attributeFilter: ["hidden"] });
  note();
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const answer = await post(form.action, form, event.submitter).catch(() => null);
    if (!answer?.ok) return form.submit();
    form.querySelector(".actions").hidden = true;
    form.querySelector("[data-end-thanks]").hidden = false;
  });
};
