/**
 * Puts a text into the composer beside a button, where it can be changed before it is sent.
 * @param {EventTarget | null} button @param {string} text
 */
export function writeInto(button, text) {
  const near = button instanceof Element ? button.closest(".talk, .threads__panel, .npc-talk") : null;
  const area = (near ?? document).querySelector(".composer__text");
  if (!(area instanceof HTMLTextAreaElement) || area.disabled) return;
  area.value = text;
  area.dispatchEvent(new InputEvent("input", { bubbles: true }));
  area.focus();
}
