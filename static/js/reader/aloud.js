/* Reading aloud: its bar with pause, sentences, speed and voice. */

import { makeNarrator } from "./narrator.js";
import { makeSpeaker } from "./speaker.js";
import { choose, loadVoices, voiceFor, voicesFor } from "./voices.js";

const KEY = "reader-aloud";
const SETTLED_MS = 500; // after the last page turned by hand
const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);

const readSettings = () => {
  try {
    return { rate: 1, voices: {}, ...JSON.parse(localStorage.getItem(KEY) ?? "{}") };
  } catch {
    return { rate: 1, voices: {} };
  }
};

const keepSettings = (settings) => {
  try {
    localStorage.setItem(KEY, JSON.stringify(settings));
  } catch {
    /* not stored, so it only lasts for this page */
  }
};

const languageName = (language) => {
  try {
    return new Intl.DisplayNames([document.documentElement.lang], { type: "language" }).of(language);
  } catch {
    return language;
  }
};

const optionOf = (voice) => {
  const option = document.createElement("option");
  option.value = voice.voiceURI;
  option.textContent = voice.name;
  return option;
};

/* The voices of the book's language; if there is none, all of them, to be chosen by hand. */
const fillVoices = (select, voices, language, chosen) => {
  const own = voicesFor(voices, language);
  const listed = own.length ? own : voices;
  select.replaceChildren(...listed.map(optionOf));
  select.hidden = !listed.length;
  select.value = voiceFor(voices, language, chosen)?.voiceURI ?? "";
};

const addMediaKeys = ({ settings }, act) => {
  const session = navigator.mediaSession;
  if (!session) return () => {};
  if (window.MediaMetadata) session.metadata = new MediaMetadata({ title: settings.title });
  for (const [name, does] of Object.entries(act)) {
    try {
      session.setActionHandler(name, does);
    } catch {
      /* a key that this browser does not know */
    }
  }
  return (state) => (session.playbackState = state);
};

/* `makeSite` makes what it must know about this kind of book. */
export const makeAloud = async (reader, bar, makeSite) => {
  const { settings: book } = reader;
  const button = bar.querySelector("[data-aloud-play]");
  const status = bar.querySelector("[role=status]");
  const rate = bar.querySelector("[data-aloud-rate]");
  const voice = bar.querySelector("[data-aloud-voice]");
  const synth = window.speechSynthesis;
  if (!synth) {
    const say = () => {
      bar.hidden = !bar.hidden;
      status.textContent = status.dataset.unable;
    };
    bar.querySelector("[data-aloud-stop]").addEventListener("click", () => (bar.hidden = true));
    return { toggle: say };
  }

  const settings = readSettings();
  const site = makeSite(reader);
  const voices = await loadVoices(synth);
  const voiceOf = (language) => voiceFor(voices, language, settings.voices) ?? voiceFor(voices, book.language, settings.voices);

  const tell = (state) => {
    const isPlaying = state === "playing";
    reader.isSpeaking = isPlaying;
    if (state.failed) status.textContent = status.dataset[state.failed === "not-allowed" ? "press" : "silent"];
    else if (isPlaying) status.textContent = "";
    if (!state.failed) {
      button.setAttribute("aria-label", isPlaying ? button.dataset.pause : button.dataset.play);
      button.classList.toggle("is-playing", isPlaying);
      showState(isPlaying ? "playing" : "paused");
    }
    if (state === "ended" || state === "stopped") bar.hidden = true;
  };
  const narrator = makeNarrator({
    site,
    speaker: makeSpeaker({ synth, Utterance: window.SpeechSynthesisUtterance }),
    settings,
    voiceOf,
    tell,
  });

  const play = async () => {
    const words = site.ready?.();
    if (words) await words;
    if (voiceOf(book.language)) return narrator.start();
    status.textContent = fill(status.dataset.voiceless, { language: languageName(book.language) });
  };
  const playOrPause = () => (narrator.isPlaying() ? narrator.pause() : play());
  const open = () => {
    bar.hidden = false;
    button.focus();
    play();
  };
  const stop = () => {
    narrator.stop();
    bar.hidden = true;
  };
  const showState = addMediaKeys(reader, {
    play,
    pause: () => narrator.pause(),
    stop,
    previoustrack: () => narrator.step(-1),
    nexttrack: () => narrator.step(1),
  });

  rate.value = String(settings.rate);
  fillVoices(voice, voices, book.language, settings.voices);
  rate.addEventListener("change", () => {
    settings.rate = Number(rate.value);
    keepSettings(settings);
    narrator.again();
  });
  voice.addEventListener("change", () => {
    const wanted = voices.find(({ voiceURI }) => voiceURI === voice.value);
    settings.voices = choose(settings.voices, book.language, wanted);
    keepSettings(settings);
    if (narrator.isPlaying()) narrator.again();
    else play();
  });
  button.addEventListener("click", playOrPause);
  for (const step of bar.querySelectorAll("[data-aloud-step]"))
    step.addEventListener("click", () => narrator.step(Number(step.dataset.aloudStep)));
  bar.querySelector("[data-aloud-stop]").addEventListener("click", stop);

  const { Escape: otherwise } = reader.keys;
  reader.keys.Escape = (event) => {
    if (bar.hidden) return otherwise?.(event) ?? false;
    stop();
  };
  let timer = 0;
  reader.on("moved", (moved) => {
    if (!site.moved(moved)) return;
    clearTimeout(timer);
    timer = setTimeout(() => Promise.resolve(site.ready?.()).then(narrator.moved), SETTLED_MS);
  });
  addEventListener("pagehide", () => synth.cancel());
  return { toggle: () => (bar.hidden ? open() : stop()) };
};
