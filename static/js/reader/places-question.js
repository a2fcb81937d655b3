/* Asks where to go when another device, or another tab, was in the book later. */

const UNITS = [["day", 86_400_000], ["hour", 3_600_000], ["minute", 60_000]];

/* "yesterday", "3 hours ago", in the language of the page. */
export const whenOf = (at, now = Date.now()) => {
  const format = new Intl.RelativeTimeFormat(document.documentElement.lang || undefined, { numeric: "auto" });
  if (now - at >= 43_200_000) {
    const dayOf = (time) => new Date(time).setHours(0, 0, 0, 0);
    return format.format(Math.round((dayOf(at) - dayOf(now)) / 86_400_000), "day");
  }
  const [unit, length] = UNITS.find(([, milliseconds]) => now - at >= milliseconds) ?? ["minute", 60_000];
  return format.format(-Math.round((now - at) / length), unit);
};

export const askWhere = (find, labelOf) => (place, { isThisDevice, go, stay }) => {
  const bar = find("[data-reader-further]");
  const words = bar.querySelector("[data-label-tab]");
  const answer = (button, act) => {
    bar.querySelector(button).onclick = () => {
      bar.hidden = true;
      act();
    };
  };
  answer("[data-stay]", stay);
  answer("[data-go]", go);
  bar.hidden = false;
  const values = { place: labelOf(place), device: place.name, when: whenOf(place.at) };
  const label = isThisDevice || !place.name ? words.dataset.labelTab : words.dataset.labelDevice;
  words.textContent = label.replace(/\{(\w+)\}/g, (_, name) => values[name]);
};
