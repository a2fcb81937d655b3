/* Pay what you want: a slider next to the price field, and what the author gets, updated on input. The field's value
   counts. Without scripts there is only the field, and a separate page says what the author gets. */
document.addEventListener("DOMContentLoaded", () => {
  for (const place of document.querySelectorAll("[data-net-of]")) {
    const input = document.getElementById(place.dataset.netOf);
    let waiting = 0;
    const show = async () => {
      const address = place.dataset.netHref + encodeURIComponent(input.value.trim());
      const answer = await fetch(address, { headers: { "HX-Request": "true" } }).catch(() => null);
      if (answer && answer.ok) place.innerHTML = await answer.text();
    };
    input.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(show, 250);
    });
    show();
  }
  for (const range of document.querySelectorAll("[data-slides]")) {
    const field = document.getElementById(range.dataset.slides);
    const money = new Intl.NumberFormat(document.documentElement.lang, { style: "currency", currency: range.dataset.currency });
    const places = money.resolvedOptions().maximumFractionDigits;
    const written = new Intl.NumberFormat(document.documentElement.lang, { useGrouping: false, minimumFractionDigits: places, maximumFractionDigits: places });
    let isSliding = false;
    const follow = () => {
      // Drop thousands separators and keep the decimals: close enough for the slider. The server parses the field itself.
      const text = field.value.replace(/[^\d.,]/g, "").replace(/[.,](?=\d{3}(?:\D|$))/g, "").replace(",", ".");
      if (text === "" || Number.isNaN(Number(text))) return;
      if (!isSliding) range.value = text;
      range.setAttribute("aria-valuetext", money.format(text));
    };
    range.addEventListener("input", () => {
      field.value = written.format(Math.max(range.value, range.dataset.least));
      isSliding = true;
      field.dispatchEvent(new Event("input"));
      isSliding = false;
    });
    field.addEventListener("input", follow);
    follow();
  }
});
