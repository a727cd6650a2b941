import { useEffect, useRef } from "preact/hooks";
import { pictureIn, troubleWith } from "../../models/picture_files.js";

/** Who takes what is pasted, the one that came last first: a sheet stands before the page under it. @type {{ current: (file: File) => void }[]} */
const takers = [];

/** A picture that is pasted, wherever the focus is. @param {(file: File) => void} take */
export function usePasted(take) {
  const taker = useRef(take);
  taker.current = take;
  useEffect(() => {
    if (takers.length === 0) addEventListener("paste", pasted);
    takers.push(taker);
    return () => {
      takers.splice(takers.indexOf(taker), 1);
      if (takers.length === 0) removeEventListener("paste", pasted);
    };
  }, []);
}

/** @param {ClipboardEvent} event */
function pasted(event) {
  const { target, clipboardData } = event;
  const file = pictureIn(clipboardData);
  if (!file) return;
  const isWriting = target instanceof Element && target.closest("input:not([type=file]), textarea, [contenteditable]");
  // What has words as well is meant for the text; a picture alone cannot be.
  if (isWriting && (troubleWith(file) || clipboardData?.types.includes("text/plain"))) return;
  event.preventDefault();
  takers.at(-1)?.current(file);
}
