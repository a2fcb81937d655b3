/* Pictures open in a dialog by a click or Enter, and are enlarged there. Those without words for them are decoration, and
   those in a link lead elsewhere. */

const SMALLEST_PX = 60;
const ZOOMS = [1, 1.5, 2, 3, 4];

const makeDialog = (reader) => {
  const dialog = reader.panels.picture;
  const box = dialog.querySelector("[data-picture-box]");
  const shown = box.querySelector("img");
  const out = dialog.querySelector("[data-picture-zoom=out]");
  const larger = dialog.querySelector("[data-picture-zoom=in]");
  let zoom = 0;

  const show = (wanted) => {
    zoom = Math.max(0, Math.min(ZOOMS.length - 1, wanted));
    shown.style.width = zoom ? `${100 * ZOOMS[zoom]}%` : "";
    box.classList.toggle("is-zoomed", zoom > 0);
    out.disabled = zoom === 0;
    larger.disabled = zoom === ZOOMS.length - 1;
    box.scrollTo((box.scrollWidth - box.clientWidth) / 2, (box.scrollHeight - box.clientHeight) / 2);
  };
  larger.addEventListener("click", () => show(zoom + 1));
  out.addEventListener("click", () => show(zoom - 1));
  shown.addEventListener("click", () => show(zoom ? 0 : 2));
  dialog.addEventListener("keydown", (event) => {
    if (event.key === "+" || event.key === "=") show(zoom + 1);
    if (event.key === "-") show(zoom - 1);
  });
  return ({ src, alt }) => {
    Object.assign(shown, { src, alt });
    dialog.setAttribute("aria-label", alt);
    reader.openPanel("picture");
    show(0);
  };
};

const isWorthIt = (image) => image.alt && image.src && Math.max(image.naturalWidth, image.naturalHeight) >= SMALLEST_PX;

export const addEnlarging = (reader) => {
  const open = makeDialog(reader);
  const { enlarge } = reader.panels.picture.dataset;
  reader.on("chapter", ({ doc }) => {
    for (const image of doc.querySelectorAll("img[alt]:not([alt=''], a img)")) {
      image.tabIndex = 0;
      image.setAttribute("role", "button");
      image.setAttribute("aria-label", enlarge.replace("{name}", image.alt));
      image.style.cursor = "zoom-in";
    }
    const act = (event) => {
      const image = event.target.closest?.("img[role=button]");
      if (!image || !isWorthIt(image) || (event.type === "keydown" && event.key !== "Enter")) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      open(image);
    };
    // Before the taps and keys of the reader, which were there first.
    doc.addEventListener("click", act, true);
    doc.addEventListener("keydown", act, true);
  });
};
