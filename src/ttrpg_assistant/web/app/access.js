import { signal } from "@preact/signals";

/**
 * How this browser is let in: the token or code of the link that was opened is exchanged once for a
 * credential that is kept for this origin (a cookie would also reach other ports of this machine).
 *
 * @typedef {"asking" | "in" | "out"} Standing
 */

const KEY = "ttrpg.credential";

/** The status of an answer to one of too many wrong tokens. */
const SLOWED = 429;

/** Takes the token out of the address bar, before anything else can see it. */
export function takeLaunchToken() {
  const address = new URL(location.href);
  const token = address.searchParams.get("token");
  if (token === null) return null;
  address.searchParams.delete("token");
  history.replaceState(null, "", address.pathname + address.search + address.hash);
  return token;
}

/** The token in what a person pasted: the whole start link, or the token alone. @param {string} text */
export function tokenIn(text) {
  const trimmed = text.trim();
  const found = /[?&]token=([^&#\s]+)/.exec(trimmed);
  return found ? decodeURIComponent(found[1]) : trimmed;
}

export class Access {
  #credential = read();

  /** Whether this browser has been let in. */
  standing = signal(/** @type {Standing} */ ("asking"));

  constructor() {
    addEventListener("storage", (event) => {
      if (event.key !== KEY || !event.newValue) return;
      this.#credential = event.newValue;
      this.standing.value = "in";
    });
  }

  credential() {
    return this.#credential;
  }

  /**
   * @param {import("./api.js").Api} api
   * @param {string | null} token from the start link
   */
  async enter(api, token) {
    // What is kept usually still holds: no need to wait while the token is exchanged.
    if (this.#credential !== null) this.standing.value = "in";
    try {
      if (token !== null && (await this.exchange(api, token))) return;
    } catch (error) {
      if (/** @type {any} */ (error)?.status !== SLOWED) throw error;
    }
    if (this.#credential === null) this.standing.value = "out";
  }

  /**
   * @param {import("./api.js").Api} api
   * @param {string} token
   * @returns {Promise<boolean>} whether the token was accepted; rejects when the server does not
   * answer, or has been sent too many wrong ones
   */
  async exchange(api, token) {
    try {
      const { credential } = await api.post("/api/access", { token });
      this.#keep(credential);
      return true;
    } catch (error) {
      const status = /** @type {any} */ (error)?.status;
      if (typeof status === "number" && status >= 400 && status < 500 && status !== SLOWED) return false;
      throw error;
    }
  }

  /** The server does not know this credential (any more). */
  denied() {
    const stored = read();
    if (stored !== null && stored !== this.#credential) this.#credential = stored;
    else this.standing.value = "out";
  }

  /** @param {string} credential */
  #keep(credential) {
    this.#credential = credential;
    try {
      localStorage.setItem(KEY, credential);
    } catch {
      // A browser that keeps nothing: let in until the page is closed.
    }
    this.standing.value = "in";
  }
}

function read() {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}
