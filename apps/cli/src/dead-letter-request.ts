/** What a dead letter asks for, as the options of a run. */
import { UsageError } from '@inlet/errors';
import { parseRunRequest, type DeadLetter } from '@inlet/pipeline';
import { inletCommand } from './render/next-commands';
import type { AskedRun, LakeOptions } from './lake';

/** What redactUrl leaves in the place of what may be a secret. */
const REDACTED = '…';

/** Throws UsageError for an input that no run understands, and for a source whose URL was redacted before it was kept. */
export function readLetterRequest({ dataset, input }: DeadLetter, options: LakeOptions): AskedRun {
  const drop = inletCommand(`redrive ${dataset} --drop`, options);
  const { force, engine, sources, replay } = parse(input, drop);
  const redacted = sources.find((source) => source.includes(REDACTED));
  if (redacted !== undefined) {
    throw new UsageError({
      what: 'The dead letter cannot be run again as it is',
      where: redacted,
      expected: 'the whole URL of its source',
      found: 'one without its query or credentials, which are never kept',
      next: `Run it with the source: ${inletCommand(`run ${dataset} --source <url>`, options)}, then take the letter out: ${drop}`,
    });
  }
  return { force, engine, ...(sources.length > 0 && { source: [...sources] }), ...(replay !== undefined && { replay }) };
}

function parse(input: unknown, drop: string): ReturnType<typeof parseRunRequest> {
  try {
    return parseRunRequest(input, { hosts: 'any' });
  } catch (error) {
    if (error instanceof UsageError) throw new UsageError({ what: 'The dead letter is of a run that was asked for wrongly', expected: 'an input that a run understands', found: JSON.stringify(input), next: `Take it out: ${drop}`, cause: error });
    throw error;
  }
}
