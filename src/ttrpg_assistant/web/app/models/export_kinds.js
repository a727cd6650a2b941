import { archives } from "../words/en/archives.js";
import { exporting as words } from "../words/en/exporting.js";

/**
 * What can be exported, and where it is fetched from.
 *
 * @typedef {{ id: string, label: string, words: string, path: string, group?: string,
 *   option?: { label: string, query: string } }} FileKind `option` is one more choice, and what it adds to the path
 */

/** Of one conversation. @param {string} id @returns {FileKind[]} */
export function talkKinds(id) {
  const path = `/api/conversations/${id}/export`;
  return [
    { id: "markdown", label: archives.markdown, words: archives.markdownWords, path: `${path}?format=markdown` },
    { id: "jsonl", label: archives.jsonLines, words: archives.jsonLinesWords, path: `${path}?format=jsonl` },
  ];
}

/** Of a campaign. @param {string} id @returns {FileKind[]} */
export function campaignKinds(id) {
  const path = `/api/campaigns/${id}`;
  const as = (/** @type {string} */ format) => `${path}/export?format=${format}`;
  const forPlayers = { label: words.forPlayers, query: "&edition=players" };
  const withGmOnly = { label: words.withGmOnly, query: "&secrets=true" };
  return [
    {
      id: "archive",
      group: words.toKeep,
      label: archives.everything,
      words: archives.everythingWords,
      path: `${path}/archive`,
    },
    { id: "vault", group: words.toRead, label: words.vault, words: words.vaultWords, path: as("vault") },
    {
      id: "players-vault",
      group: words.toRead,
      label: words.playersVault,
      words: words.playersVaultWords,
      path: as("players-vault"),
    },
    {
      id: "book.pdf",
      group: words.toRead,
      label: words.bookPdf,
      words: words.bookPdfWords,
      path: as("book.pdf"),
      option: forPlayers,
    },
    {
      id: "book.html",
      group: words.toRead,
      label: words.bookHtml,
      words: words.bookHtmlWords,
      path: as("book.html"),
      option: forPlayers,
    },
    {
      id: "book.md",
      group: words.toRead,
      label: words.bookMarkdown,
      words: words.bookMarkdownWords,
      path: as("book.md"),
      option: forPlayers,
    },
    {
      id: "markdown",
      group: words.toRead,
      label: archives.allMarkdown,
      words: archives.allMarkdownWords,
      path: `${path}/talk?format=markdown`,
    },
    { id: "foundry", group: words.forPrograms, label: words.foundry, words: words.foundryWords, path: as("foundry") },
    { id: "kanka", group: words.forPrograms, label: words.kanka, words: words.kankaWords, path: as("kanka") },
    {
      id: "sillytavern",
      group: words.forPrograms,
      label: words.worldInfo,
      words: words.worldInfoWords,
      path: `${path}/lorebook?format=sillytavern`,
      option: withGmOnly,
    },
    {
      id: "lorebook",
      group: words.forPrograms,
      label: words.lorebook,
      words: words.lorebookWords,
      path: `${path}/lorebook?format=v3`,
      option: withGmOnly,
    },
    {
      id: "jsonl",
      group: words.forPrograms,
      label: archives.allJsonLines,
      words: archives.jsonLinesWords,
      path: `${path}/talk?format=jsonl`,
    },
  ];
}

/** Of an NPC. @param {string} id @returns {FileKind[]} */
export function cardKinds(id) {
  const as = (/** @type {string} */ container, /** @type {string} */ version) =>
    `/api/npcs/${id}/card?container=${container}&format=${version}`;
  const option = { label: words.withSecrets, query: "&secrets=true" };
  return [
    { id: "png", label: words.cardPng, words: words.cardPngWords, path: as("png", "v3"), option },
    { id: "charx", label: words.cardCharx, words: words.cardCharxWords, path: as("charx", "v3"), option },
    { id: "v3", label: words.cardV3, words: words.cardV3Words, path: as("json", "v3"), option },
    { id: "v2", label: words.cardV2, words: words.cardV2Words, path: as("json", "v2"), option },
  ];
}
