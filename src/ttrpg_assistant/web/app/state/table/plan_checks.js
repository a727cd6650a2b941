import { useRef, useState } from "preact/hooks";
import { checkItem } from "../../models/plan.js";
import { change } from "../campaign/campaign_actions.js";
import { KINDS } from "../campaign/campaign_kinds.js";
import { attempt, toast } from "../notices.js";
import { table } from "../../words/en/table.js";

/** Another device may check off at the same moment, but not for ever. */
const MOST_TRIES = 5;

/** @typedef {{ plan: string, revision: number }} Known */

/**
 * A game session's plan, checked off: at once on the screen, one after another on the server, and
 * over nobody else's check.
 * @param {import("../app.js").App} app @param {any} gameSession
 * @returns {{ plan: string, check: (item: import("../../models/plan.js").PlanItem, done: boolean) => void }}
 */
export function usePlanChecks(app, gameSession) {
  const [shown, setShown] = useState(/** @type {string | null} */ (null));
  const known = useRef(/** @type {Known} */ ({ plan: "", revision: 0 }));
  const line = useRef(Promise.resolve());
  const waiting = useRef(0);
  if (gameSession.revision >= known.current.revision) {
    known.current = { plan: gameSession.plan, revision: gameSession.revision };
  }

  /** @param {import("../../models/plan.js").PlanItem} item @param {boolean} done */
  const save = async (item, done) => {
    for (let tries = 1; ; tries += 1) {
      const { plan, revision } = known.current;
      const next = checkItem(plan, item, done);
      if (next === null) return toast(table.lineGone);
      if (next === plan) return;
      try {
        const saved = await change(app, KINDS.game_session, gameSession, { plan: next }, revision);
        known.current = { plan: saved.plan, revision: saved.revision };
        return;
      } catch (error) {
        const { code, facts } = /** @type {import("../../faults.js").ApiFault} */ (error);
        if (code !== "stale_revision" || tries === MOST_TRIES) throw error;
        const theirs = /** @type {{ plan?: string }} */ (facts.theirs);
        known.current = { plan: theirs.plan ?? plan, revision: Number(facts.revision) };
      }
    }
  };

  return {
    plan: shown ?? known.current.plan,
    check: (item, done) => {
      setShown((now) => checkItem(now ?? known.current.plan, item, done) ?? now);
      waiting.current += 1;
      line.current = line.current.then(async () => {
        await attempt(() => save(item, done));
        waiting.current -= 1;
        // What the server has is the truth again, also where it refused.
        if (waiting.current === 0) setShown(null);
      });
    },
  };
}
