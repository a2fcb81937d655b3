/* One page as elements: its picture, with invisible text over it for selecting, searching and screen readers.

   Everything arrives as data and is set as text or as a property; content of the book is never used as markup here. */

const TYPE_SIZE = 0.72; // of a line's height, as in the EPUB
const words = new Map();

const fetchWords = (address) => {
  if (!words.has(address)) {
    const answer = fetch(address, { credentials: "same-origin" }).then((one) => (one.ok ? one.json() : { lines: [], rest: [] }));
    words.set(address, answer.catch(() => ({ lines: [], rest: [] })));
  }
  return words.get(address);
};

const lineElement = ({ text, box: [x, y, w, h], lang, down }) => {
  const element = document.createElement("span");
  element.textContent = text;
  if (lang) element.lang = lang;
  if (down) element.classList.add("down");
  Object.assign(element.style, { left: `${x}px`, top: `${y}px`, fontSize: `${(down ? w : h) * TYPE_SIZE}px`, lineHeight: `${down ? w : h}px` });
  element.dataset.length = down ? h : w;
  return element;
};

const wordsElement = ({ lines, rest }) => {
  const layer = document.createElement("div");
  layer.className = "leaf-words";
  let paragraph = null;
  let block = -1;
  for (const line of lines) {
    if (line.block !== block) paragraph = layer.appendChild(document.createElement("p"));
    block = line.block;
    paragraph.append(lineElement(line), line.joined ? "" : " ");
  }
  for (const text of rest) {
    const hidden = layer.appendChild(document.createElement("p"));
    hidden.className = "visually-hidden";
    hidden.textContent = text;
  }
  return layer;
};

/* Stretch each line to its width in the picture. Measured once, because the layer is scaled as a whole. */
const stretch = (layer) => {
  const lines = [...layer.querySelectorAll("span")];
  const natural = lines.map((line) => (line.classList.contains("down") ? line.offsetHeight : line.offsetWidth));
  lines.forEach((line, index) => {
    const factor = natural[index] ? line.dataset.length / natural[index] : 1;
    line.style.transform = line.classList.contains("down") ? `scaleY(${factor})` : `scaleX(${factor})`;
  });
};

export const sourceOf = (page, files) => ({
  src: `${files}assets/${page.pictures.at(-1)[1]}`,
  srcset: page.pictures.map(([width, name]) => `${files}assets/${name} ${width}w`).join(", "),
});

/* `whenRead` is called when the page's words are there. */
export const makeLeaf = (page, files, whenRead = () => {}) => {
  const leaf = document.createElement("figure");
  leaf.className = "leaf";
  leaf.setAttribute("aria-label", page.title);
  const picture = leaf.appendChild(document.createElement("img"));
  picture.alt = page.alt || (page.words ? "" : page.title);
  picture.draggable = false;
  picture.decoding = "async";
  let layer = null;

  const resize = ({ width, height }) => {
    Object.assign(leaf.style, { width: `${width}px`, height: `${height}px` });
    picture.sizes = `${Math.ceil(width)}px`;
    if (!picture.srcset) Object.assign(picture, sourceOf(page, files));
    if (layer) layer.style.transform = `scale(${width / page.width})`;
  };
  if (page.words) {
    fetchWords(`${files}pages/${page.id}.json`).then((found) => {
      layer = wordsElement(found);
      Object.assign(layer.style, { width: `${page.width}px`, height: `${page.height}px` });
      leaf.append(layer);
      stretch(layer);
      layer.style.transform = `scale(${leaf.clientWidth / page.width})`;
      whenRead();
    });
  }
  return { leaf, resize };
};

/* Prefetch a page's picture and text. */
export const foretell = (page, files, width) => {
  const picture = new Image();
  picture.sizes = `${Math.ceil(width)}px`;
  Object.assign(picture, sourceOf(page, files));
  if (page.words) fetchWords(`${files}pages/${page.id}.json`);
};
