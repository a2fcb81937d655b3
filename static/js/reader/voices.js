/* The voices of the device, and the one for a language. */

const WAIT_MS = 2000; // Chrome tells its voices late

const tag = (language) => language.replace("_", "-").toLowerCase();
const primary = (language) => tag(language).split("-")[0];

/* The voices once the browser knows them; none if it has none. */
export const loadVoices = (synth) =>
  new Promise((done) => {
    if (synth.getVoices().length) return done(synth.getVoices());
    const finish = () => done(synth.getVoices());
    synth.addEventListener?.("voiceschanged", finish, { once: true });
    setTimeout(finish, WAIT_MS);
  });

/* The voices that speak a language: those on the device first, of them those of the same region, then the default one. */
export const voicesFor = (voices, language) => {
  const rank = (voice) => (voice.localService ? 0 : 4) + (tag(voice.lang) === tag(language) ? 0 : 2) + (voice.default ? 0 : 1);
  return voices.filter((voice) => primary(voice.lang) === primary(language)).sort((a, b) => rank(a) - rank(b));
};

/* The voice for a language: the one chosen for it, else the best; null if none speaks it. */
export const voiceFor = (voices, language, chosen = {}) => {
  const uri = chosen[primary(language)];
  return voices.find((voice) => uri && voice.voiceURI === uri) ?? voicesFor(voices, language)[0] ?? null;
};

export const choose = (chosen, language, voice) => ({ ...chosen, [primary(language)]: voice.voiceURI });
