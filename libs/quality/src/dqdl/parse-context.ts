/** What the parts of the parser share while they read one text. */
import type { Problems } from './problems';
import type { Label, RulesetWarning, Variable } from './ruleset';
import type { TokenReader } from './token-reader';

export interface ParseContext {
  readonly reader: TokenReader;
  readonly problems: Problems;
  readonly warnings: RulesetWarning[];
  readonly variables: Map<string, Variable>;
  readonly defaultLabels: Label[];
  /** False after a header that could not be read to its end: then a variable may be defined although it is not among them. */
  areVariablesKnown: boolean;
}
