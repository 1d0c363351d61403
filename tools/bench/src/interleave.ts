/** Repeats contenders in turn (A B A B …), so that none of them has the machine's better minutes to itself. */

/** The results of each contender, one per round. */
export async function interleave<Results extends Record<string, unknown>>(
  rounds: number,
  contenders: { readonly [Name in keyof Results]: (round: number) => Promise<Results[Name]> },
): Promise<{ [Name in keyof Results]: Results[Name][] }> {
  const names = Object.keys(contenders) as (keyof Results)[];
  const results = Object.fromEntries(names.map((name) => [name, []])) as unknown as { [Name in keyof Results]: Results[Name][] };
  for (let round = 0; round < rounds; round++) {
    for (const name of names) results[name].push(await contenders[name](round));
  }
  return results;
}
