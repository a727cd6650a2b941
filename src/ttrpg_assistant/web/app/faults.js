import { faults } from "./words/en/faults.js";

/**
 * What went wrong, as the page speaks of it: always with a stable code and a plain sentence.
 */
export class ApiFault extends Error {
  /**
   * @param {{ code: string, detail: string, cure?: string | null, status?: number,
   *   retryAfter?: number | null, facts?: Record<string, unknown> }} words
   */
  constructor({ code, detail, cure = null, status = 0, retryAfter = null, facts = {} }) {
    super(detail);
    this.name = "ApiFault";
    this.code = code;
    this.detail = detail;
    this.cure = cure;
    /** HTTP status; 0 when there was no answer. */
    this.status = status;
    /** Seconds the server asks us to wait, or null. */
    this.retryAfter = retryAfter;
    this.facts = facts;
  }

  /** No answer, one that says "not now", or one without content where there should be some. */
  get passing() {
    return this.status < 400 || this.status >= 500 || this.status === 429 || this.status === 408;
  }
}

/** The fault in an answer that is not a success. @param {Response} response */
export async function faultOf(response) {
  /** @type {Record<string, any>} */
  let body = {};
  try {
    body = await response.json();
  } catch {
    // Not JSON: a proxy's page, or a connection cut in mid-answer. The status speaks.
  }
  const { code, detail, cure, type, title, status, ...facts } = body;
  return new ApiFault({
    code: typeof code === "string" ? code : `http_${response.status}`,
    detail: typeof detail === "string" ? detail : plainWords(response.status),
    cure: typeof cure === "string" ? cure : null,
    status: response.status,
    retryAfter: seconds(response.headers.get("Retry-After")),
    facts,
  });
}

/** @param {number} status */
function plainWords(status) {
  if (status === 401) return faults.notSignedIn;
  if (status === 404) return faults.gone;
  if (status === 413) return faults.tooLong;
  if (status >= 500) return faults.serverFailed;
  return faults.refused;
}

/** @param {string | null} header */
function seconds(header) {
  const value = Number(header);
  return header !== null && Number.isFinite(value) && value >= 0 ? value : null;
}

/** Any thrown thing as a fault the page can show; a bug stays a bug. @param {unknown} error */
export function asFault(error) {
  if (error instanceof ApiFault) return error;
  throw error;
}
