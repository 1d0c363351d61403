/** What `--source` may be on AWS: a function fetches it, so it must be an address that a function can reach. */
import { redactUrl, UsageError } from '@inlet/errors';

/** As the deployed run checks it once more: https, or http on the loopback that an emulator has. */
const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]']);

export function checkRemoteSources(given: readonly string[]): string[] {
  for (const source of given) {
    const url = URL.parse(source);
    if (url?.protocol === 'https:' || (url?.protocol === 'http:' && LOOPBACK.has(url.hostname))) continue;
    throw new UsageError({
      what: 'A run on AWS cannot read this source',
      where: url === null ? source : redactUrl(source),
      expected: 'an https URL after --source',
      found: url === null ? 'a path on this machine' : url.protocol.replace(':', ''),
      next: 'Publish the file at a host of the dataset\'s source_hosts, or run it here without --aws.',
    });
  }
  return [...given];
}
