/** Repeats contenders in turn (A B A B …), so that none of them has the machine's better minutes to itself. */

/** The results of each contender, one per round. */
export async function interleave<Name extends string, Result>(rounds: number, contenders: Readonly<Record<Name, (round: number) => Promise<Result>>>): Promise<Record<Name, Result[]>> {
  const names = Object.keys(contenders) as Name[];
  const results = Object.fromEntries(names.map((name): [string, Result[]] => [name, []])) as Record<Name, Result[]>;
  for (let round = 0; round < rounds; round++) {
    for (const name of names) results[name].push(await contenders[name](round));
  }
  return results;
}
