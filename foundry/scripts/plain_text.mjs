/** Text and HTML, each as the other. */

/** What a page of HTML says, a line for each paragraph. Nothing in it is loaded or run.
 * @param {string} html
 * @returns {string}
 */
export function textOf(html) {
  const page = new DOMParser().parseFromString(html, "text/html");
  for (const end of page.querySelectorAll("br, p, div, li, h1, h2, h3, h4, h5, h6, tr")) {
    end.append("\n");
  }
  return (page.body.textContent ?? "").replace(/\n{3,}/g, "\n\n").trim();
}

/** A text as paragraphs of HTML in which nothing is markup.
 * @param {string} text
 * @returns {string}
 */
export function htmlOf(text) {
  const page = document.implementation.createHTMLDocument("");
  for (const part of text.split("\n")) {
    const paragraph = page.createElement("p");
    paragraph.textContent = part;
    page.body.append(paragraph);
  }
  return page.body.innerHTML;
}
