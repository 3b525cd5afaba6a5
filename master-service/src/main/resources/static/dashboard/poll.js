const INTERVAL = 1000;
const LONGEST = 15000;
const TIMEOUT = 5000;

/**
 * Asks again and again while the page is visible: a second after each answer, and after failures
 * twice as long each time, up to 15 s. One request at a time.
 */
export function poll(path, onAnswer, onFailure) {
  let timer = 0;
  let failures = 0;
  let asking = false;

  async function ask() {
    if (asking || document.hidden) {
      return;
    }
    asking = true;
    clearTimeout(timer);
    let delay = INTERVAL;
    let answered = null;
    try {
      answered = await answer(path);
      failures = 0;
    } catch (failure) {
      delay = Math.min(LONGEST, INTERVAL * 2 ** failures);
      failures++;
      onFailure(failure, delay);
    }
    asking = false;
    timer = setTimeout(ask, delay);
    // Last: what fails here is a bug of this page, for the console, and no failure of the master.
    if (answered !== null) {
      onAnswer(answered);
    }
  }

  document.addEventListener('visibilitychange', ask);
  addEventListener('online', ask);
  ask();
}

/** Thrown for an answer that is none of ours: the master was reached. */
export class Refused extends Error {
  constructor(status, detail) {
    super(detail);
    this.status = status;
  }
}

export async function answer(path) {
  // Not the path alone: after http://any:TOKEN@master/ the browser refuses what is relative to that.
  const response = await fetch(new URL(path, location.origin), {
    cache: 'no-store',
    headers: { Accept: 'application/json, application/problem+json' },
    signal: AbortSignal.timeout(TIMEOUT),
  });
  if (response.ok) {
    return response.json();
  }
  const problem = await response.json().catch(() => null);
  throw new Refused(response.status, problem?.detail ?? `The master answered ${response.status}.`);
}
