// The verdicts of a client's run: counts what is right, ends the program at the first wrong answer.
import { isDeepStrictEqual, inspect } from 'node:util';
import { createHash } from 'node:crypto';

let right = 0;

export function check(condition, what) {
  if (!condition) {
    console.log(`WRONG: ${what}`);
    process.exit(1);
  }
  right += 1;
}

export function equal(found, wanted, what) {
  check(isDeepStrictEqual(found, wanted), `${what}: found ${inspect(found)}, wanted ${inspect(wanted)}`);
}

/** The call must be refused with this error type. */
export async function refused(type, call, what) {
  try {
    await call();
  } catch (error) {
    equal(error.name, type, `${what} (${error.message})`);
    return;
  }
  check(false, `${what} was not refused with ${type}`);
}

/** Calls `ask` until `enough(answer)`; the last answer. */
export async function until(ask, enough, what, seconds = 20) {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const answer = await ask();
    if (enough(answer)) return answer;
    check(Date.now() < end, `${what} within ${seconds} s: last answer ${inspect(answer, { depth: 6 })}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

export const hashOf = (key) => BigInt(`0x${createHash('md5').update(key).digest('hex')}`);

export const shardId = (number) => `shardId-${String(number).padStart(12, '0')}`;

export const rightAnswers = () => right;
