/* A browser's speech for tests: no engine here has a voice. It takes time by the letter, tells words or does not, and may fall
   silent after some seconds without an event, as Chrome's own voices do. */

export const makeFakeSpeech = ({ perLetter = 1, hasBoundaries = true, silentAfter = Infinity, voices = [] } = {}) => {
  const said = []; // {text, lang, rate, voice}
  let current = null;
  let timers = [];
  class Utterance {
    constructor(text) {
      this.text = text;
    }
  }
  const after = (delay, act) => timers.push(setTimeout(act, delay));
  const synth = {
    said,
    pending: false,
    get speaking() {
      return current !== null;
    },
    getVoices: () => voices,
    addEventListener: () => {},
    speak: (utterance) => {
      current = utterance;
      const { text, lang, rate, voice } = utterance;
      said.push({ text, lang, rate, voice: voice?.name ?? null });
      const delay = (offset) => (offset * perLetter) / rate;
      for (const { index, 0: word } of hasBoundaries ? text.matchAll(/\S+/g) : []) {
        if (delay(index) > silentAfter) break;
        after(delay(index), () => utterance.onboundary?.({ name: "word", charIndex: index, charLength: word.length }));
      }
      if (delay(text.length) > silentAfter) return;
      after(delay(text.length), () => {
        current = null;
        utterance.onend?.({});
      });
    },
    cancel: () => {
      const interrupted = current;
      current = null;
      timers.forEach(clearTimeout);
      timers = [];
      if (interrupted) setTimeout(() => interrupted.onerror?.({ error: "interrupted" }), 0);
    },
  };
  return { synth, Utterance };
};
