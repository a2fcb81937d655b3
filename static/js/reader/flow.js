/* Pages or scrolling: foliate's paginator, or our scroller, as the view's renderer.

   Tells `renderer` with the new one. Adds `openView` to the reader. */

const RENDERERS = { paginated: "foliate-paginator", scrolled: "octavo-scroller" };

export const addFlow = (reader) => {
  const { look, view } = reader;
  let shown = "";

  reader.openView = async () => {
    shown = look.flow;
    if (shown === "scrolled") await import("./scrolling/scroller.js");
    reader.book.renderer = RENDERERS[shown];
    await view.open(reader.book);
    reader.tell("renderer", view.renderer);
    reader.tell("look", look);
  };
  const change = async () => {
    if (!reader.isChangingFlow()) return;
    const cfi = reader.heldCfi ?? view.lastLocation.cfi;
    view.close();
    reader.isFlowing = true; // the same place in another form
    await reader.openView();
    await reader.leap(view.resolveNavigation(cfi)).finally(() => (reader.isFlowing = false));
  };
  reader.isChangingFlow = () => shown !== look.flow;
  reader.on("look", () => shown && reader.isChangingFlow() && reader.queue(change));
};
