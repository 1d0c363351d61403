/** A check that finds nothing new, which is what most runs are: it may cost one request, or one hash, and no engine. */
import path from 'node:path';
import type { Bench, Section, Verdict } from '../bench';
import { ETAG, startEtagServer, type EtagServer, type NotedRequest } from '../etag-server';
import { interleave } from '../interleave';
import { type ProcessRun, runNode } from '../measured-process';
import { emptyFolder, listLayer, runNsde } from '../nsde-contenders';
import { milliseconds, times } from '../render';
import { ratioOf, type Summary, summarise, summarisePairs } from '../statistics';

const MAX_WALL_MS = 400;

interface Check {
  inlet: ProcessRun[];
  nothing: ProcessRun[];
  /** Of a run that was looked into. */
  engineLoaded: boolean;
  bronzeKept: boolean;
  silverKept: boolean;
}

export async function measureUnchanged(bench: Bench): Promise<Section[]> {
  const zip = await bench.release(bench.sizes.smallRows);
  const server = await startEtagServer(zip);
  try {
    const byValidator = await repeatUnchanged(bench, server.url, server);
    const byBytes = await repeatUnchanged(bench, zip);
    return [describe(bench, byValidator, byBytes)];
  } finally {
    await server.close();
  }
}

type Repeated = Check & { requests: NotedRequest[][] };

/** Publishes once, then runs again and again on the same source. */
async function repeatUnchanged(bench: Bench, source: string, server?: EtagServer): Promise<Repeated> {
  const lake = await emptyFolder(bench, 'lake');
  await runNsde(bench, { source, lake, expect: 'published' });
  server?.takeRequests();
  const before = { bronze: await listLayer(lake, 'bronze'), silver: await listLayer(lake, 'silver') };
  const requests: NotedRequest[][] = [];
  const runAgain = async (options?: { reportFile: string; ask: ['libraries'] }) => {
    const run = await runNsde(bench, { source, lake, expect: 'unchanged' }, options);
    if (server) requests.push(server.takeRequests());
    return run;
  };
  const lookedInto = await runAgain({ reportFile: path.join(bench.workDir, 'report.json'), ask: ['libraries'] });
  const { inlet, nothing } = await interleave(bench.sizes.unchangedRounds, {
    inlet: () => runAgain(),
    nothing: () => runNode(['-e', '0'], { cwd: bench.root }),
  });
  const isKept = async (layer: 'bronze' | 'silver') => (await listLayer(lake, layer)).join('\n') === before[layer].join('\n');
  return { inlet, nothing, requests, engineLoaded: lookedInto.report?.engineLoaded ?? true, bronzeKept: await isKept('bronze'), silverKept: await isKept('silver') };
}

function describe({ sizes }: Bench, byValidator: Repeated, byBytes: Repeated): Section {
  const wall = summarise(byValidator.inlet.map(({ wallMs }) => wallMs));
  return {
    title: 'A source that has not changed',
    text: `The release of ${sizes.smallRows.toLocaleString('en')} rows, published before. Rounds: ${sizes.unchangedRounds}. Over HTTP from 127.0.0.1 with an ETag, and from a file, which has none and so is hashed.`,
    header: ['process', 'wall time', 'times `node -e 0`'],
    rows: [row('unchanged by validator', byValidator), row('unchanged by bytes', byBytes)],
    verdicts: judge(wall, byValidator, byBytes),
  };
}

function row(name: string, { inlet, nothing }: Repeated): string[] {
  const [ours, nodes] = [inlet, nothing].map((runs) => runs.map(({ wallMs }) => wallMs)) as [number[], number[]];
  return [name, milliseconds(summarise(ours)), times(summarisePairs(ours, nodes, ratioOf))];
}

function judge(wall: Summary, byValidator: Repeated, byBytes: Repeated): Verdict[] {
  const isOneConditional = byValidator.requests.every(([request, ...others]) => request?.ifNoneMatch === ETAG && request.status === 304 && others.length === 0);
  const counts = summarise(byValidator.requests.map((requests) => requests.length));
  const yesNo = (kept: boolean) => (kept ? 'none' : 'some');
  const fact = (what: string, target: string, found: string, met: boolean): Verdict => ({ what, target, found, met, kind: 'fact' });
  return [
    { what: 'unchanged by validator, whole process', target: `under ${MAX_WALL_MS} ms`, found: milliseconds(wall), met: wall.median < MAX_WALL_MS, kind: 'amount' },
    fact('unchanged by validator, requests', 'one, conditional', `${counts.max}${isOneConditional ? ', conditional' : ', not all conditional'}`, isOneConditional),
    fact('unchanged by validator, engine', 'not loaded', byValidator.engineLoaded ? 'loaded' : 'not loaded', !byValidator.engineLoaded),
    fact('unchanged by validator, new bronze files', 'none', yesNo(byValidator.bronzeKept), byValidator.bronzeKept),
    fact('unchanged by bytes, new bronze files', 'none', yesNo(byBytes.bronzeKept), byBytes.bronzeKept),
    fact('unchanged by bytes, new silver files', 'none', yesNo(byBytes.silverKept), byBytes.silverKept),
  ];
}
