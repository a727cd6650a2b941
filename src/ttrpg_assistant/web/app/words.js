/**
 * Plain words for stable codes, for what is known only by its code after a reload.
 *
 * @type {Record<string, { detail: string, cure?: string }>}
 */
const WORDS = {
  model_not_configured: { detail: "The chosen model has no key or address yet.", cure: "Enter one in Settings, or go on with the built-in model." },
  model_bad_key: { detail: "The provider does not accept the key.", cure: "Check the key in Settings." },
  model_rate_limited: { detail: "The provider asks us to wait, or the account's quota is used up.", cure: "Wait a moment and ask again." },
  model_overloaded: { detail: "The provider has too much to do.", cure: "Ask again in a moment, or choose another model." },
  model_context_too_long: { detail: "The talk is longer than the model can take in.", cure: "Choose a model with a larger context." },
  model_not_found: { detail: "The provider does not know this model.", cure: "Choose another in Settings." },
  model_unreachable: { detail: "The provider's address does not answer.", cure: "Check the network and the address in Settings." },
  model_cut_off: { detail: "The answer was cut off before its end.", cure: "What arrived is kept." },
  model_stalled: { detail: "The model went silent in the middle of its answer.", cure: "What arrived is kept." },
  model_refused: { detail: "The provider's own filter stopped the answer.", cure: "Say it in other words, or choose another model." },
  model_bad_answer: { detail: "The provider answered with something that could not be read.", cure: "Ask again, or choose another model." },
};

/** @param {string | null | undefined} code @returns {{ detail?: string, cure?: string }} */
export function faultWords(code) {
  return (code && WORDS[code]) || {};
}
