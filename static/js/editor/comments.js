/* Comments beside the text: the threads at the chapter's words, answers to them, and a new one on the words that are
   selected. */

import { button, element } from "./forms.js";
import { makeRanges } from "./ranges.js";

const MAX_BEFORE = 60; // characters that say which words are meant, where they stand more than once

/* The words that are selected, within one block, and what stands before them there. */
export const selectedWords = ({ doc, selection: { $from, to, empty } }) => {
  let depth = $from.depth;
  while (depth > 0 && !$from.node(depth).isTextblock) depth -= 1;
  const block = depth ? $from.node(depth).attrs.id : "";
  if (empty || !block || block.startsWith("new-")) return null;
  const words = doc.textBetween($from.pos, Math.min(to, $from.end(depth)), " ", (leaf) => (leaf.type.name === "hard_break" ? " " : ""));
  const before = doc.textBetween($from.start(depth), $from.pos, " ", "").slice(-MAX_BEFORE);
  return words.trim() ? { block, words, before } : null;
};

const bodyOf = ({ author, body, deleted, written }, words) =>
  element("li", { class: "comment" }, element("p", { class: "small" }, element("strong", {}, author), " ", element("span", { class: "soft" }, written)), element("p", { class: deleted ? "soft" : "comment-words" }, deleted ? words.commentDeleted : body));

/* `post(url, form)` answers { ok, message }; `view()` is the editor's view; `blockUrl(block)` where a comment goes. */
export const makeComments = ({ url, words, post, load, go, view, blockUrl, say }) => {
  const list = element("div", { class: "editor-comment-list" });
  const add = button(words.commentAdd);
  const panel = element("aside", { class: "editor-comments", "aria-label": words.comments, hidden: !url }, element("h2", {}, words.comments), add, list);

  const ranges = makeRanges("text-commented");
  let count = 0;
  const show = (threads) => {
    count = threads.length;
    list.replaceChildren(...threads.map(itemOf));
    ranges.show(view(), threads);
  };
  const reload = async () => {
    const answer = url ? await load(url).catch(() => null) : null;
    if (answer) show(answer.threads);
  };

  const send = async (tool, address, form) => {
    tool.disabled = true;
    const { ok, message } = await post(address, form);
    tool.disabled = false;
    if (!ok) say(message || words.suggestionFailed);
    else await reload();
    return ok;
  };

  const writing = (label, sendTo) => {
    const typed = element("textarea", { rows: 3, "aria-label": label, maxlength: 4000 });
    const tool = button(words.commentSend);
    tool.addEventListener("click", async () => {
      if (typed.value.trim()) await send(tool, ...sendTo(typed.value));
      else typed.focus();
    });
    return element("div", { class: "editor-comment-form" }, typed, tool);
  };

  const itemOf = (thread) => {
    const place = button(words.showPlace, { class: "button button-link" });
    place.addEventListener("click", () => go(thread.block));
    const actions = element("div", { class: "actions" });
    if (thread.reply_url) {
      const reply = button(words.commentReply, { class: "button button-link" });
      reply.addEventListener("click", () => {
        const form = writing(words.commentReply, (body) => [thread.reply_url, { body }]);
        reply.replaceWith(form);
        form.firstChild.focus();
      });
      actions.append(reply);
    }
    if (thread.resolve_url) {
      const resolve = button(words.commentResolve, { class: "button button-link" });
      resolve.addEventListener("click", () => send(resolve, thread.resolve_url, {}));
      actions.append(resolve);
    }
    actions.append(place);
    const said = element("ol", { class: "editor-suggestion-list" }, ...thread.comments.map((comment) => bodyOf(comment, words)));
    return element("section", { class: "editor-suggestion", "data-for": thread.block, "aria-label": thread.quote.slice(0, 60) }, element("blockquote", { class: "comment-quote" }, thread.quote), said, actions);
  };

  add.addEventListener("mousedown", (event) => event.preventDefault()); // the words stay selected
  add.addEventListener("click", () => {
    const meant = selectedWords(view().state);
    if (!meant) {
      say(words.commentSelect);
      return;
    }
    const form = writing(words.commentAdd, (body) => [blockUrl(meant.block), { words: meant.words, before: meant.before, body }]);
    form.prepend(element("blockquote", { class: "comment-quote" }, meant.words));
    list.querySelector(".editor-comment-new")?.remove();
    form.classList.add("editor-comment-new");
    list.prepend(form);
    form.querySelector("textarea").focus();
  });

  // After a save only marks can be elsewhere, because blocks have got other ids.
  return { panel, plugin: ranges.plugin, reload, refresh: () => (count ? reload() : undefined) };
};
