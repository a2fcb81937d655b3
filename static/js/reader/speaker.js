/* Says one piece of text at a time with the browser's speech, and notices when a voice falls silent.

   Chrome's own voices stop after 14 seconds without any event, Android tells no word boundaries, and its pause() cancels: so
   there is no pause here, and a watchdog. */

const SILENCE_MS = 6000; // after a boundary, none comes any more
const SLOWEST = 6; // characters a second of the slowest voice, at speed 1
const SLOWEST_UNSPACED = 2;
const START_MS = 4000; // until the voice begins
const RESTART_MS = 60; // Safari and Chrome drop what is said right after cancel()
const MAX_SILENCES = 3; // one after the other, then the voice is given up
const UNSPACED = /^(?:ja|zh|ko)\b/i;

/* `speech` is {synth, Utterance}. */
export const makeSpeaker = ({ synth, Utterance }) => {
  let current = null;
  let silences = 0;

  const forget = () => {
    if (current) clearTimeout(current.timer);
    current = null;
  };
  const watch = (one, delay) => {
    clearTimeout(one.timer);
    one.timer = setTimeout(() => fallSilent(one), delay);
  };
  const patience = ({ text, language, rate }) =>
    START_MS + (1000 * [...text].length) / ((UNSPACED.test(language) ? SLOWEST_UNSPACED : SLOWEST) * rate);

  /* Go on with the last word that was told, else with the next piece: repeating would stop at the same place. */
  const fallSilent = (one) => {
    if (one !== current) return;
    silences += 1;
    const { spoken, text, base } = one;
    forget();
    synth.cancel();
    if (silences >= MAX_SILENCES) return one.fail("silent");
    const rest = spoken > 0 ? text.slice(spoken) : "";
    if (rest.trim()) later(() => begin({ ...one, text: rest, base: base + spoken, spoken: 0 }));
    else one.end();
  };

  const later = (act) => {
    const waiting = { timer: setTimeout(() => waiting === current && act(), RESTART_MS) };
    current = waiting;
  };

  const begin = (one) => {
    forget();
    current = one;
    const utterance = new Utterance(one.text);
    one.utterance = utterance; // or Chrome collects it as garbage, and its events with it
    Object.assign(utterance, { lang: one.voice?.lang ?? one.language, rate: one.rate });
    if (one.voice) utterance.voice = one.voice;
    utterance.onboundary = (event) => {
      if (one !== current || (event.name && event.name !== "word")) return;
      silences = 0;
      one.spoken = event.charIndex;
      watch(one, SILENCE_MS);
      one.word(one.base + event.charIndex, event.charLength ?? 0);
    };
    utterance.onend = () => {
      if (one !== current) return;
      silences = 0;
      forget();
      one.end();
    };
    utterance.onerror = ({ error }) => {
      if (one !== current) return;
      forget();
      one.fail(error);
    };
    watch(one, patience(one));
    synth.speak(utterance);
  };

  return {
    /* Say a text: {text, language, voice, rate, word(at, length), end(), fail(why)}. Offsets are in UTF-16 units. */
    say: (what) => {
      const one = { ...what, base: 0, spoken: 0 };
      const isBusy = synth.speaking || synth.pending;
      forget();
      if (!isBusy) return begin(one);
      synth.cancel();
      later(() => begin(one));
    },
    stop: () => {
      forget();
      silences = 0;
      synth.cancel();
    },
  };
};
