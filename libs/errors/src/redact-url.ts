/** URLs may carry licence keys; only this form of one may reach a log, manifest or error. */

/** The URL without user info, and with every query value replaced by `…`. Text that is no URL comes back with its query cut off. */
export function redactUrl(url: string): string {
  let parsed: URL;
  try {
    parsed = new URL(url);
  } catch {
    return url.replace(/\?.*$/s, '?…');
  }
  const names = [...new Set(parsed.searchParams.keys())];
  const query = names.length > 0 ? `?${names.map((name) => `${name}=…`).join('&')}` : '';
  const host = parsed.host === '' ? '' : `//${parsed.host}`;
  return `${parsed.protocol}${host || (parsed.protocol === 'file:' ? '//' : '')}${parsed.pathname}${query}`;
}
