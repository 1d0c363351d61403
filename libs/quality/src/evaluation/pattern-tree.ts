/** A pattern as a tree, so that it can be seen what follows a `$`: Java's may stand before a last line end, which RE2 matches only by taking it along. */

/** Characters that end a line in Java; RE2 knows the line feed alone. */
export const LINE_ENDS = '\\n\\r\\x{85}\\x{2028}\\x{2029}';
const LAST_LINE_END = `\\r\\n|[${LINE_ENDS}]`;
/** The end of a text, or of its last line, as Java's `$` has it. */
export const AT_END = `(?:${LAST_LINE_END})?\\z`;

/** Java's `$` or `\Z`, never with a quantifier. */
interface End {
  kind: 'end';
}

interface Text {
  kind: 'text';
  text: string;
  /** What it asks of the text: that a character is there, that the place is of some kind, or nothing, as a flag. */
  asks: 'character' | 'place' | 'nothing';
}

interface Group {
  kind: 'group';
  /** `(?:` or, with flags, `(?i:`: no group is captured but the line ends taken along. */
  open: string;
  branches: Branches;
}

export type Atom = End | Text | Group;
export type Piece = Atom & { quantifier: string };
/** Alternatives, each a sequence. */
export type Branches = readonly (readonly Piece[])[];

export const END: Piece = { kind: 'end', quantifier: '' };

/** What is about a piece. */
interface Place {
  /** Whether a match may have come here without a character. */
  isReachedEmpty: boolean;
  /** Whether a match may end here, wherever in the text this is. */
  mayEnd: boolean;
}

/** Whether a piece may be left out. */
export function isOptional({ quantifier }: Piece): boolean {
  return /^(?:[*?]|\{0)/.test(quantifier);
}

/** Whether a piece can match the empty text: at any place, or `atSome`. A `$` before the last line end counts as any. */
function canBeEmpty(piece: Piece, where: 'anywhere' | 'somewhere'): boolean {
  if (isOptional(piece) || piece.kind === 'end') return true;
  if (piece.kind === 'text') return piece.asks === 'nothing' || (piece.asks === 'place' && where === 'somewhere');
  return piece.branches.some((branch) => branch.every((each) => canBeEmpty(each, where)));
}

/**
 * The pattern for RE2. A `$` takes the last line end along where a match may end behind it, and stands for the end of the text alone where not.
 * Where no character need come before it, that line end is captured; `countCaptured` is called for each such group.
 */
export function writeBranches(branches: Branches, place: Place, countCaptured: () => void): string {
  const write = (branch: readonly Piece[]) => branch.map((piece, index) => {
    const isReachedEmpty = place.isReachedEmpty && branch.slice(0, index).every((each) => canBeEmpty(each, 'somewhere'));
    const mayEnd = place.mayEnd && branch.slice(index + 1).every((each) => canBeEmpty(each, 'anywhere'));
    return writePiece(piece, { isReachedEmpty, mayEnd }, countCaptured);
  });
  return branches.map((branch) => write(branch).join('')).join('|');
}

function writePiece(piece: Piece, place: Place, countCaptured: () => void): string {
  if (piece.kind === 'text') return `${piece.text}${piece.quantifier}`;
  if (piece.kind === 'end') return writeEnd(place, countCaptured);
  // A group that must come twice goes on behind its first end.
  const repeats = Number(/^\{(\d+)/.exec(piece.quantifier)?.[1] ?? 1) > 1;
  const mayEnd = place.mayEnd && (!repeats || canBeEmpty({ ...piece, quantifier: '' }, 'anywhere'));
  return `${piece.open}${writeBranches(piece.branches, { ...place, mayEnd }, countCaptured)})${piece.quantifier}`;
}

function writeEnd({ isReachedEmpty, mayEnd }: Place, countCaptured: () => void): string {
  if (!mayEnd) return '\\z';
  if (!isReachedEmpty) return AT_END;
  countCaptured();
  return `(${LAST_LINE_END})?\\z`;
}

const WORD_EDGE: Piece = { kind: 'text', text: '\\b', asks: 'place', quantifier: '' };

/** Every way through the pattern with a word's edge at its end: before a `$`, which asks the same of the same place. */
export function appendWordEdge(branch: readonly Piece[]): Piece[] {
  const last = branch.at(-1);
  if (last?.quantifier !== '') return [...branch, WORD_EDGE];
  if (last.kind === 'end') return [...appendWordEdge(branch.slice(0, -1)), last];
  return last.kind === 'group' ? [...branch.slice(0, -1), { ...last, branches: last.branches.map(appendWordEdge) }] : [...branch, WORD_EDGE];
}
