/* The author dashboard: drag and drop with a progress bar, the author's share next to a price, fragments of other areas.
   Everything works without it: the form posts, and the links lead to what is shown in place here. */
(() => {
  "use strict";

  document.documentElement.classList.add("js");

  // ---- upload

  const upload = document.querySelector("[data-upload]");
  if (upload) enhanceUpload(upload);

  function enhanceUpload(form) {
    const input = form.querySelector("input[type=file]");
    const drop = form.querySelector("[data-drop]");
    form.querySelector("[data-drop-hint]").hidden = false;

    for (const type of ["dragenter", "dragover"]) {
      drop.addEventListener(type, (event) => { event.preventDefault(); drop.classList.add("is-over"); });
    }
    for (const type of ["dragleave", "drop"]) {
      drop.addEventListener(type, (event) => { event.preventDefault(); drop.classList.remove("is-over"); });
    }
    drop.addEventListener("drop", (event) => {
      if (event.dataTransfer.files.length) {
        input.files = event.dataTransfer.files;
        input.dispatchEvent(new Event("change", { bubbles: true }));
      }
    });
    input.addEventListener("change", () => {
      showError(form, "");
      if (isTooLarge(form, input)) showError(form, form.dataset.tooLarge);
      else form.querySelector("button").focus();
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (isTooLarge(form, input)) showError(form, form.dataset.tooLarge);
      else send(form);
    });
  }

  function isTooLarge(form, input) {
    return input.files.length > 0 && input.files[0].size > Number(form.dataset.limit);
  }

  function send(form) {
    const request = new XMLHttpRequest();
    const bar = form.querySelector("[data-upload-progress]");
    const button = form.querySelector("button");
    request.open("POST", form.action || location.href);
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) showProgress(form, Math.round((100 * event.loaded) / event.total));
    });
    request.addEventListener("load", () => answer(form, request));
    request.addEventListener("error", () => { bar.hidden = true; button.disabled = false; showError(form, form.dataset.lost); });
    bar.hidden = false;
    button.disabled = true;
    tell(form, form.dataset.sending);
    request.send(new FormData(form));
  }

  function showProgress(form, percent) {
    form.querySelector("progress").value = percent;
    form.querySelector("[data-upload-figure]").textContent = `${percent} %`;
    if (percent === 100) tell(form, form.dataset.arrived);
  }

  /* After a redirect, open the new page. If the form comes back, show its errors and keep the chosen file. */
  function answer(form, request) {
    if (request.status < 400 && request.responseURL !== (form.action || location.href)) {
      location.assign(request.responseURL);
      return;
    }
    const page = new DOMParser().parseFromString(request.responseText, "text/html");
    const errors = page.querySelector("[data-upload-errors]");
    form.querySelector("[data-upload-progress]").hidden = true;
    form.querySelector("button").disabled = false;
    showError(form, errors && errors.textContent.trim() ? errors.textContent.trim() : form.dataset.lost);
  }

  function showError(form, sentence) {
    const place = form.querySelector("[data-upload-errors]");
    place.replaceChildren();
    if (sentence) {
      const list = document.createElement("ul");
      const item = document.createElement("li");
      list.className = "errorlist";
      item.textContent = sentence;
      list.append(item);
      place.append(list);
    }
    tell(form, sentence);
  }

  function tell(form, sentence) {
    form.querySelector("[data-upload-status]").textContent = sentence;
  }

  // ---- the proof: designs change without confirmation; arrow keys turn pages, Escape goes back

  const atOnce = document.querySelector("[data-at-once]");
  if (atOnce) atOnce.requestSubmit();

  const leaf = { ArrowLeft: "[rel=prev]", ArrowRight: "[rel=next]", Escape: "[data-escape]" };
  document.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || event.target.closest("input, textarea, select, summary")) return;
    const link = leaf[event.key] && document.querySelector(`main :is(${leaf[event.key]})`);
    if (link) link.click();
  });

  // ---- fragments of other areas

  async function fill(place, address) {
    const answered = await fetch(address, { headers: { "HX-Request": "true" }, credentials: "same-origin" }).catch(() => null);
    if (!answered || !answered.ok || answered.redirected) return false;
    place.innerHTML = await answered.text();
    return true;
  }

  for (const place of document.querySelectorAll("[data-fragment]")) fill(place, place.dataset.fragment);

  // ---- the author's share next to a price

  for (const place of document.querySelectorAll("[data-net]")) {
    const input = document.getElementById(place.dataset.netInput);
    const fallback = place.innerHTML;
    const none = document.querySelector(`[data-net-none="${input.id}"]`).innerHTML;
    let waiting = 0;
    const show = async () => {
      const text = input.value.trim();
      const minor = inMinorUnits(text, Number(place.dataset.netExponent));
      if (!text) place.innerHTML = none;
      else if (minor === null || !(await fill(place, place.dataset.net + minor))) place.innerHTML = fallback;
      place.classList.remove("is-stale");
    };
    input.addEventListener("input", () => {
      place.classList.add("is-stale");
      clearTimeout(waiting);
      waiting = setTimeout(show, 250);
    });
    show();
  }

  /* "4,99" and "4.99" are 499 if the currency has two decimal places; null if it is not a price. */
  function inMinorUnits(text, places) {
    const match = /^(\d+)(?:[.,](\d+))?$/.exec(text.trim());
    if (!match || (match[2] || "").length > places) return null;
    return Number(match[1] + (match[2] || "").padEnd(places, "0"));
  }
})();
