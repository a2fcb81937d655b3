/* Chapters in one column, to be scrolled from the first line of the book to its last. A renderer as foliate's view needs
   one, in place of its paginator: docs/reading.md says which parts of its interface there are.

   Only the chapters near what is shown are in the column. Whatever changes its length above (a chapter that is added or
   taken away, a picture that comes) is made up for in the same step, so that what is shown stays where it is. Browsers'
   own scroll anchoring is off: it does nothing at the start of the box, which is where chapters are added. */

import { axisOf } from "./axis.js";
import { makeFilling } from "./filling.js";
import { isVerticalDocument, makeFrame, STYLE } from "./frame.js";
import { makeSheets } from "./sheets.js";
import { putCaret, rectOf, visibleRange } from "./visible.js";

const FAR = 6; // screens from which on they are taken away
const STEP = 0.9; // of a screen, so that the last lines are seen again
const LINE_PX = 48; // of an arrow key
const SETTLED_MS = 150;

export class Scroller extends HTMLElement {
  static observedAttributes = ["gap", "margin", "max-inline-size"];
  #root = this.attachShadow({ mode: "closed" });
  #box = null;
  #axis = axisOf(false);
  #frames = [];
  #coming = new Map(); // by index: the chapters that are loading
  #sheets = makeSheets();
  #anchor = null; // {index, target, offset}: what is shown, and how far from the start of the box
  #known = 0; // the position that we have set or seen: any other is the reader's own scrolling
  #round = 0; // counts the columns: a chapter that loads for an earlier one is not wanted any more
  #fill = makeFilling(this, {
    add: (index, isBefore) => this.#add(index, isBefore),
    trim: () => this.#trim(),
    round: () => this.#round,
  });
  #timer = 0;
  #reason = ""; // of what is told when all has settled
  #observer = new ResizeObserver(() => this.#layAll());

  constructor() {
    super();
    this.#root.innerHTML = `<style>${STYLE}</style><div id="box"></div>`;
    this.#box = this.#root.getElementById("box");
    this.#box.addEventListener("scroll", () => this.#onScroll(), { passive: true });
    this.#observer.observe(this.#box);
  }

  // -------------------------------------------------------------- what foliate's view asks for

  open(book) {
    this.sections = book.sections;
  }
  setStyles(styles) {
    this.#sheets.set(styles, this.#frames.map(({ doc }) => doc));
    for (const frame of this.#frames) frame.measure();
  }
  attributeChangedCallback() {
    this.#layAll();
  }
  /* The loaded chapters, the current one first. */
  getContents() {
    const current = this.#current();
    const rest = this.#frames.filter((frame) => frame !== current);
    return (current ? [current, ...rest] : []).map(({ index, overlayer, doc }) => ({ index, overlayer, doc }));
  }
  async goTo(target) {
    const { index, anchor, select } = await target;
    if (!this.sections[index]) return;
    const frame = this.#frameOf(index) ?? (await this.#begin(index));
    if (!frame) return;
    const found = (typeof anchor === "function" ? anchor(frame.doc) : anchor) ?? 0;
    await this.#show(frame, found, select ? "selection" : "navigation");
  }
  async scrollToAnchor(anchor, select) {
    const doc = anchor?.startContainer?.ownerDocument ?? anchor?.ownerDocument;
    const frame = this.#frames.find((one) => one.doc === doc) ?? this.#current();
    if (frame) await this.#show(frame, anchor, select ? "selection" : "navigation");
  }
  async next(distance) {
    this.#step(distance ?? this.size * STEP);
  }
  async prev(distance) {
    this.#step(-(distance ?? this.size * STEP));
  }
  scrollLines(count) {
    this.#box.scrollBy(this.#axis.scroll(count * LINE_PX));
  }
  focusView() {
    this.#current()?.doc.defaultView.focus();
  }
  destroy() {
    this.#observer.disconnect();
    clearTimeout(this.#timer);
    this.#clear();
  }
  get start() {
    return this.#axis.at(this.#box);
  }
  get size() {
    return this.#axis.room(this.#box);
  }
  get end() {
    return this.start + this.size;
  }
  get viewSize() {
    return this.#axis.whole(this.#box);
  }
  get isEmpty() {
    return !this.#frames.length;
  }
  /* The first or last chapter in the column. */
  edge(isForward) {
    return (isForward ? this.#frames.at(-1) : this.#frames[0])?.index ?? 0;
  }

  // -------------------------------------------------------------- the column

  #frameOf(index) {
    return this.#frames.find((frame) => frame.index === index);
  }
  #clear() {
    this.#round += 1;
    this.#coming = new Map();
    for (const frame of this.#frames) this.#drop(frame);
    this.#frames = [];
    this.#anchor = null;
  }
  #drop({ element, index }) {
    element.remove();
    this.sections[index].unload();
  }
  /* A chapter of an earlier column, which may have been asked for again. */
  #discard(frame) {
    if (this.#coming.has(frame.index) || this.#frameOf(frame.index)) frame.element.remove();
    else this.#drop(frame);
    return null;
  }
  /* Begin a column with this chapter, unless it is the next to one that is there. */
  async #begin(index) {
    const isNext = this.#frames.length && index === this.edge(true) + 1;
    const isBefore = this.#frames.length && index === this.edge(false) - 1;
    if (!isNext && !isBefore) this.#clear();
    return this.#add(index, isBefore);
  }
  #add(index, isBefore) {
    const round = this.#round;
    const coming = this.#coming;
    if (!coming.has(index)) coming.set(index, this.#make(index, isBefore, round).finally(() => coming.delete(index)));
    return coming.get(index);
  }
  async #make(index, isBefore, round) {
    const address = await this.sections[index].load();
    if (round !== this.#round) return null;
    const frame = makeFrame(index, (change) => this.#keep(change));
    this.#keep(() => this.#box[isBefore ? "prepend" : "append"](frame.element));
    await frame.load(address, (doc) => this.#prepare(doc, index));
    if (round !== this.#round) return this.#discard(frame);
    this.#frames = isBefore ? [frame, ...this.#frames] : [...this.#frames, frame];
    this.#setAxis(frame.doc);
    frame.watch(this.#axis);
    frame.lay(this.#sizes());
    const attach = (overlayer) => (frame.overlayer = overlayer);
    this.dispatchEvent(new CustomEvent("create-overlayer", { detail: { doc: frame.doc, index, attach } }));
    frame.measure();
    return frame;
  }
  #prepare(doc, index) {
    this.#sheets.add(doc);
    this.dispatchEvent(new CustomEvent("load", { detail: { doc, index } }));
  }
  #setAxis(doc) {
    const isVertical = isVerticalDocument(doc);
    this.#axis = axisOf(isVertical);
    this.#box.classList.toggle("vertical", isVertical);
  }
  #sizes() {
    const margin = this.getAttribute("margin") ?? "0px";
    const gap = (parseFloat(this.getAttribute("gap") ?? "7") / 100) * this.#box.clientWidth;
    this.style.setProperty("--margin", margin);
    const tallest = `${Math.max(100, this.#box.clientHeight - 2 * this.#margin)}px`;
    return { margin, gap: `${gap}px`, inline: this.getAttribute("max-inline-size") ?? "none", tallest };
  }
  #layAll() {
    const sizes = this.#sizes();
    for (const frame of this.#frames) frame.lay(sizes);
    this.#restore();
    if (this.#frames.length) this.#settle("anchor");
  }

  /* Take away what is far from what is shown. */
  #trim() {
    const far = this.size * FAR;
    const current = this.#current();
    const isFar = (frame) => this.#startOf(frame) + frame.length < this.start - far || this.#startOf(frame) > this.end + far;
    const gone = this.#frames.filter((frame) => frame !== current && isFar(frame));
    if (!gone.length) return;
    this.#frames = this.#frames.filter((frame) => !gone.includes(frame));
    this.#keep(() => gone.forEach((frame) => this.#drop(frame)));
  }

  // -------------------------------------------------------------- places

  get #margin() {
    return parseFloat(this.getAttribute("margin") ?? "0");
  }
  #startOf({ element }) {
    return this.#axis.offset(element.getBoundingClientRect(), this.#box.getBoundingClientRect()) + this.start;
  }
  /* The chapter at the start of the screen; at the very end, the last one. */
  #current() {
    if (this.#isAtEnd()) return this.#frames.at(-1);
    const line = this.start + this.#margin + 1;
    return this.#frames.findLast((frame) => this.#startOf(frame) <= line) ?? this.#frames[0];
  }
  #isAtEnd() {
    return this.edge(true) === this.sections?.length - 1 && this.start > 0 && this.viewSize - this.end <= 2;
  }
  #positionOf(frame, target) {
    const start = this.#startOf(frame);
    if (target === 1) return start + Math.max(0, frame.length - this.size);
    if (typeof target === "number") return start + target * frame.length;
    return start + this.#axis.within(rectOf(target), frame.length).start;
  }
  async #show(frame, target, reason) {
    this.#anchor = { index: frame.index, target, offset: target === 1 ? -this.#margin : this.#margin };
    const filled = this.#fill();
    if (!this.#restore()) await filled; // only then is the column long enough
    this.#relocate(reason, frame);
  }
  #restore() {
    const frame = this.#anchor && this.#frameOf(this.#anchor.index);
    if (!frame) return true;
    const wanted = this.#positionOf(frame, this.#anchor.target) - this.#anchor.offset;
    this.#scrollTo(wanted);
    return Math.abs(this.start - wanted) < 2;
  }
  #keep(change) {
    this.#onScroll(); // the event may still be on its way
    change();
    this.#restore();
    if (this.#frames.length) this.#settle("anchor");
  }
  #scrollTo(position) {
    this.#axis.put(this.#box, position);
    this.#known = this.start;
  }
  #holdTop() {
    const frame = this.#current();
    if (frame) this.#anchor = { index: frame.index, target: 0, offset: this.#startOf(frame) - this.start };
  }
  #step(by) {
    this.#scrollTo(this.start + by);
    this.#holdTop();
    this.#relocate("page");
    this.#fill();
  }
  #onScroll() {
    if (Math.abs(this.start - this.#known) < 1) return;
    this.#known = this.start;
    this.#holdTop();
    this.#settle("scroll");
    this.#fill();
  }
  /* What the reader scrolled is not forgotten if lengths change meanwhile. */
  #settle(reason) {
    clearTimeout(this.#timer);
    if (this.#reason !== "scroll") this.#reason = reason;
    this.#timer = setTimeout(() => this.#relocate(this.#reason), SETTLED_MS);
  }
  #relocate(reason, frame = this.#current()) {
    if (!frame) return;
    clearTimeout(this.#timer);
    this.#reason = "";
    const from = this.start + this.#margin - this.#startOf(frame);
    const place = (rect) => this.#axis.within(rect, frame.length);
    const range = visibleRange(frame.doc, place, Math.max(0, from), Math.max(1, from + this.size - this.#margin));
    if (range && reason !== "anchor") this.#holdRange(frame, range, reason);
    const share = frame.length ? Math.max(0, Math.min(1, from / frame.length)) : 0;
    const fraction = this.#isAtEnd() && frame.index === this.sections.length - 1 ? 1 : share;
    this.dispatchEvent(new CustomEvent("relocate", { detail: { reason, range, index: frame.index, fraction } }));
  }
  /* After a jump, the caret is there, for those who read on by screen reader or select by keyboard. */
  #holdRange(frame, range, reason) {
    if (reason === "page" || reason === "scroll") {
      const target = range.cloneRange();
      target.collapse(true);
      this.#anchor = { index: frame.index, target, offset: this.#positionOf(frame, target) - this.start };
      return;
    }
    const { target } = this.#anchor;
    putCaret(target.startContainer ? target : range, reason === "selection");
  }
}

customElements.define("octavo-scroller", Scroller);
