/* The editor of a chapter. The page names its addresses at [data-editor] and its words in #editor-data; without this
   script the page has a form for each block, which stays if the chapter cannot be loaded. */

import { history, undo } from "prosemirror-history";
import { EditorState, TextSelection } from "prosemirror-state";
import { EditorView } from "prosemirror-view";
import { makeComments } from "./comments.js";
import { makeConflicts } from "./conflicts.js";
import { blocksById, readDocument, writeDocument } from "./document.js";
import { ask, element } from "./forms.js";
import { fromServer, guard } from "./guard.js";
import { keepIds } from "./ids.js";
import { makeIslands } from "./islands.js";
import { keptCopies } from "./kept.js";
import { editorKeys } from "./keys.js";
import { showLeft } from "./left.js";
import { findBlock, markBlocks, marked } from "./marked.js";
import { isSame, lossOf, merge } from "./merge.js";
import { makeOpeners } from "./openers.js";
import { pasting } from "./paste.js";
import { patch } from "./patch.js";
import { makeSaving } from "./saving.js";
import { makeStatus } from "./status.js";
import { makeSuggestions } from "./suggestions.js";
import { makeToolbar } from "./toolbar.js";

const COARSE = matchMedia("(pointer: coarse)");

const load = async (url) => {
  const answer = await fetch(url, { credentials: "same-origin", headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
};

/* The chapter as it came, what the server has of it, and the view on what is typed. */
const makeEditor = (place, data, first, copies) => {
  const { words } = data;
  let base = first; // as the server has it
  let savedDoc = null;
  let view = null;
  let lossAccepted = null;
  const known = new Set(blocksById(first).keys());
  const status = makeStatus(words);
  const tokenOf = () => place.dataset.token;
  const isOneBlock = () => COARSE.matches;
  const upload = data.putPicture ? (...given) => putPicture(...given) : null; // who only suggests puts no pictures in
  const openers = makeOpeners({ words, chapter: () => base, say: status.say, upload, pictureTypes: data.pictureTypes });

  /* ---- what saving needs */

  const write = (options) => writeDocument(view.state.doc, base, options);
  const learn = (chapter) => {
    for (const id of blocksById(chapter).keys()) known.add(id);
  };

  /* Put a chapter into the view, as far as it differs. */
  const bring = (chapter) => {
    const wanted = readDocument(chapter);
    const { tr } = view.state;
    try {
      patch(tr, wanted);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      tr.replaceWith(0, tr.doc.content.size, wanted.content);
    }
    if (tr.docChanged) view.dispatch(fromServer(tr));
  };

  /* Bring what the server has into what is typed. Returns the conflicts. */
  const join = (ancestor, theirs) => {
    const mine = write({ isWhole: true });
    const { document: joined, conflicts } = merge(ancestor, theirs, mine);
    learn(theirs);
    base = { suggestions: base.suggestions, ...theirs, objects: theirs.objects ?? {} };
    bring(joined);
    return conflicts;
  };

  const chapter = {
    base: () => base,
    write,
    isChanged: () => Boolean(view) && !view.state.doc.eq(savedDoc),
    mark: (sent) => ({ document: sent, doc: view.state.doc }),
    adopt: (sent, { revision, document: theirs }) => {
      lossAccepted = null;
      markBlocks(view, new Map());
      const isTyped = !view.state.doc.eq(sent.doc);
      if (theirs && theirs.base !== base.base && isTyped) return chapter.onReplaced();
      const ancestor = sent.document;
      const next = { suggestions: base.suggestions, ...(theirs ?? ancestor), revision };
      const conflicts = theirs ? join(ancestor, next) : [];
      base = next;
      savedDoc = isTyped || conflicts.length ? readDocument(next) : view.state.doc;
      suggestions.show(next.suggestions);
      comments.refresh();
      if (conflicts.length) decide(conflicts);
      return undefined;
    },
    asksFirst: (written, { isQuiet = false } = {}) => {
      const loss = lossOf(base, written);
      if (!loss || lossAccepted === view.state.doc) return false;
      if (!isQuiet) askLoss(loss);
      return true;
    },
    onConflict: ({ document: theirs, revision, conflicts: named }) => {
      if (theirs.base !== base.base) return chapter.onReplaced();
      const ancestor = base;
      const found = join(ancestor, { ...theirs, revision });
      savedDoc = readDocument(base);
      const seen = new Set(found.map(({ block }) => block));
      const others = (named ?? []).filter(({ block }) => !seen.has(block)).map((conflict) => asBlocks(conflict, ancestor, theirs));
      const all = [...found, ...others.filter(({ mine, theirs: other }) => !isSame(mine, other))];
      if (all.length) decide(all);
      else saving.release();
      return undefined;
    },
    settle: () => markBlocks(view, new Map()),
    /* Another manuscript was read: what is typed counts in the one before, and stays on this device. */
    onReplaced: () => {
      saving.hold("replaced");
      saving.keep();
      status.show("replaced", "", [[words.reload, () => location.reload()]]);
    },
    onRefused: ({ block, message }) => {
      if (block) markBlocks(view, new Map([[block, "is-refused"]]));
      status.show("refused", message, block ? [[words.showPlace, () => go(block)]] : []);
    },
  };

  /* A conflict that the server names has texts only. */
  const asBlocks = ({ block }, ancestor, theirs) => {
    const mine = blocksById(write({ isWhole: true })).get(block) ?? null;
    return { block, base: blocksById(ancestor).get(block) ?? null, theirs: blocksById(theirs).get(block) ?? null, mine };
  };

  const askLoss = ({ lost, all }) => {
    const sentence = words.states.loss.replace("{lost}", lost).replace("{all}", all);
    const saveIt = () => {
      lossAccepted = view.state.doc;
      saving.release();
    };
    const takeBack = () => {
      undo(view.state, view.dispatch);
      view.focus();
      saving.release();
      if (!chapter.isChanged()) status.show("saved");
    };
    status.show("loss", sentence, [[words.saveLoss, saveIt], [words.tools.undo, takeBack]]);
  };

  /* ---- conflicts */

  const keepTheirs = ({ block, theirs }) => {
    const pos = findBlock(view.state.doc, block);
    if (pos === null) return;
    const { tr } = view.state;
    const old = tr.doc.nodeAt(pos);
    const made = theirs && readDocument({ ...base, blocks: [theirs], notes: [] }).firstChild;
    // A part of a block is built within its own kind.
    if (made && made.type === old.type) tr.replaceWith(pos, pos + old.nodeSize, made);
    else if (theirs?.text && old.isTextblock) {
      const paragraph = readDocument({ ...base, blocks: [{ ...theirs, kind: "paragraph" }], notes: [] }).firstChild;
      tr.replaceWith(pos + 1, pos + 1 + old.content.size, paragraph.content);
    } else if (!theirs) tr.delete(pos, pos + old.nodeSize);
    if (tr.docChanged) view.dispatch(fromServer(tr));
  };

  const conflicts = makeConflicts({
    words,
    keep: (conflict, side) => side === "theirs" && keepTheirs(conflict),
    onChange: (open) => markBlocks(view, new Map(open.map(({ block }) => [block, "is-conflict"]))),
    done: () => {
      view.focus();
      saving.release();
      if (!chapter.isChanged()) {
        copies.drop();
        status.show("saved");
      }
    },
  });

  const decide = (found) => {
    saving.hold("conflict");
    status.show("conflict");
    conflicts.show(found);
  };

  /* ---- suggestions */

  const go = (block) => {
    const pos = findBlock(view.state.doc, block);
    if (pos === null) return;
    view.focus();
    view.dispatch(view.state.tr.setSelection(TextSelection.near(view.state.doc.resolve(pos + 1))).scrollIntoView());
    view.nodeDOM(pos)?.scrollIntoView?.({ block: "center" });
  };

  const postForm = (url, form) =>
    fetch(url, { method: "POST", credentials: "same-origin", headers: { Accept: "application/json", "X-CSRFToken": tokenOf() }, body: new URLSearchParams(form) }).catch(() => null);

  const suggestions = makeSuggestions({
    words,
    go,
    view: () => view,
    say: status.say,
    post: async (url, form = {}) => Boolean((await postForm(url, form))?.ok),
    reload: async () => {
      const theirs = await load(place.dataset.documentUrl).catch(() => null);
      if (!theirs) return;
      takeOver(theirs);
      suggestions.show(theirs.suggestions);
    },
  });

  /* ---- pictures */

  /* What the server has, after it has changed the chapter by itself. */
  const takeOver = (theirs) => {
    const found = join(base, theirs);
    savedDoc = readDocument(base);
    if (found.length) decide(found);
    else saving.changed();
  };

  /* What is typed is saved first: the server changes the chapter as it has it. */
  const putPicture = async (file, block, isNew) => {
    await saving.now();
    if (block?.startsWith("new-") || chapter.isChanged()) return status.say(words.pictureLater);
    status.show("saving");
    const body = new FormData();
    body.append("picture", file);
    body.append("block", block);
    if (isNew) body.append("place", "after");
    const headers = { Accept: "application/json", "X-CSRFToken": tokenOf() };
    const answer = await fetch(data.putPicture, { method: "POST", credentials: "same-origin", headers, body }).catch(() => null);
    const found = await answer?.json().catch(() => ({}));
    status.show("saved");
    if (answer?.ok) takeOver({ ...found.document, revision: found.revision, suggestions: base.suggestions });
    else status.say(found?.message || words.pictureFailed);
    return undefined;
  };

  /* ---- comments */

  const comments = makeComments({
    url: place.dataset.commentsUrl,
    words,
    load,
    go,
    view: () => view,
    say: status.say,
    blockUrl: (block) => `${place.dataset.commentsUrl}${encodeURIComponent(block)}/`,
    post: async (url, form) => {
      const answer = await postForm(url, form);
      const body = answer?.ok ? {} : await answer?.json().catch(() => ({}));
      return { ok: Boolean(answer?.ok), message: body?.message };
    },
  });

  /* ---- the view */

  const saving = makeSaving({ url: place.dataset.saveUrl, token: tokenOf, chapter, copies, show: (state, message) => status.show(state, message, actionsOf(state)) });
  const actionsOf = (state) => (["loggedOut", "tooLarge", "offline"].includes(state) ? [[words.tryAgain, () => saving.now()]] : []);

  const doc = readDocument(first);
  savedDoc = doc;
  const toToolbar = () => {
    toolbar.enter();
    return true;
  };
  const save = () => {
    saving.now();
    return true;
  };
  const refusals = { fixed: words.refusedFixed, oneBlock: words.refusedOneBlock };
  const mount = element("div", { class: "editor-page" });
  view = new EditorView(mount, {
    state: EditorState.create({
      doc,
      plugins: [
        editorKeys({ openers, toToolbar, save }),
        history(),
        keepIds(known),
        guard({ isOneBlock, onRefused: (why) => status.say(refusals[why]) }),
        marked({ isOneBlock }),
        comments.plugin,
        suggestions.plugin,
      ],
    }),
    attributes: {
      class: "editor-text chapter-text",
      role: "textbox",
      "aria-multiline": "true",
      "aria-label": words.text,
      "data-placeholder": words.placeholder,
      lang: first.attributes.lang || data.language,
      dir: first.attributes.direction || "auto",
      spellcheck: "true",
    },
    nodeViews: makeIslands({ data, words, chapter: () => base, open: (name, ...more) => openers[name](...more), say: status.say }),
    dispatchTransaction: (tr) => {
      view.updateState(view.state.apply(tr));
      toolbar.update(view.state);
      if (tr.docChanged) saving.changed();
    },
    ...pasting(() => base),
  });
  const toolbar = makeToolbar({ words, openers, view: () => view });
  toolbar.update(view.state);

  const frame = element("div", { class: "editor" }, element("div", { class: "editor-head" }, toolbar.bar, status.line), status.hint, status.banner, conflicts.list);
  frame.append(element("div", { class: "editor-sheet" }, mount, element("div", { class: "editor-margin" }, suggestions.panel, comments.panel)));
  place.replaceChildren(frame);
  place.dataset.editorState = "open";
  suggestions.show(first.suggestions);
  comments.reload();
  status.show("ready");
  if (!view.state.doc.textContent.trim()) view.focus();

  return {
    /* A copy that was left on this device: its changes come into the text, are kept anew and are saved. */
    restore: (copy, forget) => {
      if (copy.base.base !== base.base) return showLeft({ copy, forget, words, status });
      const now = write({ isWhole: true });
      const { document: joined, conflicts: found } = merge(copy.base, now, copy.document);
      if (!isSame(joined.blocks, now.blocks) || !isSame(joined.notes, now.notes) || !isSame(joined.objects, now.objects)) {
        bring(joined);
        status.show("restored");
        if (found.length) decide(found);
        else saving.changed();
        saving.keep();
      }
      return forget();
    },
  };
};

const start = async () => {
  const place = document.querySelector("[data-editor]");
  const data = JSON.parse(document.getElementById("editor-data").textContent);
  const first = await load(place.dataset.documentUrl);
  const copies = keptCopies(`${data.person}:${data.work}:${data.chapter}`);
  const editor = makeEditor(place, data, first, copies);
  copies.takeOver(editor.restore);
};

/* Where it cannot start, the page's own forms stay. */
if (document.querySelector("[data-editor]"))
  start().catch((error) => {
    document.querySelector("[data-editor]").dataset.editorState = "failed";
    console.error("The editor did not start:", error);
  });

