import { signal } from "@preact/signals";
import { asFault } from "../faults.js";
import { tidied } from "../models/wizard_steps.js";
import { toast } from "./notices.js";

/**
 * A campaign in the making. What is typed is kept on this device at once and on the server moments
 * later; a page or a server that dies in between loses nothing.
 *
 * @typedef {{ id: string, step: string, thread_id: string | null, status: string, updated_at: string,
 *   answers: Record<string, Record<string, any>> }} Wizard
 * @typedef {import("./desk.js").Desk} Desk
 */

const PREFIX = "ttrpg.wizard.";
const SOON = 400;
const AGAIN = 3000;

export class WizardSheet {
  #desk;
  #known;
  #dirty = /** @type {Record<string, any>} */ ({});
  #timer = /** @type {ReturnType<typeof setTimeout> | undefined} */ (undefined);
  #saving = /** @type {Promise<void> | null} */ (null);

  wizard;
  /** By name with a dot: `basics.name`. */
  answers = signal(/** @type {Record<string, any>} */ ({}));
  step = signal("basics");
  standing = signal(/** @type {"saved" | "saving" | "waiting"} */ ("saved"));

  /** @param {Desk} desk @param {Wizard} wizard */
  constructor(desk, wizard) {
    this.#desk = desk;
    this.wizard = signal(wizard);
    this.#known = flat(wizard.answers);
    this.#dirty = recall(wizard.id);
    this.answers.value = { ...this.#known, ...this.#dirty };
    this.step.value = wizard.step;
    if (Object.keys(this.#dirty).length > 0) this.#soon();
  }

  get id() {
    return this.wizard.peek().id;
  }

  /** Attends to what other windows and accepted proposals put in. @returns {() => void} */
  attend() {
    const leave = this.#desk.attend({
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

  /** Saves what has not been saved; asked for while it saves, it goes on until nothing is left. */
  save() {
    clearTimeout(this.#timer);
    this.#saving ??= this.#save().finally(() => (this.#saving = null));
    return this.#saving;
  }

  /** Makes the campaign. @returns {Promise<{ id: string }>} */
  async finish() {
    await this.save();
    const { campaign } = await this.#desk.api.post(`/api/wizards/${this.id}/finish`);
    remember(this.id, {});
    return campaign;
  }

  /** @param {string} threadId */
  async link(threadId) {
    this.wizard.value = await this.#desk.api.patch(`/api/wizards/${this.id}`, { thread_id: threadId });
  }

  #soon(after = SOON) {
    this.standing.value = "saving";
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.save(), after);
  }

  async #save() {
    const sent = { ...this.#dirty };
    const answers = Object.fromEntries(Object.entries(sent).map(([name, value]) => [name, tidied(value)]));
    try {
      const wizard = await this.#desk.api.patch(`/api/wizards/${this.id}`, { answers, step: this.step.peek() });
      this.wizard.value = wizard;
      this.#known = flat(wizard.answers);
      for (const [name, value] of Object.entries(sent)) if (this.#dirty[name] === value) delete this.#dirty[name];
      remember(this.id, this.#dirty);
      if (Object.keys(this.#dirty).length > 0) return void (await this.#save());
      this.standing.value = "saved";
    } catch (error) {
      const fault = asFault(error);
      this.standing.value = "waiting";
      if (fault.passing) this.#timer = setTimeout(() => this.save(), AGAIN);
      else toast(fault.detail);
    }
  }

  async #pull() {
    try {
      const wizard = await this.#desk.api.get(`/api/wizards/${this.id}`);
      const now = flat(wizard.answers);
      // Only what was changed there: what is being typed here stays as it is typed.
      const news = Object.entries(now).filter(([name, value]) => !(name in this.#dirty) && !same(value, this.#known[name]));
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
    Object.entries(answers).flatMap(([step, fields]) => Object.entries(fields).map(([name, value]) => [`${step}.${name}`, value])),
  );
}

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
