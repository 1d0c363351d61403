/** Whether a text that is not read any closer says a name. */

/** As a word of its own, in capitals or not. */
export const isNamedIn = (text: string, name: string) => new RegExp(`(?<![a-z0-9_])${name}(?![a-z0-9_])`, 'i').test(text);
