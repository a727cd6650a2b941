import { useEffect, useRef } from "preact/hooks";
import { picturesIn, troubleWith } from "../../models/picture_files.js";

/** Who takes what is pasted, the one that came last first: a sheet stands before the page under it. @type {{ current: (files: File[]) => void }[]} */
const takers = [];

/** Pictures that are pasted, wherever the focus is. @param {(files: File[]) => void} take @param {boolean} [wanted] */
export function usePasted(take, wanted = true) {
  const taker = useRef(take);
  taker.current = take;
  useEffect(() => {
    if (!wanted) return;
    if (takers.length === 0) addEventListener("paste", pasted);
    takers.push(taker);
    return () => {
      takers.splice(takers.indexOf(taker), 1);
      if (takers.length === 0) removeEventListener("paste", pasted);
    };
  }, [wanted]);
}

/** @param {ClipboardEvent} event */
function pasted(event) {
  const { target, clipboardData } = event;
  const files = picturesIn(clipboardData);
  if (files.length === 0) return;
  const isWriting = target instanceof Element && target.closest("input:not([type=file]), textarea, [contenteditable]");
  // What has words as well is meant for the text; a picture alone cannot be.
  if (isWriting && (troubleWith(files[0]) || clipboardData?.types.includes("text/plain"))) return;
  event.preventDefault();
  takers.at(-1)?.current(files);
}
