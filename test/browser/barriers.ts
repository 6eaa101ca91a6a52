import axe from 'axe-core';
import type { Page } from 'playwright-core';

const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const ofTheme = ['color-contrast', 'link-in-text-block'];

/**
 * What axe-core finds on a page as it stands: everything in the light, and what depends on colours in the dark.
 *
 * @param without a selector of what is judged elsewhere
 */
export async function barriersInBothThemes(page: Page, without?: string): Promise<string[]> {
  await page.evaluate(axe.source);
  await page.emulateMedia({ reducedMotion: 'reduce', colorScheme: 'light' });
  const light = await run(page, without, { type: 'tag', values: tags });
  await page.emulateMedia({ reducedMotion: 'reduce', colorScheme: 'dark' });
  const dark = await run(page, without, { type: 'rule', values: ofTheme });
  await page.emulateMedia({ reducedMotion: 'reduce', colorScheme: 'light' });
  return [...light, ...dark.map((each) => `dark ${each}`)];
}

const run = (page: Page, without: string | undefined, runOnly: { type: 'tag' | 'rule'; values: string[] }) =>
  page.evaluate(
    async ([exclude, only]) => {
      const { axe: runner } = window as unknown as { axe: typeof axe };
      const { violations } = await runner.run(
        { include: ['html'], exclude: exclude ? [exclude] : [] },
        { runOnly: only },
      );
      return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`));
    },
    [without, runOnly] as const,
  );
