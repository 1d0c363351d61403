/** A Markdown page as a person follows it: files to save, commands to paste, and lines that those commands print. */

export interface DocumentedCommand {
  /** Without its note. */
  line: string;
  /** What the page promises with `# exits 3`; 0 where it says nothing. */
  exitCode: number;
  /** Why it needs a person: another program than Inlet, or `# online …`. */
  notRun?: string;
  /** `# needs <file>`: a file that not every machine has. */
  needs?: string;
}

export type DocumentedStep =
  | { kind: 'file'; path: string; text: string }
  /** The lines are those of the `text` blocks up to the next step. */
  | { kind: 'commands'; commands: DocumentedCommand[]; shown: string[] };

const FENCE = /^```(\w+)(?: (\S+))?\n([\s\S]*?)^```$/gm;
const NOTE = /\s+# (?:exits (?<code>\d+)|needs (?<needs>\S+)|(?<online>online\b.*)|.*)$/;
/** What the pages call a program for that a test has no business with. */
const FOR_PEOPLE: readonly [RegExp, string][] = [
  [/^npm (?!start\b)/, 'npm itself'],
  [/^npx (?!inlet\b)/, 'the workspace\'s tools'],
  [/^git /, 'git'],
];

/** Blocks fenced as `sh` are commands, `text` after them is what they print, and a block fenced as `json a/b.json` is a file to save as a/b.json. */
export function readPage(markdown: string): DocumentedStep[] {
  const steps: DocumentedStep[] = [];
  for (const [, language, path, body = ''] of markdown.matchAll(FENCE)) {
    const last = steps.at(-1);
    if (language === 'sh') steps.push({ kind: 'commands', commands: readCommands(body), shown: [] });
    else if (path !== undefined) steps.push({ kind: 'file', path, text: body });
    else if (language === 'text' && last?.kind === 'commands') last.shown.push(...body.split('\n').filter((line) => !/^…?$/.test(line.trim())));
  }
  return steps;
}

/** A line that ends in a backslash goes on in the next. */
function readCommands(block: string): DocumentedCommand[] {
  return block.replace(/\\\n\s*/g, '').split('\n').filter((line) => /^[^#\s]/.test(line)).map(readCommand);
}

function readCommand(text: string): DocumentedCommand {
  const note = NOTE.exec(text);
  const line = note ? text.slice(0, note.index) : text;
  const { code, needs, online } = note?.groups ?? {};
  const notRun = online ?? FOR_PEOPLE.find(([pattern]) => pattern.test(line))?.[1];
  return { line, exitCode: Number(code ?? 0), ...(notRun && { notRun }), ...(needs && { needs }) };
}

/** Whether a shown line is among the printed ones, leaving aside spaces, and what differs from run to run. A shown line that ends in `…` is a beginning. */
export function isPrinted(shown: string, printed: readonly string[]): boolean {
  const wanted = settle(shown);
  if (wanted.endsWith('…')) return printed.some((line) => settle(line).startsWith(wanted.slice(0, -1).trimEnd()));
  return printed.some((line) => settle(line) === wanted);
}

function settle(line: string): string {
  return line
    .replace(/\d{8}T\d{6}Z/g, '<start>')
    .replace(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC/g, '<instant>')
    .replace(/version=\d{4}-\d\d-\d\d/g, 'version=<day>')
    .replace(/\d+(?:\.\d+)? m?s\b/g, '<duration>')
    .replace(/\d+(?:\.\d+)? [kMGT]?B free/g, '<size> free')
    .replace(/Node \d+\.\d+\.\d+/g, 'Node <version>')
    .replace(/\s+/g, ' ')
    .trim();
}
