/* The pictures and the style sheet that a chapter carries: they are fetched here and put into the document, because a
   chapter is a blob, and what its document asks for itself never reaches a service worker.

   The style is awaited. Pictures are given a moment; those that come later are put in when they come, a few at a time and
   those near the place first, so that a chapter with hundreds of them opens as fast as any. */

const PICTURES_MS = 400;
const AT_ONCE = 6;
const LATER = "data-picture"; // the address of a picture that has not come yet

const wait = (ms) => new Promise((done) => setTimeout(done, ms));

const fetched = async (address, read) => {
  const answer = await fetch(address, { credentials: "same-origin" });
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  return read(answer);
};

const styles = new Map();
const styleText = (address) => {
  if (!styles.has(address)) {
    const text = fetched(address, (answer) => answer.text());
    text.catch(() => styles.delete(address));
    styles.set(address, text);
  }
  return styles.get(address);
};

/* Put the style's text in place of the link. Without it, the chapter can still be read. */
const carryStyle = async (doc, link, base) => {
  const address = new URL(link.getAttribute("href"), base).href;
  const style = doc.createElementNS("http://www.w3.org/1999/xhtml", "style");
  style.textContent = await styleText(address).catch(() => "");
  link.replaceWith(style);
};

/* The object URLs of one chapter's pictures. */
const makePictures = () => {
  const found = new Map();
  let isReleased = false;
  const fetchOne = async (address) => {
    const made = URL.createObjectURL(await fetched(address, (answer) => answer.blob()));
    if (isReleased) URL.revokeObjectURL(made);
    return made;
  };
  return {
    get: (address) => {
      if (!found.has(address)) {
        const one = fetchOne(address);
        one.catch(() => found.delete(address));
        found.set(address, one);
      }
      return found.get(address);
    },
    release: () => {
      isReleased = true;
      for (const one of found.values()) one.then(URL.revokeObjectURL, () => {});
    },
  };
};

/* Run `act` with each item that `next` yields, a few at a time. */
const inTurns = (next, act) => {
  const work = async () => {
    for (let item = next(); item; item = next()) await act(item);
  };
  return Promise.all(Array.from({ length: AT_ONCE }, work));
};

const distance = (image) => {
  const { top, left } = image.getBoundingClientRect();
  const { left: x, top: y } = image.ownerDocument.defaultView.frameElement.getBoundingClientRect();
  return Math.max(Math.abs(left + x), Math.abs(top + y));
};
const takeNearest = (images) => {
  const distances = images.map(distance);
  return images.splice(distances.indexOf(Math.min(...distances)), 1)[0];
};

/* What one chapter carries. `carry` before it becomes a blob, `complete` in its frame, `release` when it is left. */
export const makeCarried = (base) => {
  let pictures = makePictures();
  let framed = null;

  const show = async (image) => {
    const address = image.getAttribute(LATER);
    const made = await pictures.get(address).catch(() => "");
    if (made) image.src = made;
    if (made) image.removeAttribute(LATER);
  };
  const complete = async (doc) => {
    framed = doc;
    const left = [...doc.querySelectorAll(`img[${LATER}]`)];
    await inTurns(() => (framed === doc && doc.defaultView ? takeNearest(left) : null), show);
  };
  addEventListener("online", () => framed?.defaultView && complete(framed));

  return {
    carry: async (doc) => {
      const images = [...doc.querySelectorAll("img[src]")].filter((image) => !/^[a-z][a-z0-9+.-]*:/i.test(image.getAttribute("src")));
      for (const image of images) {
        image.setAttribute(LATER, new URL(image.getAttribute("src"), base).href);
        image.removeAttribute("src");
      }
      const rest = [...images];
      const coming = inTurns(() => rest.shift(), show);
      await Promise.all([...doc.querySelectorAll("link[rel=stylesheet][href]")].map((link) => carryStyle(doc, link, base)));
      if (images.length) await Promise.race([coming, wait(PICTURES_MS)]);
      rest.length = 0;
    },
    complete,
    release: () => {
      pictures.release();
      pictures = makePictures();
      framed = null;
    },
  };
};
