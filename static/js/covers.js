/* The cover page: one small picture per change, drawn by the server. Without it the button "Preview" does the same. */
(() => {
  "use strict";

  const PAUSE_MS = 250;
  const form = document.querySelector("[data-cover]");
  if (!form) return;

  const pictures = [...form.querySelectorAll("[data-cover-drawn]")];
  const status = form.querySelector("[data-cover-status]");
  const ofPictures = form.querySelector("[data-picture-only]");
  const version = new URL(pictures[0].src).searchParams.get("v");
  let timer = 0;
  let turn = 0;

  showFields();
  form.addEventListener("input", () => {
    showFields();
    clearTimeout(timer);
    timer = setTimeout(draw, PAUSE_MS);
  });
  /* The picture that was uploaded has been redrawn: the cards can show it now. */
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.target.id !== "measured" && !document.getElementById("measured")) return;
    draw();
    for (const card of form.querySelectorAll(".cover-design img")) {
      card.src = `${card.src.replace(/&at=\d+$/, "")}&at=${Date.now()}`;
    }
  });

  function showFields() {
    const chosen = form.querySelector("[name=design]:checked");
    if (ofPictures) ofPictures.hidden = !chosen || !chosen.value.startsWith("picture-");
  }

  /* Answers may come in another order than their questions: only the last one is shown. */
  async function draw() {
    const query = new URLSearchParams(new FormData(form));
    query.delete("csrfmiddlewaretoken");
    query.set("v", `${version}-${document.querySelector("#measured [role=status]") ? "seen" : "new"}`);
    const mine = (turn += 1);
    const drawn = new Image();
    drawn.src = `${form.dataset.cover}?${query}`;
    let words = form.dataset.drawn;
    try {
      await drawn.decode();
    } catch {
      words = form.dataset.failed;
    }
    if (mine !== turn) return;
    if (words === form.dataset.drawn) for (const picture of pictures) picture.src = drawn.src;
    status.textContent = words;
  }
})();
