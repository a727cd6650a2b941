import { signal } from "@preact/signals";
import { asFault } from "../../faults.js";
import { labelOf, tidied } from "../../models/wizard_steps.js";
import { toast } from "../notices.js";
import { wizard as wizardWords } from "../../words/en/wizard.js";

/**
 * A campaign in the making. What is typed is kept on this device at once and on the server moments
 * later; a page or a server that dies in between loses nothing.
 *
 * @typedef {{ id: string, step: string, thread_id: string | null, status: string, updated_at: string,
 *   answers: Record<string, Record<string, any>> }} Wizard
 * @typedef {import("../app.js").App} App
 * @typedef {import("../../faults.js").ApiFault} Fault
 */

const PREFIX = "ttrpg.wizard.";
const SOON = 400;
const AGAIN = 3000;

/** So many answers are named when they cannot be saved. */
const NAMED = 3;

export class WizardSheet {
  #app;
  #known;
  #dirty = /** @type {Record<string, any>} */ ({});
  #timer = /** @type {ReturnType<typeof setTimeout> | undefined} */ (undefined);
  #saving = /** @type {Promise<Fault | null> | null} */ (null);

  wizard;
  /** By name with a dot: `basics.name`. */
  answers = signal(/** @type {Record<string, any>} */ ({}));
  step = signal("basics");
  saveState = signal(/** @type {"saved" | "saving" | "waiting"} */ ("saved"));
  /** Why the campaign is not made yet, until something is saved or it is tried again. */
  trouble = signal("");

  /** @param {App} app @param {Wizard} wizard */
  constructor(app, wizard) {
    this.#app = app;
    this.wizard = signal(wizard);
    this.#known = flat(wizard.answers);
    this.#dirty = recall(wizard.id);
    this.answers.value = { ...this.#known, ...this.#dirty };
    this.step.value = wizard.step;
    if (this.#left.length > 0) this.#soon();
  }

  get id() {
    return this.wizard.peek().id;
  }

  /** Attends to what other windows and accepted proposals put in. @returns {() => void} */
  attend() {
    const leave = this.#app.attend({
      onHint: (hint) => void (hint.event === "wizard" && hint.id === this.id && this.#pull()),
      onCatchUp: () => this.#pull(),
    });
    return () => {
      leave();
      this.save();
    };
  }

  /** @param {string} name @param {any} value */
  set(name, value) {
    this.answers.value = { ...this.answers.value, [name]: value };
    this.#dirty[name] = value;
    remember(this.id, this.#dirty);
    this.#soon();
  }

  /** @param {string} step */
  go(step) {
    this.step.value = step;
    this.#soon();
  }

  /** Saves what has not been saved, and says so when that is refused. */
  async save() {
    const fault = await this.#saveAll();
    if (fault && !fault.passing) toast(fault.detail);
  }

  /**
   * Makes the campaign of everything that was answered, or not at all: as long as an answer is on
   * this device only, it stays there. Null: it was not made, and `trouble` says why.
   * @returns {Promise<{ id: string } | null>}
   */
  async finish() {
    this.trouble.value = "";
    let fault = await this.#saveAll();
    while (!fault && this.#left.length > 0) fault = await this.#saveAll();
    if (fault && this.#left.length > 0) {
      this.trouble.value = wizardWords.notSavedYet(named(this.#left), words(fault));
      return null;
    }
    try {
      const { campaign } = await this.#app.api.post(`/api/wizards/${this.id}/finish`);
      remember(this.id, {});
      return campaign;
    } catch (error) {
      this.trouble.value = words(asFault(error));
      return null;
    }
  }

  /** @param {string} threadId */
  async link(threadId) {
    this.wizard.value = await this.#app.api.patch(`/api/wizards/${this.id}`, { thread_id: threadId });
  }

  #soon(after = SOON) {
    this.saveState.value = "saving";
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.save(), after);
  }

  get #left() {
    return Object.keys(this.#dirty);
  }

  /** Asked for while it saves, it goes on until nothing is left. @returns {Promise<Fault | null>} why not */
  async #saveAll() {
    clearTimeout(this.#timer);
    if (!this.#saving && this.#left.length === 0 && this.step.peek() === this.wizard.peek().step) {
      this.saveState.value = "saved"; // a wizard that is over would refuse even nothing
      return null;
    }
    this.#saving ??= this.#save().finally(() => (this.#saving = null));
    return this.#saving;
  }

  /** @returns {Promise<Fault | null>} */
  async #save() {
    const sent = { ...this.#dirty };
    const answers = Object.fromEntries(Object.entries(sent).map(([name, value]) => [name, tidied(value)]));
    try {
      const wizard = await this.#app.api.patch(`/api/wizards/${this.id}`, { answers, step: this.step.peek() });
      this.wizard.value = wizard;
      this.#known = flat(wizard.answers);
      for (const [name, value] of Object.entries(sent)) if (this.#dirty[name] === value) delete this.#dirty[name];
      remember(this.id, this.#dirty);
      if (this.#left.length > 0) return await this.#save();
      this.saveState.value = "saved";
      this.trouble.value = "";
      return null;
    } catch (error) {
      const fault = asFault(error);
      this.saveState.value = "waiting";
      if (fault.passing) this.#timer = setTimeout(() => this.save(), AGAIN);
      return fault;
    }
  }

  async #pull() {
    try {
      const wizard = await this.#app.api.get(`/api/wizards/${this.id}`);
      const now = flat(wizard.answers);
      // Only what was changed there: what is being typed here stays as it is typed.
      const news = Object.entries(now).filter(
        ([name, value]) => !(name in this.#dirty) && !same(value, this.#known[name]),
      );
      this.#known = now;
      this.wizard.value = wizard;
      if (news.length > 0) this.answers.value = { ...this.answers.value, ...Object.fromEntries(news) };
    } catch (error) {
      asFault(error); // the next hint pulls once more
    }
  }
}

/** @param {Record<string, Record<string, any>>} answers */
function flat(answers) {
  return Object.fromEntries(
    Object.entries(answers).flatMap(([step, fields]) =>
      Object.entries(fields).map(([name, value]) => [`${step}.${name}`, value]),
    ),
  );
}

/** Some answers by what they are called on the screen. @param {string[]} names */
function named(names) {
  const first = names.slice(0, NAMED).map((name) => `“${labelOf(name)}”`);
  if (names.length > NAMED) first.push(wizardWords.andMore(names.length - NAMED));
  return first.join(", ");
}

/** @param {Fault} fault */
const words = ({ detail, cure }) => [detail, cure].filter(Boolean).join(" ");

/** @param {any} a @param {any} b */
const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

/** @param {string} id @returns {Record<string, any>} */
function recall(id) {
  try {
    return JSON.parse(localStorage.getItem(PREFIX + id) ?? "{}");
  } catch {
    return {}; // not kept or not readable: what the server has is what there is
  }
}

/** @param {string} id @param {Record<string, any>} dirty */
function remember(id, dirty) {
  try {
    if (Object.keys(dirty).length === 0) localStorage.removeItem(PREFIX + id);
    else localStorage.setItem(PREFIX + id, JSON.stringify(dirty));
  } catch {
    // No room: it is saved on the server moments later.
  }
}
