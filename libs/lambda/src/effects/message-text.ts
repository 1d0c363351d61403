/** Texts cut to what a service takes. */

/** At most `most` characters, the last of them `…` where something was cut off. */
export function shorten(text: string, most: number): string {
  if (text.length <= most) return text;
  // Half of a character outside the basic plane is no text.
  return `${text.slice(0, most - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

/** SNS takes subjects of at most 100 printable ASCII characters: https://docs.aws.amazon.com/sns/latest/api/API_Publish.html */
export function toSubject(text: string): string {
  const ascii = text.normalize('NFKD').replace(/…/g, '...').replace(/[’‘]/g, "'").replace(/[“”]/g, '"').replace(/\s+/g, ' ').replace(/[^\x20-\x7e]/g, '').trim();
  return ascii.length <= 100 ? ascii : `${ascii.slice(0, 97)}...`;
}
