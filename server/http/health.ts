import { Router } from 'express';

/** Why the server is not ready, in words that may be shown to anybody; empty when it is. */
export type CheckHealth = () => Promise<string[]>;

/** A container's check waits five seconds or so. */
const MAX_WAIT_MS = 2000;
/** However many ask, the stores are looked at once in this time. */
const FRESH_MS = 1000;

/**
 * `/_health/live/`: the process answers. `/_health/ready/`, and `/_health/`: it can also do its work; 503 with the reasons
 * when not. Under any name and from anywhere, since a container's check asks as it likes and learns no more than this.
 */
export function healthRoutes(check: CheckHealth, now: () => number = Date.now): Router {
  const ask = shareAnswer(check, now);
  const router = Router();
  router.use('/_health', (_req, res, next) => {
    res.setHeader('Cache-Control', 'no-store');
    next();
  });
  router.get('/_health/live/', (_req, res) => void res.json({ status: 'ok' }));
  router.get(['/_health/', '/_health/ready/'], async (_req, res) => {
    const reasons = await withinTime(ask());
    if (reasons.length === 0) res.json({ status: 'ok' });
    else res.status(503).json({ status: 'unavailable', reasons });
  });
  return router;
}

/** One look at a time, and none while the last one is fresh. */
function shareAnswer(check: CheckHealth, now: () => number): CheckHealth {
  let answer: Promise<string[]> | undefined;
  let freshUntil = 0;
  return () => {
    if (answer && now() < freshUntil) return answer;
    // While it is under way nobody asks again, however long it takes.
    freshUntil = Number.POSITIVE_INFINITY;
    answer = check()
      .catch(() => ['The checks themselves failed.'])
      .finally(() => {
        freshUntil = now() + FRESH_MS;
      });
    return answer;
  };
}

function withinTime(answer: Promise<string[]>): Promise<string[]> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(['The checks take longer than two seconds.']), MAX_WAIT_MS);
    void answer.then((reasons) => {
      clearTimeout(timer);
      resolve(reasons);
    });
  });
}
