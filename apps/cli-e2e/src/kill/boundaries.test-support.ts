/** The seams of a run: each moment between two steps has a name, is told in order, and can be the last. */
import type { RunEvent } from '@inlet/pipeline';

/** Told as a run passes a boundary; may never return. */
export type Mark = (boundary: string) => void;

/** Run ids, hashes, days and member names differ from run to run; the boundary's name does not. */
function withoutIds(name: string): string {
  return name
    .replace(/\d{8}T\d{6}Z-[0-9a-f]{12}/g, '<run>')
    .replace(/sha256=[0-9a-f]{64}/g, 'sha256=<hash>')
    .replace(/version=[\d-]{10}/g, 'version=<day>')
    .replace(/[^\s]*?[\w-]+\.zip/g, (path) => (path.startsWith('raw/') ? path.replace(/[^/]+$/, '<zip>') : '<zip>'));
}

/** Numbers boundaries that recur, and hands each on under a name of its own. */
export function nameBoundaries(pass: Mark): Mark {
  const counts = new Map<string, number>();
  return (boundary) => {
    const name = withoutIds(boundary);
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    pass(count === 1 ? name : `${name} #${count}`);
  };
}

/** A port whose named methods are boundaries: one before the effect, one after it. */
export function markEffects<Port extends object>(port: Port, what: string, methods: readonly (keyof Port)[], mark: Mark): Port {
  return new Proxy(port, {
    get(target, property) {
      const member: unknown = Reflect.get(target, property, target);
      if (typeof member !== 'function') return member;
      if (!methods.includes(property as keyof Port)) return member.bind(target);
      return async (...given: unknown[]) => {
        const keys = given.filter((argument) => typeof argument === 'string' && argument.includes('/') && !argument.startsWith('/') && !argument.includes('\n'));
        const name = [what, String(property), ...keys.slice(0, 1)].join(' ');
        mark(`before ${name}`);
        const result: unknown = await Reflect.apply(member, target, given);
        mark(`after ${name}`);
        return result;
      };
    },
  });
}

/** The boundaries of states; of the progress within a state only the first sign, because the number of signs depends on the time taken. */
export function markStates(mark: Mark): (event: RunEvent) => void {
  const seen = new Set<string>();
  return (event) => {
    if (event.type === 'state-entered') mark(`${event.state} entered`);
    else if (event.type === 'state-exited') mark(`${event.state} exited`);
    else if (event.type === 'state-failed') mark(`${event.state} failed`);
    else if (event.type === 'progress' && !seen.has(`${event.state} ${event.what}`)) {
      seen.add(`${event.state} ${event.what}`);
      mark(`${event.state} under way: ${event.what}`);
    }
  };
}
