/* One chapter in the column: its frame, as long as its text, with the overlay for marks on top. */

export const STYLE = `
  :host { display: block; position: relative; overflow: hidden; width: 100%; height: 100%; }
  #box { box-sizing: border-box; display: flex; flex-direction: column; width: 100%; height: 100%; overflow: hidden auto; overflow-anchor: none; overscroll-behavior: contain; }
  #box.vertical { flex-direction: row; direction: rtl; overflow: auto hidden; }
  .chapter { flex: none; position: relative; margin-block: var(--margin); }
  .vertical > .chapter { margin-block: 0; margin-inline: var(--margin); }
  iframe { display: block; border: 0; width: 100%; height: 0; }
  .vertical iframe { width: 0; height: 100%; }`;

const important = (element, styles) => {
  for (const [name, value] of Object.entries(styles)) element.style.setProperty(name, value, "important");
};

const makeElements = () => {
  const element = document.createElement("div");
  element.className = "chapter";
  const iframe = element.appendChild(document.createElement("iframe"));
  // Without `allow-scripts`, WebKit gives no events of the document. The book's own scripts are stopped by the policy.
  iframe.setAttribute("sandbox", "allow-same-origin allow-scripts");
  iframe.setAttribute("scrolling", "no");
  return { element, iframe };
};

export const isVerticalDocument = (doc) => doc.defaultView.getComputedStyle(doc.body).writingMode.startsWith("vertical");

/* `onResize(change)` makes the change of the length, and keeps what is shown in its place. */
export const makeFrame = (index, onResize) => {
  const { element, iframe } = makeElements();
  let axis = null;
  let overlayer = null;
  let length = 0;

  const measure = () => {
    if (!iframe.contentDocument?.documentElement || !axis) return;
    const found = Math.ceil(iframe.contentDocument.documentElement.getBoundingClientRect()[axis.side]);
    if (found !== length)
      onResize(() => {
        length = found;
        iframe.style[axis.side] = `${found}px`;
      });
    overlayer?.redraw();
  };

  return {
    index,
    element,
    measure,
    get doc() {
      return iframe.contentDocument;
    },
    get length() {
      return length;
    },
    get overlayer() {
      return overlayer;
    },
    set overlayer(found) {
      overlayer = found;
      element.append(found.element);
    },
    /* Load the address into the column; `prepare(doc)` is called before anything is measured. */
    load: (address, prepare) =>
      new Promise((done) => {
        iframe.addEventListener("load", () => done(prepare(iframe.contentDocument)), { once: true });
        iframe.src = address;
      }),
    watch: (found) => {
      axis = found;
      const { contentDocument: doc, contentWindow } = iframe;
      // Of the frame's own window: Firefox tells an observer of this page nothing about another document.
      new contentWindow.ResizeObserver(measure).observe(doc.documentElement);
      doc.fonts.ready.then(measure);
    },
    lay: ({ gap, inline, margin, tallest }) => {
      const { documentElement, body } = iframe.contentDocument;
      const isDown = axis.side === "height";
      important(documentElement, {
        "box-sizing": "border-box",
        width: "auto",
        height: "auto",
        margin: "0",
        padding: isDown ? `0 ${gap}` : `${margin} 0`,
        overflow: "hidden",
        "overflow-wrap": "break-word",
        "column-width": "auto",
      });
      important(body, { [isDown ? "max-width" : "max-height"]: inline, margin: "auto" });
      for (const image of body.querySelectorAll("img, svg"))
        important(image, { "max-width": "100%", "max-height": tallest, "object-fit": "contain" });
      measure();
    },
  };
};
