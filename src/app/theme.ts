import { createStoredChoice } from '../components/stored-choice.ts';

export const themes = ['light', 'dark', 'system'] as const;
export type Theme = (typeof themes)[number];

const choice = createStoredChoice<Theme>('stackmend-theme', ['system', 'light', 'dark']);
export const useTheme = choice.use;
export const chooseTheme = choice.choose;

/** The tokens follow `data-theme`; without it they follow the system. */
function showTheme(): void {
  const theme = choice.get();
  if (theme === 'system') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = theme;
}

/** Shows the theme that was chosen, and each that is chosen from now on, here or in another tab. */
export function followTheme(): void {
  showTheme();
  choice.follow(showTheme);
}
