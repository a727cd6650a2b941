import { ApiFault, faultOf } from "./faults.js";
import { faults } from "./words/en/faults.js";

/** How long an ordinary request may take, in milliseconds. */
const PATIENCE = 15_000;

/**
 * The one opener to the server: JSON in, JSON out, the credential on every request.
 *
 * @typedef {object} Listeners
 * @property {() => void} [onAnswer] the server has answered, whatever it said
 * @property {() => void} [onDenied] the credential is missing or not accepted
 */
export class Api {
  #credential;
  #listeners;

  /** @param {{ credential: () => string | null } & Listeners} options */
  constructor({ credential, ...listeners }) {
    this.#credential = credential;
    this.#listeners = listeners;
  }

  /** @param {string} path @param {{ signal?: AbortSignal }} [options] */
  get(path, options) {
    return this.#send("GET", path, undefined, options);
  }

  /** @param {string} path @param {unknown} [body] @param {{ signal?: AbortSignal, patience?: number }} [options] */
  post(path, body = {}, options) {
    return this.#send("POST", path, body, options);
  }

  /** @param {string} path @param {unknown} body */
  put(path, body) {
    return this.#send("PUT", path, body);
  }

  /** @param {string} path @param {unknown} body */
  patch(path, body) {
    return this.#send("PATCH", path, body);
  }

  /** @param {string} path */
  delete(path) {
    return this.#send("DELETE", path);
  }

  /**
   * Opens a stream of server-sent events. With a body it is asked for by POST.
   * @param {string} path
   * @param {{ signal: AbortSignal, lastEventId?: string | null, body?: unknown }} options
   * @returns {Promise<Response>} a response with status 200
   */
  async stream(path, { signal, lastEventId = null, body }) {
    const headers = this.#headers({ Accept: "text/event-stream" });
    if (lastEventId !== null) headers["Last-Event-ID"] = lastEventId;
    /** @type {RequestInit} */
    const init = { headers, signal, cache: "no-store" };
    if (body !== undefined) {
      headers["Content-Type"] = "application/json";
      Object.assign(init, { method: "POST", body: JSON.stringify(body) });
    }
    const response = await this.#fetch(path, init);
    if (response.status !== 200) throw await this.#refusal(response);
    return response;
  }

  /**
   * Fetches a file, piece by piece, so that a large one is never held whole in the page's memory.
   * @param {string} path
   * @param {{ signal: AbortSignal, onBytes: (received: number) => void }} options
   * @returns {Promise<{ file: Blob, name: string }>}
   */
  async download(path, { signal, onBytes }) {
    const response = await this.#fetch(path, { headers: this.#headers({}), signal, cache: "no-store" });
    if (!response.ok) throw await this.#refusal(response);
    let received = 0;
    const counted = new TransformStream({
      transform(/** @type {Uint8Array} */ piece, to) {
        received += piece.byteLength;
        onBytes(received);
        to.enqueue(piece);
      },
    });
    try {
      const file = await new Response(response.body?.pipeThrough(counted), { headers: response.headers }).blob();
      return { file, name: nameIn(response.headers.get("Content-Disposition")) };
    } catch (error) {
      throw noAnswer(error);
    }
  }

  /**
   * Fetches a picture; its bytes never change, so that the browser may keep them.
   * @param {string} path @returns {Promise<Blob>}
   */
  async picture(path) {
    const response = await this.#fetch(path, { headers: this.#headers({}) });
    if (!response.ok) throw await this.#refusal(response);
    try {
      return await response.blob();
    } catch (error) {
      throw noAnswer(error);
    }
  }

  /**
   * Sends a file as it is on the disk.
   * @param {string} path @param {Blob} file
   * @param {{ signal: AbortSignal, onBytes: (sent: number) => void }} options
   * @returns {Promise<any>}
   */
  upload(path, file, { signal, onBytes }) {
    return new Promise((resolve, reject) => {
      const request = new XMLHttpRequest(); // fetch cannot say how much it has sent
      request.open("POST", path);
      for (const [name, value] of Object.entries(this.#headers({ Accept: "application/json" })))
        request.setRequestHeader(name, value);
      request.setRequestHeader("Content-Type", "application/octet-stream");
      request.upload.onprogress = (event) => onBytes(event.loaded);
      request.onerror = () => reject(noAnswer(null));
      request.onabort = () => reject(noAnswer(new DOMException("", "AbortError")));
      request.onload = async () => {
        this.#listeners.onAnswer?.();
        const response = new Response(request.status === 204 ? null : request.responseText, { status: request.status });
        resolve(response.ok ? response.json() : Promise.reject(await this.#refusal(response)));
      };
      signal.addEventListener("abort", () => request.abort(), { once: true });
      request.send(file);
    });
  }

  /**
   * @param {string} method @param {string} path @param {unknown} [body]
   * @param {{ signal?: AbortSignal, patience?: number }} [options]
   * @returns {Promise<any>}
   */
  async #send(method, path, body, { signal, patience = PATIENCE } = {}) {
    const timeout = AbortSignal.timeout(patience);
    const headers = this.#headers({ Accept: "application/json" });
    if (body !== undefined) headers["Content-Type"] = "application/json";
    const response = await this.#fetch(path, {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
      cache: "no-store",
    });
    if (!response.ok) throw await this.#refusal(response);
    if (response.status === 204) return null;
    try {
      return await response.json();
    } catch (error) {
      throw noAnswer(error);
    }
  }

  /** @param {string} path @param {RequestInit} init */
  async #fetch(path, init) {
    try {
      const response = await fetch(path, { ...init, credentials: "omit", redirect: "error" });
      this.#listeners.onAnswer?.();
      return response;
    } catch (error) {
      throw noAnswer(error);
    }
  }

  /** @param {Response} response */
  async #refusal(response) {
    const fault = await faultOf(response);
    if (fault.status === 401) this.#listeners.onDenied?.();
    return fault;
  }

  /** @param {Record<string, string>} headers */
  #headers(headers) {
    const credential = this.#credential();
    return credential ? { ...headers, Authorization: `Bearer ${credential}` } : headers;
  }
}

/** The name that a file comes with. @param {string | null} disposition */
function nameIn(disposition) {
  const encoded = /filename\*=UTF-8''([^;]+)/.exec(disposition ?? "")?.[1];
  return encoded ? decodeURIComponent(encoded) : "talk";
}

/** @param {unknown} error */
function noAnswer(error) {
  if (error instanceof DOMException && error.name === "TimeoutError") {
    return new ApiFault({ code: "timed_out", detail: faults.noAnswerInTime });
  }
  if (error instanceof DOMException && error.name === "AbortError") {
    return new ApiFault({ code: "aborted", detail: faults.cancelled });
  }
  return new ApiFault({
    code: "unreachable",
    detail: faults.unreachable,
    cure: faults.checkRunning,
  });
}
