export { printSuggestions } from './print-suggestions';
export { suggestRules, type Suggestion } from './suggest-rules';
