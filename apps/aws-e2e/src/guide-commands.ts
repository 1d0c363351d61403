/** Which commands a guide tells people to run on AWS, and whether one of them has been run: by its words and options, whatever the values. */

interface Shape {
  words: readonly string[];
  options: ReadonlySet<string>;
}

/** Where the emulator is, what stands for the source, and the form of the output: a rehearsal may add these. */
const ADDED = new Set(['--app', '--context', '--format', '--json', '--output', '--region', '--source']);

/** `npx nx synth|diff|deploy …` and `npx inlet … --aws` of a page, in shell blocks and between backquotes, each once. */
export function listAwsCommands(markdown: string): string[] {
  const quoted = [...markdown.matchAll(/`(npx [^`\n]+)`/g)].map(([, text = '']) => text);
  const blocks = [...markdown.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].flatMap(([, body = '']) => body.replace(/\\\n\s*/g, '').split('\n'));
  const lines = [...quoted, ...blocks].map((line) => line.replace(/\s+#\s.*$/, '').trim());
  return [...new Set(lines.filter((line) => /^npx nx (synth|diff|deploy) /.test(line) || /^npx inlet .*--aws\b/.test(line)))];
}

/** Whether one of the commands run, each as its arguments, is this one with other values and with no more than the additions of a rehearsal. */
export function isRehearsed(command: string, run: readonly (readonly string[])[]): boolean {
  const wanted = shapeOf(splitWords(command.replace(/^npx /, '')));
  return run.map(shapeOf).some(({ words, options }) => {
    const isSame = words.length === wanted.words.length && words.every((word, index) => word === wanted.words[index]);
    return isSame && [...wanted.options].every((option) => options.has(option)) && [...options].every((option) => wanted.options.has(option) || ADDED.has(option));
  });
}

/** The words before the first option: text of several words, such as a query, is a value like any other. */
function shapeOf(args: readonly string[]): Shape {
  const first = args.findIndex((arg) => arg.startsWith('-'));
  const words = first < 0 ? args : args.slice(0, first);
  return {
    words: words.map((word) => (/\s/.test(word) ? '…' : word)),
    options: new Set(args.filter((arg) => arg.startsWith('--')).map((arg) => arg.replace(/=.*$/s, ''))),
  };
}

function splitWords(line: string): string[] {
  return [...line.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(([, double, single, plain]) => double ?? single ?? plain ?? '');
}
