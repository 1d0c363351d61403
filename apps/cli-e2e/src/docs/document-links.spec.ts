/** A link within the documentation leads to something that is there, and every page can be reached from the map. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(__dirname, '../../../..');
const pagesIn = (folder: string) => readdirSync(path.join(root, folder)).filter((name) => name.endsWith('.md')).map((name) => path.posix.join(folder, name));
const pages = ['README.md', 'CONTRIBUTING.md', ...['docs', 'docs/guides', 'docs/reference', 'docs/adr'].flatMap(pagesIn)];

interface Link {
  page: string;
  target: string;
  /** From the repository's root. */
  file: string;
  anchor?: string;
}

function linksOf(page: string): Link[] {
  const prose = readFileSync(path.join(root, page), 'utf8').replace(/^```[\s\S]*?^```$/gm, '').replace(/`[^`\n]*`/g, '');
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z]+:/.test(target))
    .map((target) => {
      const [relative = '', anchor] = target.split('#');
      return { page, target, file: relative === '' ? page : path.posix.join(path.posix.dirname(page), relative), anchor };
    });
}

/** As GitHub makes them, for headings without markup. */
function anchorsOf(page: string): string[] {
  const headings = [...readFileSync(path.join(root, page), 'utf8').matchAll(/^#+ (.+)$/gm)];
  return headings.map(([, title = '']) => title.toLowerCase().replace(/[^\p{L}\p{N} _-]/gu, '').replaceAll(' ', '-'));
}

const links = pages.flatMap(linksOf);

describe('links in the documentation', () => {
  it('are found', () => {
    expect(links.length).toBeGreaterThan(30);
  });

  it('lead to files that are there', () => {
    expect(links.filter(({ file }) => !existsSync(path.join(root, file)))).toEqual([]);
  });

  it('lead to headings that are there', () => {
    const anchored = links.filter(({ anchor }) => anchor !== undefined);
    expect(anchored.length).toBeGreaterThan(0);
    expect(anchored.filter(({ file, anchor }) => !anchorsOf(file).includes(anchor ?? ''))).toEqual([]);
  });
});

describe('the map of the documentation', () => {
  it('names every guide, reference page and decision', () => {
    const mapped = linksOf('docs/README.md').map(({ file }) => file);
    expect(pages.filter((page) => page.startsWith('docs/') && page !== 'docs/README.md' && !mapped.includes(page))).toEqual([]);
  });

  it('lists decisions in the order of their numbers, which are without gaps', () => {
    const numbers = linksOf('docs/README.md').flatMap(({ file }) => /^docs\/adr\/(\d{4})-/.exec(file)?.[1] ?? []);
    expect(numbers).toEqual(pagesIn('docs/adr').sort().map((_page, index) => String(index + 1).padStart(4, '0')));
  });
});

describe.each(pagesIn('docs/adr'))('%s', (page) => {
  it('has a status, a context, a decision and its consequences', () => {
    const text = readFileSync(path.join(root, page), 'utf8');
    const number = Number(path.basename(page).slice(0, 4));
    expect(text).toMatch(new RegExp(`^# ${number}\\. .+\n\nStatus: (accepted|superseded by .+)\\.\n\n## Context\n\n[\\s\\S]+\n## Decision\n\n[\\s\\S]+\n## Consequences\n\n`));
  });
});
