import { computed, signal } from "@preact/signals";

/**
 * Which language model speaks, and which others could.
 *
 * @typedef {import("../../types.js").ModelList} ModelList
 */
export class Models {
  #api;

  list = signal(/** @type {ModelList | null} */ (null));
  fault = signal(/** @type {import("../../faults.js").ApiFault | null} */ (null));

  current = computed(() => this.list.value?.current ?? null);

  /** Whether the built-in model is the one that answers. */
  offline = computed(() => {
    const { current } = this;
    return current.value !== null && current.value.split(":")[0] === "offline";
  });

  /** @param {import("../../api.js").Api} api */
  constructor(api) {
    this.#api = api;
  }

  async load() {
    try {
      this.list.value = await this.#api.get("/api/models");
      this.fault.value = null;
    } catch (error) {
      this.fault.value = /** @type {any} */ (error);
    }
  }

  /** @param {string} model */
  async choose(model) {
    const { current } = await this.#api.put("/api/models/current", { model });
    if (this.list.value) this.list.value = { ...this.list.value, current };
  }

  /** @param {string} provider @param {string} key @param {string | null} baseUrl */
  async setKey(provider, key, baseUrl) {
    const body = baseUrl === null ? { key } : { key, base_url: baseUrl };
    await this.#api.put(`/api/providers/${provider}/key`, body);
    await this.load();
  }

  /** @param {string} provider */
  async forgetKey(provider) {
    await this.#api.delete(`/api/providers/${provider}/key`);
    await this.load();
  }

  /** @param {string} provider @returns {Promise<{ ok: boolean, models: any[], fault?: import("../../types.js").FaultWords | null }>} */
  test(provider) {
    return this.#api.post(`/api/providers/${provider}/test`, {}, { patience: 45_000 });
  }

  /**
   * Asks a model for one word. @param {string} choice
   * @returns {Promise<{ ok: boolean, seconds?: number | null, fault?: import("../../types.js").FaultWords | null }>}
   */
  testModel(choice) {
    return this.#api.post("/api/models/test", { choice }, { patience: 120_000 });
  }

  /**
   * What is set for one model; null goes back to what is found out by itself.
   * @param {string} choice
   * @param {{ context_tokens?: number | null, answer_tokens?: number | null, effort?: import("../../types.js").Effort | null }} limits
   */
  async setLimits(choice, limits) {
    await this.#api.put("/api/models/limits", { choice, ...limits });
    await this.load();
  }

  /** Finds out anew what a model takes. @param {string} choice */
  async forgetLearned(choice) {
    await this.#api.post("/api/models/forget", { choice });
    await this.load();
  }

  /** @param {string} choice @param {{ in: number, cached: number | null, out: number } | null} price */
  async setPrice(choice, price) {
    await this.#api.put("/api/models/price", price === null ? { choice, price } : { choice, ...price });
    await this.load();
  }
}
