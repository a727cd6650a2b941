/** How far things and facts are part of the story. */
export const canon = {
  moved: (/** @type {string} */ name, /** @type {string} */ step) => `${name}: ${step}`,
  stepsOf: (/** @type {string} */ label, /** @type {string} */ name) => `${label} of “${name}”`,
  canon: "Canon",
  from: "From",
  anyStep: "Canon: any",
};
