/* Loads the chapters near what is shown into the column, one at a time, then takes away those that are far from it. */

const NEAR = 2.5; // screens around what is shown for which chapters are loaded
const AGAIN_MS = 5000; // until a chapter that did not come is asked for again

/* `column` is the scroller; `add(index, isBefore)` puts a chapter there, and `round()` tells its columns apart. Whoever scrolls
   to a chapter that does not come is told so by `stuck`. */
export const makeFilling = (column, { add, trim, round }) => {
  let filling = null;
  let failedAt = -Infinity;

  const nextTo = (isForward) => column.edge(isForward) + (isForward ? 1 : -1);
  const isThere = (index) => !column.isEmpty && Boolean(column.sections[index]);

  const addNeighbour = async (isForward) => {
    const begun = round();
    const index = nextTo(isForward);
    if (!isThere(index) || performance.now() - failedAt < AGAIN_MS) return false;
    try {
      await column.sections[index].ready({ ahead: true });
    } catch {
      failedAt = performance.now();
      return false;
    }
    return begun === round() && Boolean(await add(index, !isForward));
  };
  const fillOne = async () => {
    const near = column.size * NEAR;
    if (column.viewSize - column.end < near && (await addNeighbour(true))) return true;
    return column.start < near && addNeighbour(false);
  };
  const tellStuck = () => {
    const isForward = column.viewSize - column.end <= 2;
    const index = nextTo(isForward);
    if (!isThere(index) || (!isForward && column.start > 0)) return;
    column.dispatchEvent(new CustomEvent("stuck", { detail: { index, anchor: isForward ? 0 : 1 } }));
  };
  const fillAll = async () => {
    while (await fillOne());
    trim();
    tellStuck();
  };
  /* Resolves when all that is near is there. */
  return () => {
    filling ??= fillAll().finally(() => (filling = null));
    return filling;
  };
};
