/* A swipe of one finger turns the page, unless the page is enlarged. */

const SWIPE_PX = 45;

export const addSwipes = (stage, { isOff, turnTo }) => {
  let start = null;
  stage.addEventListener("touchstart", (event) => (start = event.touches.length === 1 ? event.touches[0] : null), { passive: true });
  stage.addEventListener("touchend", (event) => {
    if (!start || isOff() || (window.visualViewport?.scale ?? 1) > 1.05) return;
    const x = event.changedTouches[0].clientX - start.clientX;
    const y = event.changedTouches[0].clientY - start.clientY;
    if (Math.abs(x) > SWIPE_PX && Math.abs(x) > 2 * Math.abs(y)) turnTo(x < 0 ? "right" : "left");
    start = null;
  });
};
