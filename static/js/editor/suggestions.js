/* What is suggested for this chapter, beside the text: the words now, the words proposed, and a button for each answer. Who
   suggests sees their own, with a way to take them back and to say why. */

import { button, element } from "./forms.js";
import { makeRanges } from "./ranges.js";

const MAX_REASON = 300;

const textOf = (value) => (typeof value === "string" ? value : (value ?? []).map((row) => (typeof row === "string" ? row : row[0])).join(""));

/* The change, with a few words on both sides: what is put in says nothing alone. */
const AROUND = 3;
const changeOf = ({ before, after, lead = "", rest = "" }, words) => {
  const shown = element("p", { class: "editor-change" });
  const [first, last] = [lead.trim().split(/\s+/).slice(-AROUND).join(" "), rest.trim().split(/\s+/).slice(0, AROUND).join(" ")];
  if (first) shown.append(element("span", { class: "soft" }, `… ${first}`), " ");
  if (textOf(before)) shown.append(element("del", { "aria-label": `${words.suggestionBefore}: ${textOf(before)}` }, textOf(before)), " ");
  if (textOf(after)) shown.append(element("ins", { "aria-label": `${words.suggestionAfter}: ${textOf(after)}` }, textOf(after)));
  if (last) shown.append(" ", element("span", { class: "soft" }, `${last} …`));
  return shown;
};

/* `post(url, form)` answers whether it was done; `go(block)` shows the block in the text; `reload` brings what the server
   has; `view()` is the editor's view. */
export const makeSuggestions = ({ words, post, go, reload, say, view }) => {
  const ranges = makeRanges("text-suggested");
  const list = element("ol", { class: "editor-suggestion-list" });
  const panel = element("aside", { class: "editor-suggestions", "aria-label": words.suggestions, hidden: true }, element("h2", {}, words.suggestions), list);

  const send = async (tool, url, item, form) => {
    tool.disabled = true;
    if (await post(url, form)) {
      item.remove();
      await reload();
    } else {
      tool.disabled = false;
      say(words.suggestionFailed);
    }
  };

  const answerWith = (label, url, item) => {
    const tool = button(label);
    tool.addEventListener("click", () => send(tool, url, item));
    return tool;
  };

  /* A button that asks for a reason first. */
  const explainWith = (label, url, item, reason = "") => {
    const opener = button(label, { class: "button button-link" });
    opener.addEventListener("click", () => {
      const typed = element("input", { class: "input", value: reason, maxlength: MAX_REASON, "aria-label": words.suggestionReason });
      const tool = button(words.send, { type: "submit" });
      const form = element("form", { class: "editor-comment-form" }, typed, tool);
      form.addEventListener("submit", (event) => {
        event.preventDefault();
        send(tool, url, item, { reason: typed.value });
      });
      opener.replaceWith(form);
      typed.focus();
    });
    return opener;
  };

  const itemOf = (suggestion) => {
    const { block, author, reason, label, own } = suggestion;
    const place = button(words.showPlace, { class: "button button-link" });
    place.addEventListener("click", () => go(block));
    const item = element("li", { class: "editor-suggestion", "data-for": block });
    const actions = element("div", { class: "actions" });
    if (suggestion.accept_url) actions.append(answerWith(words.accept, suggestion.accept_url, item));
    if (suggestion.decline_url) actions.append(answerWith(words.decline, suggestion.decline_url, item), explainWith(words.declineWhy, suggestion.decline_url, item));
    if (suggestion.withdraw_url) actions.append(answerWith(words.suggestionWithdraw, suggestion.withdraw_url, item));
    if (suggestion.explain_url) actions.append(explainWith(words.suggestionWhy, suggestion.explain_url, item, reason));
    const head = [own ? "" : author, label].filter(Boolean).join(" · ");
    if (head) item.append(element("p", { class: "small soft" }, head));
    item.append(changeOf(suggestion, words));
    if (reason) item.append(element("p", { class: "small editor-reason" }, `${words.suggestionReason}: ${reason}`));
    actions.append(place);
    item.append(actions);
    return item;
  };

  return {
    panel,
    plugin: ranges.plugin,
    show: (suggestions = []) => {
      panel.hidden = !suggestions.length;
      // A reason that somebody is writing stays where it is.
      if (!panel.contains(document.activeElement) || document.activeElement.tagName !== "INPUT") list.replaceChildren(...suggestions.map(itemOf));
      ranges.show(view(), suggestions);
    },
  };
};
